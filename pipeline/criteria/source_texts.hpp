#pragma once

/// What the free text beside a laboratory's values names.

#include "pipeline/criteria/findings.hpp"

namespace cytocape::criteria {

/// Fills in Findings::named and Findings::spoken from the sources of Findings::given, and a remark
/// beside each value whose source names a fusion, a disease, or 20 % of blasts. What a source
/// denies is left out, and so is what it names as tested for ("BCR::ABL1 by PCR") beside an answer
/// "no" or a normal karyotype.
void note_sources(Findings& findings);

}  // namespace cytocape::criteria
