#pragma once

/// Names of mutated genes as laboratories write them (configs/criteria/genes.toml).

#include <string>

namespace cytocape::criteria {

/// "FLT3-ITD" is the gene FLT3 and the variant "-ITD".
struct GeneName {
  std::string gene;     ///< as the list spells it, or as written where it is not in the list
  std::string variant;  ///< what follows it, with the sign or blank before; often empty
  bool known = false;   ///< the gene, or one of a fusion's, is in the list
};

/// Letter case, blanks and hyphens do not matter: "tet-2" is TET2. A fusion ("KMT2A::MLLT3") is a
/// gene of its own. Thread-safe.
[[nodiscard]] GeneName read_gene(const std::string& written);

/// What is wrong with a gene that the list does not know, for people.
[[nodiscard]] std::string unknown_gene_words(const std::string& gene);

}  // namespace cytocape::criteria
