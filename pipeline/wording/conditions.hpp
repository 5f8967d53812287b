#pragma once

/// What is asked of an input, and what would have to be shown. Pure; thread-safe.

#include "io/assessment.hpp"

namespace cytocape::wording {

/// "at least 5 and below 20 %", "yes", "at least one acquired mutation".
[[nodiscard]] Phrase asked_words(const criteria::Asked& asked);

/// What has to be found, in words that no reader takes for what was found: "BCR::ABL1 shown
/// absent", "erythroid dysplasia shown", "monocytes shown to be above 10 %".
[[nodiscard]] Phrase shown_words(const criteria::Need& need);

/// Whether "no" is the answer that is asked for: behind the title of such a criterion ("No
/// BCR::ABL1") a bare "no" would deny it once more.
[[nodiscard]] bool asks_for_no(const criteria::Asked& asked);

}  // namespace cytocape::wording
