#pragma once

/// The sentences that explain the criteria's results.

#include <string>
#include <vector>

#include "pipeline/criteria/classification.hpp"
#include "pipeline/criteria/criteria.hpp"
#include "pipeline/criteria/worlds.hpp"

namespace cytocape::criteria {

/// "at least 0.5 x 10^9/L", "yes".
[[nodiscard]] std::string asked_words(const Domain& domain, const Criterion& leaf);

[[nodiscard]] std::string leaf_sentence(const Domain& domain, const Criterion& leaf,
                                        const Reading& reading, State state);

/// `states` in the order of Rules::criteria.
[[nodiscard]] std::string gate_sentence(const Rules& rules, const Criterion& gate,
                                        const std::vector<State>& states);

[[nodiscard]] std::string classification_sentence(const Rules& rules, const Classification& now);

/// Those of all editions, each once.
[[nodiscard]] std::vector<std::string> distinct_hints(const std::vector<EditionResult>& editions);

[[nodiscard]] std::string agreement_sentence(const std::vector<EditionResult>& editions);

}  // namespace cytocape::criteria
