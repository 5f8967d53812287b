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
/// amc: the laboratory's, else WBC x share of monocytes (laboratory's, else the slide's);
/// monocytes: the laboratory's, else its AMC / WBC of one day, else the slide's;
/// anc: the laboratory's, else WBC x the slide's share of neutrophils;
/// pb_blasts, bm_blasts: the laboratory's (as counted by a person), else the slides'.
[[nodiscard]] Readings read_case(const Case& facts);

/// "given by LIS on 2024-03-01".
[[nodiscard]] std::string describe(const Provenance& from);

}  // namespace cytocape::criteria
