#include "models/cape/labelled_maps.hpp"

#include <algorithm>
#include <span>

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
  const auto classes = static_cast<std::size_t>(maps.classes);
  result.value.resize(maps.labels.size() * classes);
  for (std::size_t i = 0; i < maps.labels.size(); ++i) {
    ordinary_prediction(std::span(maps.logits).subspan(i * maps.map_size(), maps.map_size()),
                        maps.positions, std::span(result.value).subspan(i * classes, classes));
  }
  return result;
}

}  // namespace cytocape::detail
