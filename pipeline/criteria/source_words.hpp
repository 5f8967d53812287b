#pragma once

/// Words of the source of an answer "no" (configs/criteria/sources_of_no.toml).

#include <string>

#include "pipeline/criteria/word_list.hpp"

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

/// Words of the table that its reader asks for by themselves.
struct NoWords {
  WordList denials;           ///< "none", "absence", "nie": beside "no" and "not"
  WordList again;             ///< of a second test
  WordList undoes_exclusion;  ///< "cannot" of "cannot be excluded"
  WordList responses;         ///< "TFR", "CCyR": of a leukaemia that was treated
  WordList formerly;          ///< "previously p210"
  WordList followed_up;       ///< "follow", "suivi"
  WordList only;              ///< "only p210"
  WordList others;            ///< "no other neoplasm"
  WordList third;             ///< "third signal"
  WordList of_mpn;            ///< "HU", "IFN": treatments and names of MPN by letters
  WordList counts_of_mpn;     ///< "platelets": a number behind them is a count
};
/// Thread-safe.
[[nodiscard]] const NoWords& no_words();

/// Of a word in small letters, without accents. Thread-safe.
[[nodiscard]] SourceWord source_word(const std::string& word);
/// "longer" of "no longer detectable": behind a denial it leaves a finding possible. Thread-safe.
[[nodiscard]] bool limits_a_denial(const std::string& word);

}  // namespace cytocape::criteria
