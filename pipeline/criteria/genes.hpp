#pragma once

/// Names of mutated genes as laboratories write them (configs/criteria/genes.toml), and what is
/// known of a case's mutations.

#include <optional>
#include <string>
#include <vector>

#include "io/assessment.hpp"
#include "pipeline/criteria/findings.hpp"

namespace cytocape::criteria {

/// "FLT3-ITD" is the gene FLT3 and the variant "-ITD".
struct GeneName {
  std::string gene;     ///< as the list spells it, or as written where it is not in the list
  std::string variant;  ///< what follows it, with the sign or blank before; often empty
  bool known = false;   ///< the gene, or one of a fusion's, is in the list
};

/// Letter case, blanks and hyphens do not matter: "tet-2" is TET2. A former symbol is read as
/// today's ("MLL" is KMT2A), and the marks that reports write behind a symbol as its variant
/// ("NPM1c", "CEBPAdm"). A fusion ("KMT2A::MLLT3", "MLL-r") stays as written. Thread-safe.
[[nodiscard]] GeneName read_gene(const std::string& written);

/// Of a gene or fusion as read_gene spells it. Thread-safe.
[[nodiscard]] GeneMeaning meaning_of(const std::string& gene);
/// Whether its mutations drive the classical myeloproliferative neoplasms. Thread-safe.
[[nodiscard]] bool drives_mpn(const std::string& gene);
/// The same, and those of other myeloproliferative neoplasms: a mutation of them does not tell CMML
/// from one. Thread-safe.
[[nodiscard]] bool is_of_mpn(const std::string& gene);
/// Whether a row names a gene alone that is known for its rearrangements, so that either may be
/// meant: "NUP98", "EVI1". Not of a gene whose mutations are of myeloid neoplasms ("KMT2A"), nor
/// where a variant is written, unless the row tells of FISH alone, which sees no mutation.
/// Thread-safe.
[[nodiscard]] bool may_be_rearranged(const Mutation& mutation);
/// Whether a row of that gene alone, or one that is called mutated, may mean its fusion.
[[nodiscard]] bool is_kinase_gene(const std::string& gene);
/// Whether a fusion of these genes is of the neoplasms with tyrosine-kinase fusion, BCR::ABL1 among
/// them.
[[nodiscard]] bool joins_kinase(const std::vector<std::string>& genes);

/// Genes whose mutation is of another disease with monocytosis.
struct GenesOfAnother {
  std::vector<std::string> genes;      ///< "KIT D816"
  std::optional<GeneMeaning> meaning;  ///< all of a list
  std::string named;                   ///< the disease, of named.toml
  std::string answer;                  ///< item whose "no" excludes it
};
[[nodiscard]] const std::vector<GenesOfAnother>& genes_of_another();
/// A row without a variant may be of any.
[[nodiscard]] bool is_of_another(const GenesOfAnother& other, const Mutation& mutation);

/// The gene of the list that may be meant by one that it does not hold; empty where none is near.
[[nodiscard]] std::string nearest_gene(const std::string& gene);

/// What would be right where `written` names no mutated gene: "wild type", "see report", "JAK2
/// negative". Empty where it may be one, known to the list or not.
[[nodiscard]] std::string no_gene_symbol(const std::string& written);

/// The genes that were joined, as the list spells them: BCR and ABL1 of "BCR-ABL1", "bcr/abl" or
/// "BCR::ABL1", KMT2A alone of "KMT2A rearranged". Empty where it is no fusion ("FLT3-ITD").
[[nodiscard]] std::vector<std::string> fused_genes(const std::string& written);

/// Whether more than one gene is named that are joined to no fusion: "TET2, ASXL1", "KRAS/NRAS".
[[nodiscard]] bool names_several_genes(const std::string& written);

/// The item that a fusion belongs to, which is no mutation that shows clonality of CMML: "bcr_abl1"
/// or "tk_fusion"; empty for any other gene or fusion.
[[nodiscard]] std::string item_of_fusion(const std::string& written);

/// The highest VAF of those that support; a lower bound where one was not measured or a gene is not
/// in the list.
[[nodiscard]] Reading read_mutations(const Findings& findings);

}  // namespace cytocape::criteria
