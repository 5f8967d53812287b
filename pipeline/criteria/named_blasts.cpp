// Shares of blasts that a text tells.

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "io/text.hpp"
#include "pipeline/criteria/named_diseases.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/words.hpp"

namespace cytocape::criteria {
namespace {

bool is_equivalent(const std::string& word) {
  const bool disease = word.find("blastic") != std::string::npos;
  return !disease && (word.starts_with("promono") || word.starts_with("monobl"));
}

/// "blasts", "Blasten", "myeloblasts", "promonocytes"; no normoblasts.
bool are_blasts(const std::string& word) {
  if (is_equivalent(word)) return true;
  if (word.find("blast") == std::string::npos && !word.starts_with("blasti")) return false;
  for (const auto* other : {"erythro", "eritro", "normo", "megalo", "fibro", "osteo", "neuro",
                            "blastoid", "glio", "blastic", "blastocyt"})
    if (word.find(other) != std::string::npos) return false;
  return true;
}

bool is_percent(const std::string& word) {
  return is_one_of(word, {"%", "percent", "pct", "prozent", "procent"});
}

std::optional<double> number_in(std::string word) {
  std::replace(word.begin(), word.end(), ',', '.');
  return parse_number(word);
}

/// "< 20 %", "below 20 %".
bool is_limit(const std::vector<Word>& words, std::size_t number) {
  if (number == 0) return false;
  const auto& before = words[number - 1].small;
  if (is_one_of(before, {"<", "below", "under", "unter", "than", "no", "not", "menos", "meno",
                         "moins", "onder"}))
    return before != "than" || number < 2 || words[number - 2].small != "more";
  return false;
}

bool ends_clause(std::string_view gap) {
  return gap.find_first_of(";\n") != std::string_view::npos ||
         gap.find(", ") != std::string_view::npos || gap.find(". ") != std::string_view::npos;
}

std::string_view gap_before(std::string_view text, const std::vector<Word>& words, std::size_t i) {
  const auto begin = i == 0 ? 0 : words[i - 1].end;
  return text.substr(begin, words[i].begin - begin);
}

/// The word of blasts that the number at `number` is said of; none where there is none.
std::optional<std::size_t> blasts_before(std::string_view text, const std::vector<Word>& words,
                                         std::size_t number) {
  constexpr std::size_t kNear = 5;
  for (std::size_t i = number; i-- > 0 && number - i <= kNear;) {
    if (ends_clause(gap_before(text, words, i + 1))) break;
    if (are_blasts(words[i].small)) return i;
    // "20-30 %"
    const bool range = i + 1 == number && gap_before(text, words, number) == "-";
    if (is_percent(words[i].small) || (number_in(words[i].small) && !range)) break;
  }
  return std::nullopt;
}

std::optional<std::size_t> blasts_behind(std::string_view text, const std::vector<Word>& words,
                                         std::size_t percent) {
  constexpr std::size_t kNear = 6;
  for (auto i = percent + 1; i < words.size() && i - percent <= kNear; ++i) {
    if (ends_clause(gap_before(text, words, i))) break;
    if (number_in(words[i].small) || is_percent(words[i].small)) break;
    if (!are_blasts(words[i].small)) continue;
    // "25 % of blasts" are a part of them.
    const bool part = is_one_of(words[i - 1].small, {"of", "der", "des", "the"});
    return part ? std::nullopt : std::optional(i);
  }
  return std::nullopt;
}

/// "counted separately", "not included".
bool tells_apart(const std::vector<Word>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto& word = words[i].small;
    const bool after_not = i > 0 && is_one_of(words[i - 1].small, {"not", "nicht", "no"});
    if (word.starts_with("separate") || word.starts_with("getrennt") ||
        word.starts_with("gesondert") || word == "apart" || word == "additionally" ||
        word == "plus" || word == "excluding" ||
        (word == "without" && i + 1 < words.size() && is_equivalent(words[i + 1].small)) ||
        (after_not && (word.starts_with("includ") || word.starts_with("count") ||
                       word.starts_with("eingerechnet") || word.starts_with("mitgezahlt"))))
      return true;
  }
  return false;
}

}  // namespace

std::vector<NamedBlasts> named_blasts(std::string_view written) {
  const auto text = without_line_breaks(ascii_signs(written));
  const auto words = words_of_text(text);
  const bool equivalents = std::any_of(words.begin(), words.end(),
                                       [](const Word& word) { return is_equivalent(word.small); });
  const bool apart = equivalents && tells_apart(words);
  NamedBlasts highest;
  NamedBlasts highest_apart{.percent = 0, .written = "", .apart = true};
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (!is_percent(words[i].small)) continue;
    const auto percent = number_in(words[i - 1].small);
    if (!percent || *percent > 100 || is_limit(words, i - 1)) continue;
    auto blasts = blasts_before(text, words, i - 1);
    if (!blasts) blasts = blasts_behind(text, words, i);
    if (!blasts) continue;
    const auto begin = std::min(words[*blasts].begin, words[i - 1].begin);
    const auto end = std::max(words[*blasts].end, words[i].end);
    auto& kept = apart && is_equivalent(words[*blasts].small) ? highest_apart : highest;
    if (*percent <= kept.percent) continue;
    kept.percent = *percent;
    kept.written = text.substr(begin, end - begin);
  }
  std::vector<NamedBlasts> named;
  if (!highest.written.empty()) named.push_back(highest);
  if (!highest_apart.written.empty()) named.push_back(highest_apart);
  // Of how many is not told.
  if (apart && highest_apart.written.empty())
    named.push_back({.percent = 100, .written = text, .apart = true});
  return named;
}

}  // namespace cytocape::criteria
