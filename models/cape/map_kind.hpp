#pragma once

/// The kinds of class maps that are shown and measured, and where each comes from. Pure;
/// thread-safe.
///
/// A calibrated model has two CAPE maps: with t1 and t2 as training left them, which is the map of
/// the published method, and with the card's calibration added, which is what counts and
/// probabilities are made of. Calibration changes a map, and its faithfulness: both are told.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/cape/cape.hpp"
#include "models/cape/class_maps.hpp"

namespace cytocape {

/// `cape` and `mu_cape` are those that the model is used with: calibrated, where it is.
enum class MapKind { cam, cape, mu_cape, cape_learned, mu_cape_learned };
inline constexpr std::array kMapKinds{MapKind::cam, MapKind::cape, MapKind::mu_cape,
                                      MapKind::cape_learned, MapKind::mu_cape_learned};

/// A key: "CAM", "CAPE", "mu-CAPE", "CAPE learned", "mu-CAPE learned".
[[nodiscard]] const char* to_string(MapKind kind);

/// CAPE's t1 and t2 as a model is used, and as training left them.
struct MapScales {
  CapeScales used;
  CapeScales learned;

  [[nodiscard]] bool calibrated() const { return used.t1 != learned.t1 || used.t2 != learned.t2; }
  [[nodiscard]] CapeScales of(MapKind kind) const {
    return kind == MapKind::cape_learned || kind == MapKind::mu_cape_learned ? learned : used;
  }
};

/// As people read it: "CAPE, calibrated", "CAPE, learned", "CAM".
[[nodiscard]] std::string label_of(MapKind kind, bool calibrated);

/// Those that differ: without a calibration the first three.
[[nodiscard]] std::span<const MapKind> distinct_kinds(bool calibrated);

/// What the head behind a kind of map says of one crop, [classes].
[[nodiscard]] std::vector<double> prediction_of(MapKind kind, const ClassLogits& logits,
                                                std::int64_t crop, const MapScales& scales);

/// One class's map, [height, width], never negative. Of CAPE it is the class's part of P.
[[nodiscard]] std::vector<double> class_map_of(MapKind kind, const ClassLogits& logits,
                                               std::int64_t crop, int label,
                                               const MapScales& scales);

}  // namespace cytocape
