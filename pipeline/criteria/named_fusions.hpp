#pragma once

/// Fusions that a text in no notation names, and what it says of them.

#include <string_view>
#include <vector>

#include "pipeline/criteria/karyotype.hpp"

namespace cytocape::criteria {

struct NamedFusion {
  ShownFusion shown;      ///< never certain
  bool affirmed = false;  ///< "positive", "found"; else it is named alone
};

/// In the order of the text; what it denies is left out. Thread-safe; linear but for a text of more
/// than 200 words, of which the first 200 are read.
[[nodiscard]] std::vector<NamedFusion> named_fusions(std::string_view text);

}  // namespace cytocape::criteria
