#include "pipeline/criteria/source_names.hpp"

#include <algorithm>

#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/verdict_words.hpp"

namespace cytocape::criteria {
namespace {

bool is_place_or_person(const SourceToken* one) {
  return one != nullptr && (one->kind == SourceWord::place || one->kind == SourceWord::person);
}

}  // namespace

bool are_initials(const SourceCursor& at) {
  constexpr std::size_t kMost = 5;
  constexpr std::size_t kMostWhereAllIsCapital = 3;
  const auto written = at.token().written;
  const auto& text = at.text();
  const bool shouted = std::none_of(text.begin(), text.end(), is_small);
  return is_capital(written.front()) &&
         written.size() <= (shouted ? kMostWhereAllIsCapital : kMost) &&
         std::none_of(written.begin(), written.end(), is_small);
}

bool is_name(const SourceCursor& at, bool after_name) {
  const auto& token = at.token();
  const auto* last = at.before();
  if (!is_capital(token.written.front())) return false;
  if (is_place_or_person(last) || is_place_or_person(at.behind())) return true;
  const bool after_letter = last != nullptr && last->written.size() == 1;
  if (after_name && (!token.initial || after_letter)) return true;
  if (token.initial || last == nullptr) return false;
  if (at.any_in_clause([](const SourceToken& one) {
        return denies_behind(one.small) || says_normal(one.small);
      }))
    return true;
  return last->clause != token.clause ||
         is_one_of(last->small, {"at", "of", "in", "from", "by", "von", "aus", "de", "di", "du",
                                 "par", "por", "a", "da", "der", "st", "per"});
}

bool is_first_name(const SourceCursor& at) {
  const auto* next = at.behind();
  return at.token().written.size() == 1 && is_capital(at.token().written.front()) &&
         next != nullptr && next->written.size() > 2 && is_capital(next->written.front()) &&
         next->kind == SourceWord::unknown;
}

bool is_kit(const SourceToken& one) {
  const auto& name = one.written;
  if (!is_capital(name.front())) return false;
  std::size_t small = 0;
  for (const char c : name) {
    if (small > 1 && is_capital(c)) return true;
    small = is_small(c) ? small + 1 : 0;
  }
  return false;
}

bool is_identifier(const std::string& word) {
  const auto digits = word.find_first_of("0123456789");
  return digits != std::string::npos && digits <= 2 &&
         std::all_of(word.begin() + static_cast<std::ptrdiff_t>(digits), word.end(), is_digit);
}

}  // namespace cytocape::criteria
