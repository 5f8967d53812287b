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
/// day it is taken as of the case's newest row), and for what is measured of a day half a century
/// before the newest. Rows of days after `latest_day` are passed over: they have a fault already.
void check_days(const CaseRows& rows, const std::map<std::string, Findings>& cases,
                const std::string& latest_day, FaultList& faults);

/// Adds a fault where no day of birth fits two ages, give or take a year.
void check_ages(const std::vector<Number>& ages, FaultList& faults);

}  // namespace cytocape::criteria
