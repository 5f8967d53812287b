#pragma once

/// What counts of the rows on mutations. Internal to the reader of laboratory files.

#include "io/fault_list.hpp"
#include "pipeline/criteria/findings.hpp"
#include "pipeline/criteria/lab_findings.hpp"

namespace cytocape::criteria {

/// The newest row of a gene counts, and a mutation that is found later outdoes an earlier "no". One
/// that a row of its gene denies later, on the same day or on none that is told is in
/// Findings::contested_genes, and one that a row of all genes denies later in
/// Findings::contested: neither is taken, and both are in Findings::denied_later, but where a
/// person decided. Takes the mutations of `gathered`.
void take_mutations(GatheredRows& gathered, Findings& findings, FaultList& faults);

}  // namespace cytocape::criteria
