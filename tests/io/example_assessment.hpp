#pragma once

/// What is said of a case, with rows of every state, by two editions that disagree. Written by
/// hand: it holds every kind of value, it follows from no rules.

#include "io/assessment.hpp"

namespace cytocape::testing {

[[nodiscard]] criteria::CaseResult example_assessment();

}  // namespace cytocape::testing
