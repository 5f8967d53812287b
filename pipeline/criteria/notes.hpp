#pragma once

/// What a reader must consider beside the result though no criterion says it: said first of the
/// remarks, on the terminal, the page and in JSON.

#include <vector>

#include "io/phrase.hpp"
#include "pipeline/criteria/conclusions.hpp"
#include "pipeline/criteria/readings.hpp"

namespace cytocape::criteria {

/// What rows say is unknown, where the disease is open and hangs on it. Pure.
[[nodiscard]] std::vector<Phrase> notes_on_unknown(const Judged& judged);

/// Whatever the edition: rows `resolved` that settle nothing, which are remarked beside their items
/// too, and counts of very different days that are combined. `known` is of `facts`.
[[nodiscard]] std::vector<Phrase> notes_on_case(const Case& facts, CaseReadings& known);

}  // namespace cytocape::criteria
