#pragma once

/// Figures of a classifier on labelled cells. Pure; double precision.

#include <cstdint>
#include <span>
#include <vector>

#include "models/cape.hpp"

namespace cytocape::detail {

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

struct Probabilities {
  int classes = 0;
  std::vector<double> value;  ///< [labels.size(), classes]; each row sums to 1
  std::vector<std::int64_t> labels;
};

/// CAPE's p of every cell.
[[nodiscard]] Probabilities cape_probabilities(const LabelledMaps& maps, CapeScales scales);

/// Softmax of the maps' spatial means.
[[nodiscard]] Probabilities ordinary_probabilities(const LabelledMaps& maps);

struct Figures {
  double accuracy = 0;
  double macro_f1 = 0;  ///< mean over classes; a class never called and never met counts 0
  double ece = 0;       ///< expected calibration error of the called class, 15 bins of equal width
  double nll = 0;       ///< mean negative logarithm of the true class's probability
  std::vector<std::vector<std::int64_t>> confusion;  ///< [true][called]
};

/// The called class is the most probable one, the first where several are.
[[nodiscard]] Figures measure(const Probabilities& probabilities);

/// Of one class in a confusion matrix; 0 where nothing was met or called.
[[nodiscard]] double recall_of(const Figures& figures, std::size_t label);
[[nodiscard]] double precision_of(const Figures& figures, std::size_t label);

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
