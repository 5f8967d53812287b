#pragma once

/// From class maps of labelled cells to probabilities and a calibration. Pure; double precision.

#include <cstdint>
#include <vector>

#include "models/cape/cape.hpp"
#include "models/cape/figures.hpp"

namespace cytocape::detail {

using cytocape::Figures;
using cytocape::measure;
using cytocape::precision_of;
using cytocape::Probabilities;
using cytocape::recall_of;

/// Class maps of labelled cells before any softmax: [labels.size(), classes, positions].
struct LabelledMaps {
  int classes = 0;
  int positions = 0;
  std::vector<float> logits;
  std::vector<std::int64_t> labels;

  [[nodiscard]] std::size_t map_size() const {
    return static_cast<std::size_t>(classes) * static_cast<std::size_t>(positions);
  }
};

/// CAPE's p of every cell.
[[nodiscard]] Probabilities cape_probabilities(const LabelledMaps& maps, CapeScales scales);

/// Softmax of the maps' spatial means.
[[nodiscard]] Probabilities ordinary_probabilities(const LabelledMaps& maps);

/// What is added to t1 and t2 so that p's mean negative log-likelihood on `maps` is smallest. Both
/// lie in -4..4: a scale within a factor of 55, more than any trained network needed.
struct Calibration {
  double a = 0;
  double w = 0;
};
[[nodiscard]] Calibration fit_calibration(const LabelledMaps& maps, CapeScales scales);

/// The confidence below which a cell is better called unidentified: one in fifty of the rightly
/// called cells lies below it, which bounds what rejecting costs. At most 0.5: a class with the
/// majority is called. 0 where no cell was called rightly.
[[nodiscard]] double rejection_threshold(const Probabilities& probabilities);

}  // namespace cytocape::detail
