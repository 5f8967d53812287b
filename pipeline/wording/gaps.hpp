#pragma once

/// Why a reading is unknown, a lower bound or disputed. Pure; thread-safe.

#include <string>
#include <vector>

#include "io/assessment.hpp"

namespace cytocape::wording {

/// "the model of slide B-1 does not know promonocytes": why a slide that is ok is left out of a
/// sum.
[[nodiscard]] Phrase slide_lacks(const std::string& slide, const std::vector<std::string>& parts);
/// "slide B-1 is insufficient". Why it is so stands with the slide, once.
[[nodiscard]] Phrase slide_is(const std::string& slide, const std::string& status);

/// All of them, in order; empty where there is none.
[[nodiscard]] Phrase gap_words(const std::vector<criteria::Gap>& gaps);

/// Sets the texts that are made of a reading's source and gaps.
void word(criteria::Reading& reading);

}  // namespace cytocape::wording
