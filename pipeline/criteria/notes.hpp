#pragma once

/// What a reader must consider beside the result though no criterion says it: said first of the
/// remarks, on the terminal, the page and in JSON.

#include <vector>

#include "io/phrase.hpp"
#include "pipeline/criteria/conclusions.hpp"

namespace cytocape::criteria {

/// What rows say is unknown, where the disease is open and hangs on it. Pure.
[[nodiscard]] std::vector<Phrase> notes_on_unknown(const Judged& judged);

}  // namespace cytocape::criteria
