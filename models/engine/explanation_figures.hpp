#pragma once

/// How faithful the class maps are, by the figures that compare CAM methods: the crop is shown to
/// the network again with only the map's region kept, and with it deleted.
///
/// A map is min-max normalised over its positions, enlarged bilinearly to the crop and multiplied
/// in: a pixel becomes mean + (pixel - mean) * map, with the card's mean colour, which is 0 to the
/// network. Deleting multiplies by 1 - map. With y, o and d the called class's probability on the
/// crop, with the region kept and with it deleted:
///
///     Average Drop AD = mean(max(y - o, 0) / y)        lower is better
///     Increase in Confidence IC = mean(o > y)          higher is better
///     Average Drop in Deletion ADD = mean(max(y - d, 0) / y)    higher is better
///     coherency = mean((r + 1) / 2), r Pearson's correlation of the map with the kept crop's map
///     complexity = mean of the normalised map           lower is better
///     ADCC = 3 / (1/coherency + 1/(1 - complexity) + 1/(1 - AD)), of the means    higher is better
///     mIoU of the top-1 and top-2 classes' maps, each above 20 % of its own maximum; lower means
///         that the maps tell the classes apart
///
/// CAM is judged by the ordinary head's softmax, CAPE and mu-CAPE by CAPE's p. A map that is the
/// same everywhere points at nothing: normalised it is 0, it keeps nothing, deletes nothing and has
/// coherency 1/2; such maps are counted. Where a top-1 or top-2 map is 0 everywhere it has no
/// region, and the crop is left out of mIoU.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "models/engine/classifier.hpp"

namespace cytocape {

enum class MapKind { cam, cape, mu_cape };
inline constexpr std::array<MapKind, 3> kMapKinds{MapKind::cam, MapKind::cape, MapKind::mu_cape};
[[nodiscard]] const char* to_string(MapKind kind);  ///< "CAM", "CAPE", "mu-CAPE"

/// What the head behind a kind of map says of one crop, [classes].
[[nodiscard]] std::vector<double> prediction_of(MapKind kind, const ClassLogits& logits,
                                                std::int64_t crop, CapeScales scales);

/// One class's map, [height, width], never negative. Of CAPE it is the class's part of P.
[[nodiscard]] std::vector<double> class_map_of(MapKind kind, const ClassLogits& logits,
                                               std::int64_t crop, int label, CapeScales scales);

/// Of one crop and one kind of map.
struct MapFigures {
  double confidence = 0;  ///< y
  double kept = 0;        ///< o
  double deleted = 0;     ///< d
  double coherency = 0;
  double complexity = 0;
  std::optional<double> overlap;  ///< IoU of the top-1 and top-2 maps
  bool flat = false;              ///< the map is the same everywhere
};
using CropFigures = std::array<MapFigures, kMapKinds.size()>;

/// Crops as Classifier::classify takes them; its conditions and errors. Thread-safe; seven passes
/// of the network.
[[nodiscard]] std::vector<CropFigures> measure_maps(const Classifier& classifier,
                                                    std::span<const std::uint8_t> crops,
                                                    std::int64_t count);

/// Of one kind of map over all crops. All 0 where there is none.
struct ExplanationFigures {
  std::int64_t crops = 0;
  std::int64_t flat = 0;
  std::int64_t overlaps = 0;  ///< crops in miou
  double average_drop = 0;
  double increase_in_confidence = 0;
  double average_drop_in_deletion = 0;
  double coherency = 0;
  double complexity = 0;
  double adcc = 0;
  double miou = 0;
};
[[nodiscard]] ExplanationFigures summarise(std::span<const CropFigures> crops, MapKind kind);

}  // namespace cytocape
