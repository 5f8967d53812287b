#pragma once

/// What is said beside karyotypes that may be of another person.

#include "io/assessment.hpp"
#include "pipeline/criteria/findings.hpp"

namespace cytocape::criteria {

/// Beside "cytogenetics": chromosomes of the other sex than another karyotype or the item sex
/// tells, and cells of a donor. Pure.
void remark_on_karyotypes(const Findings& findings, Readings& readings);

}  // namespace cytocape::criteria
