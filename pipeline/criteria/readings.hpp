#pragma once

/// What is known of each input of the criteria: a value or an interval, where it comes from, and
/// what is missing.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "io/assessment.hpp"
#include "pipeline/criteria/counts.hpp"
#include "pipeline/criteria/findings.hpp"

namespace cytocape::criteria {

/// Pure; does not depend on the order of slides or mutations. Precedence:
/// amc: the laboratory's unless it is older than the WBC, else WBC x share of monocytes (the
/// laboratory's of the same day, else the slide's);
/// monocytes: the laboratory's, else its AMC / WBC of one day, else the slide's;
/// anc: likewise, with the slide's share of neutrophils;
/// pb_blasts, bm_blasts: the laboratory's (as counted by a person), else the slides'.
/// Where a slide's interval, or a product of one day, does not hold the value taken, the reading is
/// disputed: everything that the sources say is held possible.
[[nodiscard]] Readings read_case(const Case& facts);

/// "given by LIS on 2024-03-01".
[[nodiscard]] std::string describe(const Provenance& from);

}  // namespace cytocape::criteria
