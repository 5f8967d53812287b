#pragma once

/// What goldens.py computed in PyTorch, and the numbers that both programs make for themselves.

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <utility>

#include "io/random.hpp"
#include "models/cape/cape.hpp"
#include "models/data/safetensors.hpp"
#include "models/network/network.hpp"
#include "models/network/weights.hpp"

namespace cytocape::testing {

/// One golden file, read by the reader that model files pass through.
class Golden {
 public:
  explicit Golden(const std::string& name)
      : file_(SafetensorsFile::open(std::string(CYTOCAPE_SOURCE_DIR) + "/tests/models/parity/" +
                                    name + ".safetensors")) {}

  [[nodiscard]] torch::Tensor operator[](const std::string& name) const {
    return detail::to_tensor(file_.at(name));
  }

 private:
  SafetensorsFile file_;
};

/// Uniform in [low, high), float64: as noise() in golden_file.py.
inline torch::Tensor noise(const std::string& name, torch::IntArrayRef shape, double low,
                           double high) {
  auto numbers = torch::empty(shape, torch::kFloat64);
  detail::SplitMix64 random(detail::seed_of(name));
  auto* next = numbers.data_ptr<double>();
  for (std::int64_t i = 0; i < numbers.numel(); ++i) *next++ = random.uniform(low, high);
  return numbers;
}

/// As bounds() in network_state.py.
inline std::pair<double, double> bounds_of(const std::string& name, const torch::Tensor& tensor,
                                           std::int64_t features) {
  if (name.ends_with("running_var")) return {0.5, 2.0};
  if (name.ends_with("running_mean") || name.ends_with("bias")) return {-0.2, 0.2};
  if (name.ends_with(".T")) return {-0.5, 0.5};
  if (!name.starts_with("classifiers.") && tensor.dim() != 4) return {0.3, 0.9};
  const double reach = tensor.dim() == 4
                           ? std::sqrt(6.0 / static_cast<double>(tensor.numel() / tensor.size(0)))
                           : 3.0 / std::sqrt(static_cast<double>(features));
  return {-reach, reach};
}

/// The tensor `<prefix>.<name>` of fill() in network_state.py, float64 rounded to float32.
inline torch::Tensor state_number(const std::string& prefix, const std::string& name,
                                  const torch::Tensor& like, std::int64_t features) {
  const auto [low, high] = bounds_of(name, like, features);
  return noise(prefix + "." + name, like.sizes(), low, high).to(torch::kFloat32);
}

/// fill() of network_state.py.
inline void fill(detail::CapeNet& network, const std::string& prefix) {
  const torch::NoGradGuard no_grad;
  for (auto& [name, tensor] : detail::named_state(network)) {
    tensor.copy_(state_number(prefix, name, tensor, network.backbone().channels()));
  }
}

/// [norm, product with fixed noise] of one tensor, as a row of summary() in network_state.py.
inline std::pair<double, double> summary_of(const std::string& name, const torch::Tensor& tensor) {
  const auto wide = tensor.detach().to(torch::kFloat64).contiguous();
  const auto direction = noise("direction." + name, wide.sizes(), -1, 1);
  return {wide.norm().item<double>(), (wide * direction).sum().item<double>()};
}

struct CapeMaps {
  torch::Tensor map;         ///< P, [B, C, h, w], float64
  torch::Tensor prediction;  ///< p, [B, C]
};

/// cape_map() of each crop's class maps, [B, C, h, w].
inline CapeMaps cape_maps_of(const torch::Tensor& logits, CapeScales scales) {
  const auto wide = logits.detach().to(torch::kFloat64).contiguous();
  const auto positions = wide.size(2) * wide.size(3);
  CapeMaps maps{torch::empty_like(wide),
                torch::empty({wide.size(0), wide.size(1)}, torch::kFloat64)};
  const auto numbers = [](const torch::Tensor& crop) {
    return std::span(crop.data_ptr<double>(), static_cast<std::size_t>(crop.numel()));
  };
  for (std::int64_t b = 0; b < wide.size(0); ++b) {
    cape_map(numbers(wide[b]), static_cast<int>(wide.size(1)), static_cast<int>(positions), scales,
             numbers(maps.map[b]), numbers(maps.prediction[b]));
  }
  return maps;
}

/// Largest difference as a share of the largest number wanted. NaN stays NaN, and so fails.
inline double relative_difference(const torch::Tensor& found, const torch::Tensor& wanted) {
  const auto ours = found.detach().to(torch::kFloat64).reshape({-1});
  const auto theirs = wanted.to(torch::kFloat64).reshape({-1});
  const auto largest = theirs.abs().max().item<double>();
  return (ours - theirs).abs().max().item<double>() / std::max(largest, 1e-300);
}

/// Within `allowed` of the largest number wanted.
inline ::testing::AssertionResult agrees(const torch::Tensor& found, const torch::Tensor& wanted,
                                         double allowed) {
  if (found.numel() != wanted.numel()) {
    return ::testing::AssertionFailure() << found.sizes() << " numbers, not " << wanted.sizes();
  }
  const double difference = relative_difference(found, wanted);
  if (difference <= allowed) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure()
         << "relative difference " << difference << ", allowed " << allowed;
}

}  // namespace cytocape::testing
