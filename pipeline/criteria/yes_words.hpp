#pragma once

/// Words of the sources of what supports CMML (configs/criteria/sources_of_yes.toml).

#include <map>
#include <string>

#include "pipeline/criteria/word_list.hpp"

namespace cytocape::criteria {

/// One list a field; see the table.
struct YesWords {
  WordList of_chromosomes;
  WordList of_sequence;
  WordList errors;
  WordList another;
  WordList tissues;
  WordList stimulated;
  WordList doubtful;
  WordList slight;
  WordList silent;
  WordList below;
  WordList limits;
  WordList percent;
  WordList out_of;
  WordList more;
  WordList excluded;
  WordList denials;
  WordList ordered;
  WordList reproduced;
  WordList important;
  WordList described;
  WordList abnormality;
  /// What a denial is of where it is of the finding: by item, "dysplasia" of all lineages, and
  /// "any".
  std::map<std::string, WordList, std::less<>> finding;
};
/// Thread-safe.
[[nodiscard]] const YesWords& yes_words();

}  // namespace cytocape::criteria
