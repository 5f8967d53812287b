#pragma once

/// Days that cannot be, or are a slip. Internal to the reader of laboratory files.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "io/fault_list.hpp"
#include "pipeline/criteria/findings.hpp"

namespace cytocape::criteria {

/// Of a file, in its order: each row with its case.
using CaseRows = std::vector<std::pair<std::string, GivenValue>>;

/// Adds a fault for a row of a day before the patient was born by the age that is given (without a
/// day it is taken as of the case's newest row), and for numbers of a day half a century before the
/// newest.
void check_days(const CaseRows& rows, const std::map<std::string, Findings>& cases,
                FaultList& faults);

}  // namespace cytocape::criteria
