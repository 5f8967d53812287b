#pragma once

/// What the source of an answer "no" says of the answer itself.

#include <string_view>

namespace cytocape::criteria {

/// "not tested", "pending", "insufficient RNA", beside no result: an answer "no" is then not known.
[[nodiscard]] bool says_untested(std::string_view source);

/// "positive", "PCR: detected in 80 % of cells": nothing but that it is there.
[[nodiscard]] bool says_found(std::string_view source);

/// "seen once", "2 weeks": of a monocytosis that was observed for less than three months.
[[nodiscard]] bool says_brief(std::string_view source);

}  // namespace cytocape::criteria
