#pragma once

/// Which rows `resolved` may settle what the file says of their items. Internal to the criteria.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/criteria/findings.hpp"
#include "pipeline/criteria/lab_findings.hpp"

namespace cytocape::criteria {

/// Moves from Findings::resolved to Findings::idle what settles nothing: a decision that is older
/// than what it would settle, one whose reason tells of a treated disease, and any between a
/// myeloid sarcoma and its later denial. Where a disease was found and denied again, the decision
/// must be no older than what found it and than one row that denies it later. Pure.
void set_idle_aside(const GatheredRows& gathered, Findings& findings);

/// Whether a person decided on the item no earlier than a row of `day`; either without a day may be
/// of any.
[[nodiscard]] bool has_weighed(const Findings& findings, const std::string& item,
                               const std::string& day);

/// Whether a reason says that an earlier finding was none: "sample of another patient",
/// "mislabelled", "false positive", "not reproduced". Any other leaves possible that what was found
/// was treated.
[[nodiscard]] bool says_finding_was_wrong(std::string_view reason);

/// "in molecular remission", "under ruxolitinib", "treated and gone": what was treated was there.
[[nodiscard]] bool tells_of_treatment(std::string_view reason);
/// Whether a word does. Words are those of plain_words.
[[nodiscard]] bool tells_of_treatment_at(const std::vector<std::string>& words, std::size_t i);

}  // namespace cytocape::criteria
