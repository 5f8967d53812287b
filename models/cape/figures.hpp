#pragma once

/// Figures of a classifier on labelled cells. Pure; double precision; thread-safe.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "io/report.hpp"

namespace cytocape {

struct Probabilities {
  int classes = 0;
  std::vector<double> value;  ///< [labels.size(), classes]; each row sums to 1
  std::vector<std::int64_t> labels;

  [[nodiscard]] std::size_t cells() const { return labels.size(); }
  [[nodiscard]] std::span<const double> row(std::size_t cell) const {
    const auto size = static_cast<std::size_t>(classes);
    return std::span(value).subspan(cell * size, size);
  }
};

/// The most probable class, the first where several are. Precondition: not empty.
[[nodiscard]] std::size_t called_class(std::span<const double> row);

/// All 0 where there is no cell.
struct Figures {
  double accuracy = 0;
  double macro_f1 = 0;  ///< mean over the classes that were met
  double ece = 0;       ///< expected calibration error of the called class, 15 bins of equal width
  double nll = 0;       ///< mean negative logarithm of the true class's probability
  double brier = 0;     ///< mean squared distance to certainty of the truth, over all classes: 0..2
  std::vector<std::vector<std::int64_t>> confusion;  ///< [true][called]
};

[[nodiscard]] Figures measure(const Probabilities& probabilities);

/// Of one class in a confusion matrix; 0 where nothing was met or called.
[[nodiscard]] double recall_of(const Figures& figures, std::size_t label);
[[nodiscard]] double precision_of(const Figures& figures, std::size_t label);

/// Of one class in a confusion matrix.
struct ClassTally {
  std::int64_t met = 0;     ///< cells of the class
  std::int64_t called = 0;  ///< cells called it
  std::int64_t both = 0;
};
[[nodiscard]] ClassTally tally_of(const Figures& figures, std::size_t label);

/// Called classes' probabilities between low and high, and how often they were right.
struct ReliabilityBin {
  double low = 0;
  double high = 0;
  std::int64_t count = 0;
  std::int64_t right = 0;
  double mean_confidence = 0;  ///< 0 where count is
};
inline constexpr std::size_t kReliabilityBins = 15;  ///< those of Figures::ece
[[nodiscard]] std::array<ReliabilityBin, kReliabilityBins> reliability(
    const Probabilities& probabilities);

/// What the error is when only the surest calls are kept.
struct CoveragePoint {
  double coverage = 0;    ///< share of cells kept
  double risk = 0;        ///< share of wrong calls among them
  double confidence = 0;  ///< the least sure call that is kept
};
/// From the surest call to all; cells of equal confidence come in together.
[[nodiscard]] std::vector<CoveragePoint> risk_coverage(const Probabilities& probabilities);
/// Mean risk over all coverages; smaller is better.
[[nodiscard]] double area_under(std::span<const CoveragePoint> curve);

/// 95 % intervals of figures that are no proportions, by drawing cells with replacement (percentile
/// bootstrap). None for the calibration error: a resampled one is larger than the sample's own.
struct FigureIntervals {
  Interval macro_f1;
  Interval nll;
  Interval brier;
};
/// The same for the same seed. Precondition: there are cells.
[[nodiscard]] FigureIntervals bootstrap95(const Probabilities& probabilities, std::uint64_t seed,
                                          int draws = 1000);

}  // namespace cytocape
