#pragma once

/// How words of a clause of the source of an answer "no" belong together. Internal to
/// sources_of_no.cpp. Of the word that the cursor is at.

#include <cstddef>

#include "pipeline/criteria/source_cursor.hpp"

namespace cytocape::criteria {

/// "PDGFRA or PDGFRB detected", but not "PDGFRA detected or suspected".
[[nodiscard]] bool joins_before_verdict(const SourceCursor& at);
/// "not detected", "not MPN"; but "not on the panel", "not asked".
[[nodiscard]] bool verb_follows(const SourceCursor& at);
/// "detectado: no", "nachweisbar nicht", "known none": the denial stands behind.
[[nodiscard]] bool clause_ends_denied(const SourceCursor& at);
/// "rearrangements of PDGFRA, PDGFRB, FGFR1: negative": the denial stands behind the list.
[[nodiscard]] bool list_ends_denied(const SourceCursor& at);
/// Whether one of so many words before takes back that something is excluded: "cannot be".
[[nodiscard]] bool is_taken_back_within(const SourceCursor& at, std::size_t words);
/// "fusion" behind "for" or before what tests for it: "fusion panel", "screening for fusions".
[[nodiscard]] bool is_tested_for(const SourceCursor& at);

}  // namespace cytocape::criteria
