#pragma once

/// What in the source of an answer "no" tells of a finding, in other words than those for one.
/// Internal to sources_of_no.cpp. Of the word that the cursor is at.

#include "pipeline/criteria/source_cursor.hpp"
#include "pipeline/criteria/sources_of_no.hpp"

namespace cytocape::criteria {

/// "Glivec", "MR4.5", "TFR": of a disease that was there.
[[nodiscard]] bool tells_of_treated(const SourceCursor& at);
/// "not detected any more", "negative in CML follow-up", "month 24".
[[nodiscard]] bool tells_of_one_that_was(const SourceCursor& at, const AskedOf& asked);
/// "der(22)", "CHIC2 one copy", "BCR e14 ABL1 a2", "third signal", "CHIC2 x1", "4q12-": where genes
/// are joined or a copy is lost. `denied`: what stands here is denied.
[[nodiscard]] bool tells_of_a_junction(const SourceCursor& at, bool denied);
/// "HU 2015", "IFN", "P32", "chart: JAK2", "platelets 2000": of a myeloproliferative neoplasm.
[[nodiscard]] bool tells_of_mpn(const SourceCursor& at, const AskedOf& asked, bool denied);

}  // namespace cytocape::criteria
