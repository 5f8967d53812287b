#pragma once

/// Laboratory values and findings of many cases as a table (docs/labs-format.md):
///
///     case,item,value,unit,gene,date,source
///     C-17,wbc,11.2,10*9/L,,2024-03-01,LIS
///     C-17,mutation,38,%,TET2,2024-03-05,NGS panel
///     C-17,bcr_abl1,no,,,2024-03-05,PCR

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "pipeline/criteria/findings.hpp"

namespace cytocape::criteria {

inline const std::string kAnyDay = "9999-12-31";

/// By case. Columns `case`, `item` and `value` are needed, the others may be absent; their letter
/// case does not matter. Of an item that a case has several times, the newest date is taken,
/// whatever the order of rows. Throws one ConfigError with all faults in the rows' order, each with
/// row, column, value and what would be right: an unknown item or column, an unclear unit, an
/// impossible value or date (or one after `latest_day`), values that contradict each other.
[[nodiscard]] std::map<std::string, Findings> read_labs(const std::filesystem::path& path,
                                                        const std::string& latest_day = kAnyDay);

/// What rows of one case say that were kept from such a file. Throws ConfigError naming `source`.
[[nodiscard]] Findings findings_of(const std::vector<GivenValue>& rows, const std::string& source);

}  // namespace cytocape::criteria
