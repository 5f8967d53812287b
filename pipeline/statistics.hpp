#pragma once

/// The statistics of a differential. Pure.

#include <cstdint>
#include <optional>
#include <vector>

#include "io/report.hpp"

namespace cytocape {

/// Wilson score interval at 95 % (z = 1.959964), as fractions. Sampling error alone. None of 0.
[[nodiscard]] std::optional<Interval> wilson95(std::uint64_t count, std::uint64_t total);

/// Counts corrected for the classifier's known confusions: the non-negative fractions f, summing to
/// 1, that maximise the likelihood of the called counts under called ~ f * R, with R[true][called]
/// the row-normalised validation matrix (expectation maximisation). Empty where a class of the
/// matrix has no validation images, or nothing was counted.
[[nodiscard]] std::vector<double> corrected_fractions(
    const std::vector<std::uint64_t>& called,
    const std::vector<std::vector<std::int64_t>>& confusion);

}  // namespace cytocape
