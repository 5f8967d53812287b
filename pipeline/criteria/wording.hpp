#pragma once

/// Numbers and ranges as the criteria's sentences print them.

#include <string>
#include <vector>

#include "pipeline/criteria/findings.hpp"

namespace cytocape::criteria {

/// Three significant digits, without trailing zeros: 0.5, 11.2, 1230.
[[nodiscard]] std::string format_number(double value);

/// As above, with as many digits as keep it on its side of `threshold`: 0.9996 is not "1" beside 1.
[[nodiscard]] std::string format_beside(double value, double threshold);

/// "a, b and c".
[[nodiscard]] std::string join_words(const std::vector<std::string>& words,
                                     const std::string& last = "and");

/// "FLT3-ITD 12 %", "TET2 (VAF unknown)".
[[nodiscard]] std::string mutation_words(const Mutation& mutation);

}  // namespace cytocape::criteria
