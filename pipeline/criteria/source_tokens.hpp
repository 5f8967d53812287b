#pragma once

/// The words of the source of an answer "no", each as it is by itself. Internal to
/// sources_of_no.cpp.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/criteria/source_words.hpp"
#include "pipeline/criteria/sources_of_no.hpp"

namespace cytocape::criteria {

/// A word of the source, and what it is there.
struct SourceToken {
  std::string small;
  std::string_view written;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t clause = 0;
  bool number = false;   ///< begins with a digit
  bool disease = false;  ///< a part of a name that is weighed by itself
  bool gene = false;     ///< a symbol, a transcript, a marker
  bool own = false;      ///< a gene that the answer is given to
  bool initial = false;  ///< begins a sentence
  bool opens = false;    ///< a bracket
  bool closes = false;
  SourceWord kind = SourceWord::unknown;
};

/// Views into `text`, whose signs are ASCII. Thread-safe; time grows with its length.
[[nodiscard]] std::vector<SourceToken> tokens_of(const std::string& text, const AskedOf& asked);

/// "but", behind which something else is said.
[[nodiscard]] bool turns(const std::string& word);
/// "t", "inv", "q34": of a karyotype.
[[nodiscard]] bool is_of_a_notation(const std::string& word);

[[nodiscard]] inline bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}

}  // namespace cytocape::criteria
