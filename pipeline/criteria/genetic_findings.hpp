#pragma once

/// Fusions, rearranged and mutated genes that a case's rows tell of.

#include <cstdint>
#include <string>
#include <vector>

#include "pipeline/criteria/findings.hpp"

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

/// The genes of "PML::RARA", the one of "KMT2A".
[[nodiscard]] std::vector<std::string> parts_of(const std::string& fusion);
[[nodiscard]] bool has_gene(const std::vector<std::string>& genes, const std::string& gene);

// What one row shows, in which a finding is told; `where` says where.

[[nodiscard]] GeneticFinding finding_of_shown(const ShownFusion& shown, const std::string& where,
                                              const std::string& day = "");
/// Of the source of a row.
[[nodiscard]] GeneticFinding finding_of_named(const NamedInSource& named);

/// A clone that came later was not there to be seen: what an older row denies is not denied.
[[nodiscard]] bool is_denied(const Findings& findings, const GeneticFinding& finding);

}  // namespace cytocape::criteria
