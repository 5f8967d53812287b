#pragma once

/// Numbers of an evaluation in words, the same on the page and on a terminal.

#include <optional>
#include <string>
#include <vector>

#include "pipeline/evaluation/evaluation.hpp"

namespace cytocape {

inline constexpr const char* kDash = "\u2013";

[[nodiscard]] std::string percent_number(std::optional<double> share);  ///< "90.1"
[[nodiscard]] std::string percent(std::optional<double> share);         ///< "90.1 %"
/// "(88.1–91.8)", in per cent; empty without an interval.
[[nodiscard]] std::string bracketed(const std::optional<Interval>& interval);
/// Evidence inside by reflected, "2.13"; a dash where nothing was measured.
[[nodiscard]] std::string ratio_text(const EvidenceScore& score);
/// "+2.1", and "0.0" without a sign.
[[nodiscard]] std::string points_text(const DifferentialError& error);
/// "blast 12, monocyte 3", the most frequent first.
[[nodiscard]] std::string called_text(const ApartFolder& folder,
                                      const std::vector<std::string>& classes);
/// Who was right on how many, a line for classes and one for groups.
[[nodiscard]] std::string comparison_text(const ModelComparison& other);
/// What was moved how, and what was left out.
[[nodiscard]] std::string moved_text(const MovedScore& moved);

}  // namespace cytocape
