#pragma once

/// Words of the source of an answer "no" (configs/criteria/sources_of_no.toml).

#include <string>

namespace cytocape::criteria {

enum class SourceWord {
  unknown,
  test,      ///< "fish"
  event,     ///< "fusion"
  found,     ///< "known", "evidence"
  waiting,   ///< "repeat"
  sample,    ///< "marrow"
  place,     ///< "lab"
  person,    ///< "dr"
  record,    ///< "report"
  joining,   ///< "of"
  clinical,  ///< "imaging"
  limiting,  ///< "longer", which only a denial makes one
};

/// Of a word in small letters, without accents. Thread-safe.
[[nodiscard]] SourceWord source_word(const std::string& word);
/// "longer" of "no longer detectable": behind a denial it leaves a finding possible. Thread-safe.
[[nodiscard]] bool limits_a_denial(const std::string& word);

}  // namespace cytocape::criteria
