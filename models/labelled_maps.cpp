#include <algorithm>
#include <cmath>
#include <span>

#include "models/detail/figures.hpp"

namespace cytocape::detail {

Probabilities cape_probabilities(const LabelledMaps& maps, CapeScales scales) {
  Probabilities result{maps.classes, {}, maps.labels};
  const auto classes = static_cast<std::size_t>(maps.classes);
  result.value.resize(maps.labels.size() * classes);
  std::vector<double> logits(maps.map_size());
  std::vector<double> map(maps.map_size());
  for (std::size_t i = 0; i < maps.labels.size(); ++i) {
    std::copy_n(maps.logits.begin() + static_cast<std::ptrdiff_t>(i * maps.map_size()),
                maps.map_size(), logits.begin());
    cape_map(logits, maps.classes, maps.positions, scales, map,
             std::span(result.value).subspan(i * classes, classes));
  }
  return result;
}

Probabilities ordinary_probabilities(const LabelledMaps& maps) {
  Probabilities result{maps.classes, {}, maps.labels};
  const auto positions = static_cast<std::size_t>(maps.positions);
  const auto classes = static_cast<std::size_t>(maps.classes);
  for (std::size_t i = 0; i < maps.labels.size(); ++i) {
    std::vector<double> row(classes);
    for (std::size_t c = 0; c < classes; ++c) {
      const float* map = maps.logits.data() + i * maps.map_size() + c * positions;
      for (std::size_t p = 0; p < positions; ++p) row[c] += double{map[p]} / maps.positions;
    }
    const double top = *std::max_element(row.begin(), row.end());
    double sum = 0;
    for (double& value : row) sum += value = std::exp(value - top);
    for (const double value : row) result.value.push_back(value / sum);
  }
  return result;
}

}  // namespace cytocape::detail
