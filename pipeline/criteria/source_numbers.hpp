#pragma once

/// Numbers in the source of an answer "no". Internal to sources_of_no.cpp.

#include "pipeline/criteria/source_cursor.hpp"

namespace cytocape::criteria {

/// "0.5 %", "3/200 nuclei", "1F2R": whether the number at a place may count what was found. One
/// that is denied, a bound ("< 0.01 %", "sensitivity 1 %"), a date or a report's is none.
[[nodiscard]] bool is_number_of_findings(const SourceCursor& at, bool denied);

/// "ABL1 control 52,000 copies": of the gene that shows that the test worked.
[[nodiscard]] bool is_of_control(const SourceCursor& at);

/// "0 copies", "0 % fusion": denies what stands behind it.
[[nodiscard]] bool denies_as_zero(const SourceCursor& at);

}  // namespace cytocape::criteria
