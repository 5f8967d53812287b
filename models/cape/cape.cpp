#include "models/cape/cape.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

namespace cytocape {
namespace {

/// Softmax in place over `count` values `stride` apart. By subtraction of the largest and one
/// division rather than through logarithms: the sum is then 1 to the last bits even where logits
/// are so large that a difference of logarithms would have lost them.
void softmax(double* x, std::size_t count, std::size_t stride) {
  double largest = x[0];
  for (std::size_t i = 1; i < count; ++i) largest = std::max(largest, x[i * stride]);
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    x[i * stride] = std::exp(x[i * stride] - largest);
    sum += x[i * stride];
  }
  for (std::size_t i = 0; i < count; ++i) x[i * stride] /= sum;
}

/// softmax_i(W): the share of each position, which the classes then divide.
std::vector<double> position_shares(std::span<const double> logits, std::size_t classes,
                                    std::size_t positions, double t2) {
  std::vector<double> share(positions, 0.0);
  for (std::size_t c = 0; c < classes; ++c) {
    for (std::size_t i = 0; i < positions; ++i) share[i] += logits[c * positions + i];
  }
  const double scale = std::exp(-t2) / static_cast<double>(classes);
  for (auto& value : share) value *= scale;
  softmax(share.data(), positions, 1);
  return share;
}

}  // namespace

void cape_map(std::span<const double> logits, int classes, int positions, CapeScales scales,
              std::span<double> map, std::span<double> probability) {
  const auto class_count = static_cast<std::size_t>(classes);
  const auto n = static_cast<std::size_t>(positions);
  const auto share = position_shares(logits, class_count, n, scales.t2);
  const double scale = std::exp(-scales.t1);
  for (std::size_t k = 0; k < class_count * n; ++k) map[k] = logits[k] * scale;
  for (std::size_t i = 0; i < n; ++i) softmax(map.data() + i, class_count, n);
  for (std::size_t c = 0; c < class_count; ++c) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
      map[c * n + i] *= share[i];
      sum += map[c * n + i];
    }
    probability[c] = sum;
  }
}

void ordinary_prediction(std::span<const float> logits, int positions,
                         std::span<double> probability) {
  const auto n = static_cast<std::size_t>(positions);
  for (std::size_t c = 0; c < probability.size(); ++c) {
    const auto map = logits.subspan(c * n, n);
    probability[c] = std::accumulate(map.begin(), map.end(), 0.0) / positions;
  }
  softmax(probability.data(), probability.size(), 1);
}

}  // namespace cytocape
