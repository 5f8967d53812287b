#pragma once

/// What people saw on slides, beside what the laboratory gave of the case. Pure.

#include <span>

#include "io/report.hpp"
#include "pipeline/criteria/findings.hpp"

namespace cytocape {

/// `given` with what the reviews of `slides` tell the criteria. An answer that nobody gave is
/// taken; one that stands against the laboratory's, or another slide's, leaves the item contested,
/// and none is taken. Diseases that a review names (Auer rods) are those of a laboratory row.
/// Throws ConfigError where a review's rows are none of a laboratory file.
[[nodiscard]] criteria::Findings with_reviews(const criteria::Findings& given,
                                              std::span<const SlideReport> slides);

}  // namespace cytocape
