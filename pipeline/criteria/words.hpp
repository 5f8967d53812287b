#pragma once

/// The words of a text, as denials and names are looked for among them.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cytocape::criteria {

struct Word {
  std::string small;      ///< in small letters
  std::size_t begin = 0;  ///< in the text
  std::size_t end = 0;
};

/// Letters and digits; a number is one word with its point or comma ("0.01", "22,5"), and "+", "%"
/// and "<" are words of their own. Thread-safe; linear.
[[nodiscard]] std::vector<Word> words_of_text(std::string_view text);

/// The same without their places.
[[nodiscard]] std::vector<std::string> plain_words(std::string_view text);

}  // namespace cytocape::criteria
