#pragma once

/// Two methods that measured the same specimens, and two that put them into the same categories:
/// what a validation study prints. Pure. Values are of one unit, `first` the reference.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "io/report.hpp"

namespace cytocape {

struct MeasuredPair {
  double reference = 0;
  double measured = 0;
};

/// The two-sided 95 % point of Student's t with that many degrees of freedom, at least 1.
[[nodiscard]] double student_t95(std::size_t degrees);

/// Bland and Altman, Lancet 1986 and Stat Methods Med Res 1999: differences measured - reference.
/// The limits' standard error is s * sqrt(1/n + z^2 / (2 (n - 1))); intervals are 95 % by Student's
/// t. They take the differences as normal and alike over the range.
struct BlandAltman {
  double bias = 0;
  Interval bias95;
  double deviation = 0;  ///< standard deviation of the differences
  Interval limits;       ///< of agreement, bias -+ 1.96 deviations
  Interval low95;        ///< of the lower limit
  Interval high95;       ///< of the upper limit
};
/// None of fewer than three pairs.
[[nodiscard]] std::optional<BlandAltman> bland_altman(const std::vector<MeasuredPair>& pairs);

/// Passing and Bablok, J Clin Chem Clin Biochem 1983: measured = intercept + slope * reference, by
/// the shifted median of the slopes between all pairs, which outliers do not move. An interval for
/// the slope that holds 1 and one for the intercept that holds 0 show no difference of the methods.
struct PassingBablok {
  double slope = 1;
  Interval slope95;
  double intercept = 0;
  Interval intercept95;
};
/// More pairs than this are not taken: their slopes would fill the memory.
constexpr std::size_t kMostPassingBablokPairs = 5000;
/// None of fewer than ten pairs, of more than kMostPassingBablokPairs, or where too few of their
/// slopes are defined for an interval.
[[nodiscard]] std::optional<PassingBablok> passing_bablok(const std::vector<MeasuredPair>& pairs);

/// Cohen's kappa with a 95 % interval by the standard error of Fleiss, Cohen and Everitt (Psychol
/// Bull 1969), which wants some tens of specimens.
struct Kappa {
  double value = 0;
  Interval interval;
  double agreement = 0;  ///< share of specimens in the same category
};
/// `counts[reference][measured]`, square. None of fewer than ten specimens, or where both methods
/// put all into one category.
[[nodiscard]] std::optional<Kappa> cohen_kappa(
    const std::vector<std::vector<std::int64_t>>& counts);

}  // namespace cytocape
