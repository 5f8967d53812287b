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
///     complexity = mean of the enlarged normalised map    lower is better
///     ADCC = 3 / (1/coherency + 1/(1 - complexity) + 1/(1 - AD))    higher is better
///     mIoU of the top-1 and top-2 classes' maps, each above 20 % of its own maximum; lower means
///         that the maps tell the classes apart
///
/// ADCC has two forms, and both are given. "Of means": r over the map's positions, the three terms
/// averaged over the crops first, as the paper defines it (Poppi et al., CVPR Workshops 2021). "Per
/// image": r over the enlarged maps, ADCC of each crop, 0 where a term is, and then their mean, as
/// its authors' code (aimagelab/ADCC) computes it.
///
/// CAM is judged by the ordinary head's softmax, CAPE and mu-CAPE by CAPE's p with the scales of
/// the map. A map that is the same everywhere points at nothing: normalised it is 0, it keeps
/// nothing, deletes nothing and has coherency 1/2 (0 per image, again as that code has it); such
/// maps are counted. Where a top-1 or top-2 map is 0 everywhere it has no region, and the crop is
/// left out of mIoU.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "models/cape/map_kind.hpp"
#include "models/engine/classifier.hpp"
#include "models/engine/map_curves.hpp"

namespace cytocape {

[[nodiscard]] MapScales map_scales(const Classifier& classifier);

/// Of one crop and one kind of map.
struct MapFigures {
  int called = 0;         ///< the class whose map it is
  double confidence = 0;  ///< y
  double kept = 0;        ///< o
  double deleted = 0;     ///< d
  double coherency = 0;
  double complexity = 0;
  std::optional<double> overlap;  ///< IoU of the top-1 and top-2 maps
  bool flat = false;              ///< the map is the same everywhere
  double coherency_enlarged = 0;  ///< over the enlarged maps; 0 where one is flat
  std::optional<MapCurves> curves;

  [[nodiscard]] double drop() const;              ///< max(y - o, 0) / y
  [[nodiscard]] double drop_in_deletion() const;  ///< max(y - d, 0) / y
  [[nodiscard]] double adcc() const;              ///< of this image
};
using CropFigures = std::array<MapFigures, kMapKinds.size()>;

/// Crops as Classifier::classify takes them; its conditions and errors. Thread-safe; eleven passes
/// of the network, seven for a model without calibration, whose learned maps are its maps. With
/// curves (map_curves.hpp) 42 more for each kind that differs, and the filling in of ROAD.
[[nodiscard]] std::vector<CropFigures> measure_maps(const Classifier& classifier,
                                                    std::span<const std::uint8_t> crops,
                                                    std::int64_t count, bool curves = false);

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
  double adcc = 0;  ///< of means
  double miou = 0;
  double coherency_enlarged = 0;
  double adcc_per_image = 0;
  std::optional<MapCurves> curves;  ///< where they were measured
};
[[nodiscard]] ExplanationFigures summarise(std::span<const CropFigures> crops, MapKind kind);

}  // namespace cytocape
