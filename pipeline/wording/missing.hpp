#pragma once

/// What an edition waits for, and what is disputed, in as few words as tell it: terminal, page and
/// JSON say these alike. Pure; thread-safe.

#include <vector>

#include "io/assessment.hpp"

namespace cytocape::wording {

/// What would confirm the first open disease, then what the subtype and grade wait for:
/// "BCR::ABL1", "for the grade: blasts and equivalents in marrow". Empty where nothing is open.
[[nodiscard]] std::vector<Phrase> missing_words(const criteria::EditionResult& edition,
                                                const criteria::Readings& readings);

/// What sources contradict each other about, and how.
[[nodiscard]] std::vector<Phrase> disputed_words(const criteria::Readings& readings);

}  // namespace cytocape::wording
