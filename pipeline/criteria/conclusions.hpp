#pragma once

/// The sentence that a case's result begins with, one edition's and the whole case's.

#include <string>
#include <vector>

#include "io/assessment.hpp"
#include "pipeline/criteria/classification.hpp"
#include "pipeline/criteria/findings.hpp"
#include "pipeline/criteria/possible_facts.hpp"

namespace cytocape::criteria {

/// One edition's view of a case.
struct Judged {
  const Rules& rules;
  const Findings& findings;
  const PossibleFacts& possible_facts;
  const std::vector<State>& states;
  const Classification& now;
};

/// What an edition concludes, and what must be acted on.
struct Conclusion {
  std::string sentence;
  std::vector<Urgent> urgent;  ///< what the edition excludes CMML for
  std::vector<Urgent> raised;  ///< what must be cleared up first
};

/// Pure.
[[nodiscard]] Conclusion conclude(const Judged& judged);

}  // namespace cytocape::criteria
