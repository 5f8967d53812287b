#pragma once

/// What a case's mutations, fusions and karyotypes mean together: which of them define another
/// disease, and which are clonality.

#include <cstdint>
#include <string>
#include <vector>

#include "io/assessment.hpp"
#include "pipeline/criteria/findings.hpp"
#include "pipeline/criteria/rules.hpp"

namespace cytocape::criteria {

/// A fusion, a rearranged gene or a mutated gene, and where it was found.
struct GeneticFinding {
  /// Of a fusion those that were joined, none where they cannot be read; else one.
  std::vector<std::string> genes;
  std::string variant;  ///< of a mutated gene, as written
  bool is_fusion = false;
  bool certain = true;    ///< else it is to be looked for
  std::string name;       ///< "PML::RARA", "NPM1"
  std::string words;      ///< "PML::RARA (RNA panel, 2024-03-05)", "t(15;17) .. means PML::RARA"
  std::uint64_t row = 0;  ///< whose source names it; else 0
  std::string day = {};   ///< when it was found; empty where that is not told
  bool unknown = false;   ///< a row says that it is not known
  bool denied_later = false;
};

/// All that may define another disease: fusions of whatever kind, and mutated genes. A finding that
/// is not certain is left out where a row says that its gene was tested and is not rearranged, but
/// for what the source of that very row names.
/// Sorted by name, whatever the order of rows. Pure.
[[nodiscard]] std::vector<GeneticFinding> genetic_findings(const Findings& findings);

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
