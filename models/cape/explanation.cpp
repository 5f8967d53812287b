#include "models/cape/explanation.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace cytocape {
namespace {

std::size_t positions_of(const ClassLogits& logits) {
  return static_cast<std::size_t>(logits.height) * static_cast<std::size_t>(logits.width);
}

/// One crop's maps of all classes, of one head.
std::span<const float> maps_of(const ClassLogits& logits, const std::vector<float>& head,
                               std::int64_t crop) {
  const auto size = positions_of(logits) * static_cast<std::size_t>(logits.classes);
  return std::span(head).subspan(static_cast<std::size_t>(crop) * size, size);
}

struct CapeResult {
  std::vector<double> map;
  std::vector<double> probability;
};

CapeResult cape_result(const ClassLogits& logits, std::int64_t crop, CapeScales scales) {
  const auto own = maps_of(logits, logits.cape, crop);
  const std::vector<double> wide(own.begin(), own.end());
  CapeResult result{std::vector<double>(wide.size()),
                    std::vector<double>(static_cast<std::size_t>(logits.classes))};
  cape_map(wide, logits.classes, logits.height * logits.width, scales, result.map,
           result.probability);
  return result;
}

}  // namespace

std::vector<double> cam_of(const ClassLogits& logits, std::int64_t crop, int label) {
  const auto positions = positions_of(logits);
  const auto own = maps_of(logits, logits.ordinary, crop)
                       .subspan(static_cast<std::size_t>(label) * positions, positions);
  std::vector<double> map(own.begin(), own.end());
  for (double& value : map) value = std::max(0.0, value);
  return map;
}

std::vector<double> cape_of(const ClassLogits& logits, std::int64_t crop, CapeScales scales) {
  return cape_result(logits, crop, scales).map;
}

std::vector<double> cape_probability_of(const ClassLogits& logits, std::int64_t crop,
                                        CapeScales scales) {
  return cape_result(logits, crop, scales).probability;
}

std::vector<double> ordinary_of(const ClassLogits& logits, std::int64_t crop) {
  std::vector<double> row(static_cast<std::size_t>(logits.classes));
  ordinary_prediction(maps_of(logits, logits.ordinary, crop), logits.height * logits.width, row);
  return row;
}

std::vector<double> mu_cape_of(const ClassLogits& logits, std::int64_t crop, int label,
                               CapeScales scales) {
  const auto positions = positions_of(logits);
  const auto own = maps_of(logits, logits.cape, crop);
  const auto classes = static_cast<std::size_t>(logits.classes);
  std::vector<double> map(positions);
  for (std::size_t i = 0; i < positions; ++i) {
    double mean = 0;
    for (std::size_t c = 0; c < classes; ++c) mean += double{own[c * positions + i]};
    mean /= static_cast<double>(classes);
    const double class_part = double{own[static_cast<std::size_t>(label) * positions + i]};
    map[i] = std::max(0.0, class_part * std::exp(-scales.t1) + mean * std::exp(-scales.t2));
  }
  return map;
}

}  // namespace cytocape
