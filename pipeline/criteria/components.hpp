#pragma once

/// What the published scores of CMML are made of. No score is calculated: each asks for a diagnosis
/// first, and a number would be read for one.

#include <string>
#include <vector>

#include "io/assessment.hpp"
#include "pipeline/criteria/findings.hpp"

namespace cytocape::criteria {

/// Sentences; none where nothing is known of any component. Pure.
[[nodiscard]] std::vector<std::string> components_of(const Findings& findings,
                                                     const Readings& readings);

}  // namespace cytocape::criteria
