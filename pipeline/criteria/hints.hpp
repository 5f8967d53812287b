#pragma once

/// Which hints of an edition are shown beside a result.

#include <vector>

#include "pipeline/criteria/findings.hpp"
#include "pipeline/criteria/rules.hpp"

namespace cytocape::criteria {

/// `states` in the order of Rules::criteria. Pure.
[[nodiscard]] bool is_shown(const Hint& hint, const std::vector<State>& states,
                            const Findings& findings);

/// What is said then: of a hint on earlier counts with these. Pure.
[[nodiscard]] Phrase hint_words(const Hint& hint, const Findings& findings);

}  // namespace cytocape::criteria
