#pragma once

/// The statistics of a differential. Pure.

#include <cstdint>
#include <optional>
#include <vector>

#include "io/report.hpp"

namespace cytocape {

/// Wilson score interval at 95 % (z = 1.959964), as fractions. Sampling error alone. None of 0.
[[nodiscard]] std::optional<Interval> wilson95(std::uint64_t count, std::uint64_t total);

/// The smallest number of cells, at least `total`, whose Wilson interval at the share count / total
/// would no longer hold `threshold` (a fraction). None where the share is the threshold, or a
/// million cells would not do.
[[nodiscard]] std::optional<std::uint64_t> cells_to_decide(std::uint64_t count, std::uint64_t total,
                                                           double threshold);

/// McNemar's exact test of two classifiers on the same cells: the two-sided probability of so
/// uneven a split of the cells that one alone calls rightly, were both equally good (binomial,
/// 1/2). 1 where there is no such cell.
[[nodiscard]] double mcnemar_exact(std::uint64_t only_first, std::uint64_t only_second);

struct Ratio {
  double value = 0;
  Interval interval;  ///< 95 %, sampling alone; high is infinite where it is not bounded
};

/// above / below, two counts of one sample: the odds of above / (above + below), with the ends of
/// that share's Wilson interval. None where below is 0 or nothing was counted.
[[nodiscard]] std::optional<Ratio> ratio95(std::uint64_t above, std::uint64_t below);

/// Counts corrected for the classifier's known confusions: the non-negative fractions f, summing to
/// 1, that maximise the likelihood of the called counts under called ~ f * R, with R[true][called]
/// the row-normalised validation matrix (expectation maximisation). Empty where a class of the
/// matrix has no validation images, or nothing was counted.
[[nodiscard]] std::vector<double> corrected_fractions(
    const std::vector<std::uint64_t>& called,
    const std::vector<std::vector<std::int64_t>>& confusion);

/// Counts, and how often validation confused their classes. `counted` says which classes make the
/// 100 %.
struct Called {
  std::vector<std::uint64_t> called;                 ///< [K], by the classifier alone
  std::vector<std::vector<std::int64_t>> confusion;  ///< [K][K], [true][called]
  std::vector<bool> counted;                         ///< [K], or [verified.size()]
  /// Cells that a person named, of K or more classes; empty: none. They are what they are named:
  /// no confusion is corrected, and the classifier's error does not reach them.
  std::vector<std::uint64_t> verified = {};
};

/// The corrected fractions of all cells, those that a person named as they were named: of as many
/// classes as `counted`, summing to 1. Empty where corrected_fractions is empty for those that the
/// classifier called alone, or where there is no cell.
[[nodiscard]] std::vector<double> corrected_fractions(const Called& counts);

/// A corrected fraction with its 95 % intervals, each error apart and both together.
struct CorrectedShare {
  double value = 0;
  Interval sampling;    ///< other cells of the same smear, the confusion rates taken as exact
  Interval classifier;  ///< other validation cells, the counts taken as exact
  Interval both;
};

struct Bootstrap {
  std::uint64_t seed = 1;
  int replicates = 1000;
};

/// The share of each group of classes (indices, such as all blast equivalents) among the counted
/// ones, by corrected_fractions, with intervals between the 2.5 and 97.5 percentiles of replicates
/// that draw the called counts anew (bootstrap) and each row of the validation matrix from its
/// posterior: a Dirichlet distribution of the row's counts with a prior of 1 / K in each of its K
/// cells (Perks 1947; Gelman et al., Bayesian Data Analysis, 3rd ed., 3.4). A row without an error
/// says no more than that errors are rare: that none of n images was called otherwise leaves up to
/// about 3.7 / n, as Wilson's and the exact interval do, where drawing its images anew would leave
/// 0 for certain. Jeffreys' prior of 1/2 in each cell is the same for two classes; with fourteen it
/// would weigh as seven images and carry a row of 50 images without an error to 12 %. An interval
/// reaches to its corrected value at least, which is the likeliest and not the middle one, and one
/// with sampling holds Wilson's of the corrected share: resampling a few cells draws none or the
/// same again, and would be narrower than chance leaves them. The seed gives the same numbers on
/// every machine, but for the last digits of its logarithm. Images unlike those of the validation
/// are not in it. Cells that a person named are drawn anew with the others, and keep their names;
/// where a person named all, sampling and both are Wilson's interval. Empty where
/// corrected_fractions is, or where fewer than half of the replicates can be solved.
[[nodiscard]] std::vector<CorrectedShare> corrected_shares(
    const Called& counts, const std::vector<std::vector<std::size_t>>& groups,
    const Bootstrap& bootstrap = {});

}  // namespace cytocape
