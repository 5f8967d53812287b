#pragma once

/// What the criteria ask about that no single item tells. Each is "no" where nothing speaks for it.

#include "io/assessment.hpp"
#include "pipeline/criteria/findings.hpp"

namespace cytocape::criteria {

/// Sets the readings of:
/// child            younger than 18 years; an adult where no age is given
/// bystander_clone  open where a small clone may stand beside a monocytosis of another cause
/// neoplasm_beside  open where another haematopoietic neoplasm is recorded
/// Reads those of "mutation", "reactive_cause" and "other_neoplasm". Pure.
void weigh(const Findings& findings, Readings& readings);

}  // namespace cytocape::criteria
