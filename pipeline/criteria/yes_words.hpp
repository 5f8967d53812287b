#pragma once

/// Words of the sources of what supports CMML (configs/criteria/sources_of_yes.toml).

#include "pipeline/criteria/word_list.hpp"

namespace cytocape::criteria {

/// One list a field; see the table.
struct YesWords {
  WordList of_chromosomes;
  WordList of_sequence;
};
/// Thread-safe.
[[nodiscard]] const YesWords& yes_words();

}  // namespace cytocape::criteria
