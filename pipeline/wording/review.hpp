#pragma once

/// Who reviewed a count, who answers for it, and what an amended report must say of the version
/// before: page and terminal say these alike. Pure; thread-safe.

#include <span>
#include <string>
#include <vector>

#include "io/report.hpp"

namespace cytocape::wording {

/// "2026-11-23 22:19 UTC" of an ISO 8601 time that ends in Z; anything else stays.
[[nodiscard]] std::string time_words(const std::string& utc);

/// "doc, 2026-11-23 22:19 UTC"; empty where it was not done.
[[nodiscard]] std::string step_words(const ReviewSummary::Step& step);

/// How far the review of a case has come: that of the slide of which least was done. "preliminary,
/// not reviewed", "amended, not signed again".
[[nodiscard]] std::string review_state(std::span<const SlideReport> slides);

/// "verified by tec, 2026-11-23 22:19 UTC; not signed"; of a signature also what it is not of.
/// Empty where nobody ever did either.
[[nodiscard]] std::string review_steps(const ReviewSummary& review);

/// "Version 1 was signed by doc, ..; amended by doc, ..: a blast was missed", of each in turn.
[[nodiscard]] std::vector<std::string> amendments(const ReviewSummary& review);

/// What the last amendment came to: "blast 12 to 14, monocyte 36 to 34, of the cells counted"; or
/// that every class has the count that was signed. Empty in version 1, and of a slide whose counts
/// are withheld.
[[nodiscard]] std::string changes(const SlideReport& report);

}  // namespace cytocape::wording
