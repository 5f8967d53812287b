#pragma once

/// Crops under measurement and what the network says of them. Internal to models/engine/.

#include <cstdint>
#include <opencv2/core.hpp>
#include <span>
#include <utility>
#include <vector>

#include "models/cape/map_kind.hpp"
#include "models/engine/classifier.hpp"
#include "models/engine/map_curves.hpp"

namespace cytocape::detail {

struct ShownCrops {
  ShownCrops(const Classifier& network, std::span<const std::uint8_t> all, std::int64_t many);

  const Classifier& classifier;
  std::span<const std::uint8_t> crops;
  std::int64_t count;
  ClassLogits logits;
  MapScales scales;

  [[nodiscard]] std::size_t crop_bytes() const {
    return crops.size() / static_cast<std::size_t>(count);
  }
  [[nodiscard]] std::span<const std::uint8_t> crop(std::int64_t k) const {
    return crops.subspan(static_cast<std::size_t>(k) * crop_bytes(), crop_bytes());
  }
  /// The classes that this kind's head gives the largest and the second largest probability; the
  /// first where several are.
  [[nodiscard]] std::pair<int, int> top_two(MapKind kind, std::int64_t k) const;
};

/// 0..1; 0 everywhere for a map that is the same everywhere.
[[nodiscard]] std::vector<double> normalised(std::vector<double> map);

/// Bilinear, CV_64F, input_px square.
[[nodiscard]] cv::Mat enlarged(const std::vector<double>& map, const ShownCrops& shown);

/// Of every crop, for one kind of map. 2 * (kCurveSteps + 1) + 8 passes of the network.
[[nodiscard]] std::vector<MapCurves> curves_of(const ShownCrops& shown, MapKind kind);

}  // namespace cytocape::detail
