#pragma once

/// What would decide an edition's classification, and what would change it.

#include <vector>

#include "pipeline/criteria/classification.hpp"
#include "pipeline/criteria/criteria.hpp"
#include "pipeline/criteria/possible_facts.hpp"

namespace cytocape::criteria {

struct Outlook {
  std::vector<Decision> decisions;
  std::vector<std::string> shortest;
  std::vector<Change> changes;
};

/// Pure.
[[nodiscard]] Outlook look_ahead(const Rules& rules, const PossibleFacts& possible_facts,
                                 const Classification& now);

}  // namespace cytocape::criteria
