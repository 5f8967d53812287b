#include "pipeline/criteria/words.hpp"

#include "pipeline/criteria/signs.hpp"

namespace cytocape::criteria {
namespace {

/// The point or comma of "22.5".
bool is_decimal(std::string_view text, std::size_t at) {
  return (text[at] == '.' || text[at] == ',') && at > 0 && is_digit(text[at - 1]) &&
         at + 1 < text.size() && is_digit(text[at + 1]);
}

}  // namespace

std::vector<Word> words_of_text(std::string_view text) {
  std::vector<Word> words;
  for (std::size_t at = 0; at < text.size();) {
    auto end = at;
    while (end < text.size() &&
           (is_letter_or_digit(text[end]) || (end > at && is_decimal(text, end))))
      ++end;
    const bool sign = text[at] == '+' || text[at] == '%' || text[at] == '<';
    if (end == at && sign) ++end;
    if (end > at)
      words.push_back(
          {.small = in_small_letters(text.substr(at, end - at)), .begin = at, .end = end});
    at = end > at ? end : at + 1;
  }
  return words;
}

std::vector<std::string> plain_words(std::string_view text) {
  std::vector<std::string> plain;
  for (auto& word : words_of_text(text)) plain.push_back(std::move(word.small));
  return plain;
}

}  // namespace cytocape::criteria
