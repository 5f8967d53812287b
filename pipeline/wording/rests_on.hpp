#pragma once

/// What a classification rests on. Pure; thread-safe.

#include "io/assessment.hpp"

namespace cytocape::wording {

/// Monocytes, clonality, dysplasia, where no clone is there flow cytometry, and blasts as they are
/// used, and whether the file or a slide tells them: "monocytes 30 % (file), 4.5 x 10^9/L (file);
/// clonality by TET2 38 %; dysplasia (erythroid); blasts in blood 1 % (file), in marrow 2 %
/// (slide)". A slide's own numbers may be others. Empty where nothing is known.
[[nodiscard]] Phrase rests_on(const criteria::Readings& readings);

}  // namespace cytocape::wording
