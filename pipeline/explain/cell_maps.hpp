#pragma once

/// All maps that a network gives of one crop, or of several crops shifted by parts of a patch.

#include <span>
#include <vector>

#include "models/cape/map_kind.hpp"
#include "models/engine/classifier.hpp"

namespace cytocape {

struct CellMaps {
  ClassMaps maps;  ///< of one crop, as the model is used
  ClassLogits logits;
  MapScales scales;
  /// CAPE's P and p with the scales of training; empty for a model without calibration.
  std::vector<double> learned_map;
  std::vector<double> learned_probability;
};

/// `crop`: RGB bytes, input_px square, as the network is to see it. Throws as Classifier::classify.
[[nodiscard]] CellMaps look_at(const Classifier& classifier, std::span<const std::uint8_t> crop);

/// How far view `index` (of 0 .. shifts - 1) of one axis is moved, in patches: all are spread
/// evenly around 0. Three views: -1/3, 0, 1/3.
[[nodiscard]] constexpr double shift_of(int index, int shifts) {
  return (index - 0.5 * (shifts - 1)) / shifts;
}

/// One map of shifts x shifts times as many positions from so many views, ordered by row and then
/// by column of their shifts. A view's position (y, x) becomes (y * shifts + row, x * shifts +
/// column), which is where it lies in the cell: around the middle of the patch that it saw. P is
/// divided by the number of views, so that it sums to 1 again, and probabilities are their means.
/// Nothing is sharper by it than the network's receptive field; what is between two patches is seen
/// instead of interpolated. Strangeness is the first view's.
[[nodiscard]] CellMaps interleave(std::span<const CellMaps> views, int shifts);

}  // namespace cytocape
