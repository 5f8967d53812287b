#pragma once

/// What rows that say unknown leave of the answers beside them. Internal to the reader of
/// laboratory files.

#include <string_view>

#include "pipeline/criteria/findings.hpp"
#include "pipeline/criteria/lab_findings.hpp"

namespace cytocape::criteria {

/// Of a row that says unknown, and no older than an answer "no":
/// - where its source says that what is asked for is there, the two contradict each other;
/// - else the "no" is used, and Findings::unanswered says so.
/// What no row tells is in Findings::said_unknown. Takes back answers of `findings`, which must be
/// those of `gathered`. Pure.
void take_unknown(const GatheredRows& gathered, Findings& findings);

/// "PCR positive, to be confirmed", "detected"; not "seen by AB", "to be confirmed", "control
/// positive".
[[nodiscard]] bool says_there_is_something(std::string_view source);

}  // namespace cytocape::criteria
