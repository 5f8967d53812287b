#include "models/engine/classifier.hpp"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>

#include "io/errors.hpp"
#include "models/engine/device.hpp"
#include "models/engine/engine.hpp"
#include "models/network/weights.hpp"

namespace cytocape {
namespace {

/// Crops a forward pass takes on a CPU: fewer than a batch, so that a layer's output is still in
/// the cache when the next one reads it (measured: docs/decisions/0002-model-file.md).
constexpr std::int64_t kCropsPerPass = 16;

const char* name_of(torch::ScalarType dtype) {
  if (dtype == torch::kBFloat16) return "bfloat16";
  return dtype == torch::kFloat16 ? "half" : "float32";
}

class CpuClassifier : public Classifier {
 public:
  CpuClassifier(std::unique_ptr<detail::Engine> engine, torch::ScalarType dtype, int batch)
      : engine_(std::move(engine)),
        description_(fmt::format("cpu, {} ({})", name_of(dtype), engine_->why_dtype)),
        batch_(batch) {}

  [[nodiscard]] const ModelCard& card() const override { return engine_->card; }
  [[nodiscard]] const std::string& sha256() const override { return engine_->sha256; }
  [[nodiscard]] std::string device_description() const override { return description_; }
  [[nodiscard]] bool on_cpu() const override { return true; }
  [[nodiscard]] int map_height() const override { return engine_->map_size()[0]; }
  [[nodiscard]] int map_width() const override { return engine_->map_size()[1]; }

  [[nodiscard]] CapeScales scales() const override { return engine_->scales; }

  [[nodiscard]] ClassMaps classify(std::span<const std::uint8_t> crops,
                                   std::int64_t count) const override {
    return detail::maps_of(*engine_, run(crops, count), count);
  }
  [[nodiscard]] ClassLogits logits(std::span<const std::uint8_t> crops,
                                   std::int64_t count) const override {
    return detail::logits_of(*engine_, run(crops, count), count);
  }

 private:
  [[nodiscard]] detail::HostOutput run(std::span<const std::uint8_t> crops,
                                       std::int64_t count) const {
    detail::check_crops(*engine_, crops.size(), count, batch_);
    detail::use_one_thread();
    const torch::InferenceMode guard;
    const std::int64_t px = engine_->card.input_px;
    // from_blob takes a pointer to mutable bytes and only reads them.
    const auto all = torch::from_blob(const_cast<std::uint8_t*>(crops.data()), {count, px, px, 3},
                                      torch::kUInt8);
    std::vector<torch::Tensor> parts;
    std::vector<torch::Tensor> embeddings;
    for (std::int64_t first = 0; first < count; first += kCropsPerPass) {
      const auto part = all.narrow(0, first, std::min(kCropsPerPass, count - first));
      const auto maps = engine_->run(detail::normalise(part, engine_->card));
      parts.push_back(detail::stacked(maps, part.size(0)));
      if (maps.embedding.defined()) embeddings.push_back(maps.embedding);
    }
    detail::HostOutput output{.logits = detail::to_host(torch::cat(parts, 1)), .embedding = {}};
    if (!embeddings.empty()) output.embedding = detail::to_host(torch::cat(embeddings));
    return output;
  }

  std::unique_ptr<detail::Engine> engine_;
  std::string description_;
  int batch_;
};

}  // namespace

std::unique_ptr<Classifier> Classifier::load(const std::filesystem::path& path,
                                             const ClassifierOptions& options) {
  if (options.batch < 1) {
    throw ConfigError(fmt::format("batch {}: use at least 1", options.batch));
  }
  const auto device = detail::parse_device(options.device);
  auto engine = detail::load_engine(path, device, options.precision);
  const auto target = engine->runs_on;
  if (device.is_cuda()) {
    return detail::make_cuda_classifier(std::move(engine), target, options.batch);
  }
  return std::make_unique<CpuClassifier>(std::move(engine), target.dtype, options.batch);
}

}  // namespace cytocape
