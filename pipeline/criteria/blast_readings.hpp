#pragma once

/// Blasts and their equivalents in blood or marrow. Internal to the readings.

#include <vector>

#include "io/assessment.hpp"
#include "pipeline/criteria/findings.hpp"

namespace cytocape::criteria {

/// What a person counted, else the slides' count. Appends what must be looked at again.
[[nodiscard]] Reading read_blasts(const Case& facts, Specimen specimen, std::vector<Urgent>& seen);

}  // namespace cytocape::criteria
