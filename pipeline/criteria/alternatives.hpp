#pragma once

/// From all ways in which a criterion could still be met, the shortest, as a person would list
/// them: what is needed in any case, and lists of which one entry each suffices.

#include <vector>

#include "pipeline/criteria/possible_facts.hpp"

namespace cytocape::criteria {

struct Plan {
  Assignment all;                               ///< needed in any case
  std::vector<std::vector<Assignment>> one_of;  ///< of each list one entry
};

/// Keeps the ways with the fewest conditions (a range with two ends is two conditions) and factors
/// them: {a, b1, c1}, {a, b2, c1}, {a, b1, c2}, {a, b2, c2} is a, one of b1, b2, one of c1, c2.
/// Ways that are no such product become one list.
[[nodiscard]] Plan factor(const PossibleFacts& possible_facts, std::vector<Assignment> ways);

/// The cells wanted, with those that are impossible anyway where that makes the wording simpler:
/// "at least 0.5" instead of "at least 0.5 and below 20".
[[nodiscard]] Cells widened(const PossibleFacts& possible_facts,
                            const Assignment::value_type& wanted);

}  // namespace cytocape::criteria
