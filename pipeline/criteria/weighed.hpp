#pragma once

/// What the criteria ask about that no single item tells. Each is "no" where no row speaks for it,
/// and not known where a row says so of what it rests on.

#include "io/assessment.hpp"
#include "pipeline/criteria/findings.hpp"
#include "pipeline/criteria/rules.hpp"

namespace cytocape::criteria {

/// Sets the readings of:
/// child                younger than 18 years; an adult where no age is given
/// bystander_clone      open where a small clone may stand beside a monocytosis of another cause
/// cause_without_clone  open where a reactive cause stands without a clone of 10 % or more
/// neoplasm_beside      open where another haematopoietic neoplasm is recorded, or contested
/// earlier_leukaemia    open where blasts were 20 % or more on an earlier day
/// mpn_driver           open where JAK2, CALR or MPL has a high VAF or stands beside a feature of
/// MPN,
///                      and nobody answers for MPN now
/// vexas_alone          open where UBA1 is mutated and neither dysplasia nor another clone supports
/// gene_of_another      open where a mutation of another disease is not outweighed, nor answered
/// for Reads those of the items. Pure.
void weigh(const Findings& findings, Readings& readings);

/// The first row whose source tells of a child (children.hpp); none where none does, or an age is
/// given.
[[nodiscard]] const GivenValue* row_of_child(const Findings& findings);

}  // namespace cytocape::criteria
