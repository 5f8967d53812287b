// Rearrangements that a text tells in words: "15;17 translocation", "loss of CHIC2".

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/criteria/rearrangements.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/words.hpp"

namespace cytocape::criteria {
namespace {

bool is_translocation(const std::string& word) {
  return word.starts_with("translo") || word.starts_with("trasloc");
}

bool is_inversion(const std::string& word) {
  return word.starts_with("invers");
}

/// Between the kind and its chromosomes.
bool leads_to_chromosome(const std::string& word) {
  return word.starts_with("chromosom") || word.starts_with("cromosom") ||
         is_one_of(word, {"of",       "between", "the",       "in",         "chr", "no",  "von",
                          "zwischen", "de",      "des",       "du",         "del", "der", "entre",
                          "entra",    "tra",     "dei",       "and",        "und", "et",  "y",
                          "e",        "en",      "involving", "involvement"});
}

bool is_chromosome_number(const std::string& word) {
  return !word.empty() && word.size() <= 2 && std::all_of(word.begin(), word.end(), is_digit) &&
         word != "0" && std::stoi(word) <= 22;
}

Break bare(const std::string& chromosome) {
  return {.chromosome = chromosome, .band = "", .span_begin = "", .or_in = {}};
}

/// The next chromosome's number behind `at`, past words that lead to it.
std::optional<std::size_t> chromosome_behind(const std::vector<Word>& words, std::size_t at) {
  constexpr std::size_t kNear = 4;
  for (auto i = at + 1; i < words.size() && i - at <= kNear; ++i) {
    if (is_chromosome_number(words[i].small)) return i;
    if (!leads_to_chromosome(words[i].small)) break;
  }
  return std::nullopt;
}

/// "15;17", "15/17" or "15-17" before the word at `at`.
bool are_paired_before(std::string_view text, const std::vector<Word>& words, std::size_t at) {
  if (at < 2 || !is_chromosome_number(words[at - 1].small) ||
      !is_chromosome_number(words[at - 2].small))
    return false;
  const auto gap = text.substr(words[at - 2].end, words[at - 1].begin - words[at - 2].end);
  return gap.size() == 1 && std::string_view(";/-:").find(gap.front()) != std::string_view::npos;
}

std::optional<Rearrangement> worded_at(std::string_view text, const std::vector<Word>& words,
                                       std::size_t at) {
  const bool inversion = is_inversion(words[at].small);
  Rearrangement found{.kind = inversion ? "inv" : "t",
                      .breaks = {},
                      .begin = words[at].begin,
                      .end = words[at].end,
                      .doubtful = true};
  if (!inversion && are_paired_before(text, words, at)) {
    found.begin = words[at - 2].begin;
    found.breaks = {bare(words[at - 2].small), bare(words[at - 1].small)};
    return found;
  }
  const auto first = chromosome_behind(words, at);
  if (!first) return std::nullopt;
  const auto second = inversion ? first : chromosome_behind(words, *first);
  if (!second) return std::nullopt;
  found.end = words[*second].end;
  found.breaks = {bare(words[*first].small), bare(words[*second].small)};
  return found;
}

/// "x1" or "x0" behind a locus, past further bands and brackets: "4q12(54,240,000-55,100,000)x1".
bool is_lost_behind(std::string_view text, std::size_t at) {
  while (at < text.size() && (is_letter_or_digit(text[at]) || text[at] == '.') && text[at] != 'x')
    ++at;
  if (at < text.size() && text[at] == '(') {
    const auto close = text.find(')', at);
    if (close == std::string_view::npos) return false;
    at = close + 1;
  }
  while (at < text.size() && text[at] == ' ') ++at;
  return at + 1 < text.size() && text[at] == 'x' && (text[at + 1] == '0' || text[at + 1] == '1') &&
         (at + 2 == text.size() || !is_digit(text[at + 2]));
}

bool tells_of_loss(const std::string& word) {
  return word.starts_with("delet") || word.starts_with("delec") || word.starts_with("delez") ||
         is_one_of(word, {"del", "loss", "lost", "verlust", "perte", "perdida", "perdita"});
}

}  // namespace

std::vector<Rearrangement> worded_rearrangements(std::string_view text) {
  const auto words = words_of_text(text);
  std::vector<Rearrangement> all;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!is_translocation(words[i].small) && !is_inversion(words[i].small)) continue;
    if (auto found = worded_at(text, words, i)) all.push_back(std::move(*found));
  }
  return all;
}

std::vector<LostLocus> lost_loci(std::string_view text) {
  const auto words = words_of_text(text);
  const bool loss = std::any_of(words.begin(), words.end(),
                                [](const Word& word) { return tells_of_loss(word.small); });
  std::vector<LostLocus> lost;
  for (const auto& word : words)
    for (const auto& [locus, fusion] : loci_of_fusions()) {
      if (!word.small.starts_with(locus)) continue;
      const auto end = word.begin + locus.size();
      // "CHIC2x1" is one word.
      const bool whole = end == word.end || text[end] == 'x' || !is_digit(text[end]);
      if (!whole || (!loss && !is_lost_behind(text, end))) continue;
      lost.push_back({.fusion = fusion, .begin = word.begin, .end = end});
    }
  return lost;
}

}  // namespace cytocape::criteria
