#pragma once

/// Whether the source of what supports CMML takes it back.

#include <string_view>

#include "pipeline/criteria/sources_of_no.hpp"

namespace cytocape::criteria {

/// Whether the source of a "yes", or of a mutation that was found, says that it is not there ("no
/// dysplasia", "unmutated"), that there is no result ("QC failed", "ordered"), that it is of
/// somebody else or of another tissue ("sample swap", "fibroblasts"), or no finding ("class 3
/// variant", "8 % of granulocytes" of a dysplasia, which asks for 10 %: Khoury et al. 2022, table
/// 6). What is said of something else takes nothing back: "no ring sideroblasts", "FLT3 not
/// mutated", "blasts not increased". Judgement, by words alone. Thread-safe; time grows with the
/// square of the longest clause.
[[nodiscard]] bool takes_itself_back(std::string_view source, const AskedOf& asked);

}  // namespace cytocape::criteria
