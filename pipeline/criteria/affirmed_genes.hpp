#pragma once

/// Genes that a text in no notation calls mutated.

#include <string>
#include <string_view>
#include <vector>

namespace cytocape::criteria {

/// "NPM1" of "NPM1 type A detected", "PDGFRB" of "PDGFRB positive", as the list of genes spells
/// them, each once. A gene that is named alone ("JAK2 V617F by PCR"), or denied, is none of them.
/// Thread-safe; linear.
[[nodiscard]] std::vector<std::string> affirmed_genes(std::string_view text);

}  // namespace cytocape::criteria
