#include "models/cape/map_kind.hpp"

#include "models/cape/explanation.hpp"

namespace cytocape {

const char* to_string(MapKind kind) {
  switch (kind) {
    case MapKind::cam:
      return "CAM";
    case MapKind::cape:
      return "CAPE";
    case MapKind::mu_cape:
      return "mu-CAPE";
    case MapKind::cape_learned:
      return "CAPE learned";
    case MapKind::mu_cape_learned:
      return "mu-CAPE learned";
  }
  return "";
}

std::string label_of(MapKind kind, bool calibrated) {
  if (kind == MapKind::cam) return "CAM";
  const bool mu = kind == MapKind::mu_cape || kind == MapKind::mu_cape_learned;
  const bool learned =
      !calibrated || kind == MapKind::cape_learned || kind == MapKind::mu_cape_learned;
  return std::string(mu ? "mu-CAPE" : "CAPE") + (learned ? ", learned" : ", calibrated");
}

std::span<const MapKind> distinct_kinds(bool calibrated) {
  return std::span(kMapKinds).first(calibrated ? kMapKinds.size() : 3);
}

std::vector<double> prediction_of(MapKind kind, const ClassLogits& logits, std::int64_t crop,
                                  const MapScales& scales) {
  if (kind == MapKind::cam) return ordinary_of(logits, crop);
  return cape_probability_of(logits, crop, scales.of(kind));
}

std::vector<double> class_map_of(MapKind kind, const ClassLogits& logits, std::int64_t crop,
                                 int label, const MapScales& scales) {
  if (kind == MapKind::cam) return cam_of(logits, crop, label);
  if (kind == MapKind::mu_cape || kind == MapKind::mu_cape_learned)
    return mu_cape_of(logits, crop, label, scales.of(kind));
  const auto all = cape_of(logits, crop, scales.of(kind));
  const auto positions = static_cast<std::ptrdiff_t>(all.size()) / logits.classes;
  return {all.begin() + label * positions, all.begin() + (label + 1) * positions};
}

}  // namespace cytocape
