#pragma once

/// What a case's mutations, fusions and karyotypes mean together: which of them define another
/// disease, and which are clonality.

#include <string>
#include <vector>

#include "io/assessment.hpp"
#include "pipeline/criteria/findings.hpp"
#include "pipeline/criteria/genetic_findings.hpp"
#include "pipeline/criteria/rules.hpp"

namespace cytocape::criteria {

/// What an edition's table of AML says of a finding.
struct AmlMatch {
  const AmlFamily* family = nullptr;  ///< none where the table does not know the fusion
  GeneticFinding finding;
  [[nodiscard]] bool certain() const {
    return family != nullptr && family->certain && finding.certain;
  }
};

/// Those that the table names, and fusions that it does not know; BCR::ABL1 and fusions of tyrosine
/// kinases, which have inputs of their own, are left out. Pure; refers to `rules`.
[[nodiscard]] std::vector<AmlMatch> aml_matches(const Rules& rules, const Findings& findings);

/// Why a match leaves the question open, as a clause.
[[nodiscard]] std::string raised_words(const Rules& rules, const AmlMatch& match);

/// The readings of "aml_at_any_count" and "aml_from_10" by one edition, into `readings`.
void read_aml(const Rules& rules, const Findings& findings, Readings& readings);

/// An abnormality that would be a clonality of CMML, BCR::ABL1 and fusions of tyrosine kinases:
/// from the items and the karyotypes.
[[nodiscard]] Reading read_cytogenetics(const Findings& findings, Reading item);
[[nodiscard]] Reading read_bcr_abl1(const Findings& findings, const Reading& item);
[[nodiscard]] Reading read_tk_fusion(const Findings& findings, const Reading& item);

}  // namespace cytocape::criteria
