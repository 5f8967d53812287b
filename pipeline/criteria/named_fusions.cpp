#include "pipeline/criteria/named_fusions.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "pipeline/criteria/denials.hpp"
#include "pipeline/criteria/genes.hpp"
#include "pipeline/criteria/rearrangements.hpp"
#include "pipeline/criteria/signs.hpp"

namespace cytocape::criteria {
namespace {

/// What a text names at a place.
struct Named {
  Mention at;
  std::string fusion;
  bool if_affirmed = false;  ///< named alone it is no rearrangement: "FISH KMT2A"
};

using Found = std::vector<Named>;

/// The gene's symbol that ends (or begins) at a double colon.
std::string symbol_at(std::string_view text, std::size_t colon, bool before) {
  constexpr std::size_t kMost = 12;
  std::string symbol;
  while (symbol.size() < kMost) {
    const auto at = before ? colon - symbol.size() - 1 : colon + 2 + symbol.size();
    if ((before && symbol.size() >= colon) || at >= text.size() || !is_letter_or_digit(text[at]))
      break;
    symbol.insert(before ? symbol.begin() : symbol.end(), text[at]);
  }
  return symbol;
}

/// Words of a text, where they stand; without the copies of FISH, "KMT2A" of "KMT2Ax2".
struct Token {
  std::string text;
  std::size_t begin = 0;
  std::size_t end = 0;
};

std::vector<Token> words_in(std::string_view text, std::string_view joining) {
  constexpr std::size_t kMostWords = 200;   // what has more is no laboratory's note
  constexpr std::size_t kLongestWord = 60;  // and what is longer names no genes
  const auto is_part = [&](char c) {
    return is_letter_or_digit(c) || joining.find(c) != std::string_view::npos;
  };
  std::vector<Token> words;
  for (std::size_t at = 0; at < text.size() && words.size() < kMostWords;) {
    auto end = at;
    while (end < text.size() && is_part(text[end])) ++end;
    if (end > at && end - at <= kLongestWord) {
      Token word{.text = std::string(text.substr(at, end - at)), .begin = at, .end = end};
      const auto copies = word.text.rfind('x');
      if (copies != std::string::npos && copies > 0 && copies + 1 < word.text.size() &&
          std::all_of(word.text.begin() + static_cast<std::ptrdiff_t>(copies) + 1, word.text.end(),
                      is_digit))
        word.text.resize(copies);
      words.push_back(std::move(word));
    }
    at = end + 1;
  }
  return words;
}

/// Whether a word says that something is rearranged: FISH's "con" and "sep" among them.
bool tells_of_rearrangement(const Token& word) {
  const auto small = in_small_letters(word.text);
  constexpr std::array<std::string_view, 6> kBeginnings = {"rearr",  "translocat", "break",
                                                           "invers", "disrupt",    "abnormal"};
  return is_one_of(small, {"con", "sep", "split", "apart", "fusion", "fused", "r", "abn"}) ||
         std::any_of(kBeginnings.begin(), kBeginnings.end(),
                     [&](std::string_view begin) { return small.starts_with(begin); });
}

/// "EVI1 overexpression", "high EVI1 expression".
bool tells_of_overexpression(const std::vector<Token>& words) {
  bool expression = false;
  bool high = false;
  for (const auto& word : words) {
    const auto small = in_small_letters(word.text);
    if (small.starts_with("overexpress")) return true;
    expression = expression || small.starts_with("express");
    high = high || is_one_of(small, {"high", "increased", "elevated", "strong", "over"});
  }
  return expression && high;
}

/// Adds "EVI1" of "EVI-1".
void add_joined_numbers(std::string_view text, std::vector<Token>& words) {
  const auto count = words.size();
  for (std::size_t i = 1; i < count; ++i) {
    const auto& one = words[i - 1];
    const auto& other = words[i];
    if (other.begin != one.end + 1 || text[one.end] != '-' || !is_digit(other.text.front()))
      continue;
    Token joined{.text = one.text, .begin = one.begin, .end = other.end};
    joined.text += other.text;
    words.push_back(std::move(joined));
  }
}

void find_rearrangements(std::string_view text, Found& found) {
  for (const auto& one : rearrangements_in(text))
    for (const auto& fusion : fusions_of(one))
      found.push_back({{one.begin, one.end}, fusion.fusion});
  for (const auto& one : worded_rearrangements(text))
    for (const auto& fusion : fusions_of(one))
      found.push_back({{one.begin, one.end}, fusion.fusion});
  for (const auto& one : lost_loci(text)) found.push_back({{one.begin, one.end}, one.fusion});
}

/// "PML::RARA".
void find_double_colons(std::string_view text, Found& found) {
  for (auto at = text.find("::"); at != std::string_view::npos; at = text.find("::", at + 2)) {
    const auto first = symbol_at(text, at, true);
    const auto second = symbol_at(text, at, false);
    if (first.empty() || second.empty()) continue;
    found.push_back({{at - first.size(), at + 2 + second.size()}, first + "::" + second});
  }
}

/// "PML-RARA", "AML1/ETO", "BCRABL1" and, of two genes that the table of karyotypes knows together,
/// "BCR ABL1".
void find_pairs(std::string_view text, const std::vector<Token>& words, Found& found) {
  for (const auto& word : words_in(text, "-/")) {
    if (word.text.size() < 5) continue;
    const auto genes = fused_genes(word.text);
    if (genes.size() != 2) continue;
    // Of "BCR-ABL1-negative" the genes alone.
    auto end = word.text.find_last_of("-/");
    if (end == std::string::npos || fused_genes(word.text.substr(0, end)).size() != 2)
      end = word.text.size();
    found.push_back({{word.begin, word.begin + end}, genes[0] + "::" + genes[1]});
  }
  for (std::size_t i = 1; i < words.size(); ++i) {
    const auto& one = words[i - 1];
    const auto& other = words[i];
    if (other.begin != one.end + 1 || text[one.end] != ' ') continue;
    const auto first = fused_genes(one.text + "-r");
    const auto second = fused_genes(other.text + "-r");
    if (first.size() == 1 && second.size() == 1 && is_known_fusion(first[0], second[0]))
      found.push_back({{one.begin, other.end}, first[0] + "::" + second[0]});
  }
}

/// A gene's symbol, which has no small letters: "can" is a word. "KMT2Ar" ends with one.
bool is_symbol(const std::string& word) {
  const auto stem = word.ends_with('r') ? word.substr(0, word.size() - 1) : word;
  return stem.size() > 2 && std::none_of(stem.begin(), stem.end(), is_small);
}

/// "11q23", "3q26.2" as a break whose partner is not told; no break where it is no band.
Rearrangement break_at(const Token& word) {
  const auto arm = word.text.find_first_of("pq");
  if (arm == std::string::npos || arm == 0 || arm > 2 || arm + 1 == word.text.size()) return {};
  const auto numbers = word.text.substr(0, arm) + word.text.substr(arm + 1);
  if (!std::all_of(numbers.begin(), numbers.end(), is_digit)) return {};
  return {.kind = "t",
          .breaks = {{.chromosome = word.text.substr(0, arm),
                      .band = word.text.substr(arm),
                      .span_begin = "",
                      .or_in = {}}}};
}

/// Genes and bands that the text calls rearranged.
void find_rearranged(const std::vector<Token>& words, Found& found) {
  const bool rearranged = std::any_of(words.begin(), words.end(), tells_of_rearrangement);
  const bool much = tells_of_overexpression(words);
  const bool fish = std::any_of(words.begin(), words.end(), [](const Token& word) {
    return in_small_letters(word.text) == "fish";
  });
  for (const auto& word : words) {
    const Mention at{word.begin, word.end};
    if (rearranged)
      for (const auto& fusion : fusions_of(break_at(word))) found.push_back({at, fusion.fusion});
    if (!is_symbol(word.text)) continue;
    const bool marked = word.text.ends_with('r');
    if (!rearranged && !much && !marked && !fish) continue;
    const auto genes = fused_genes(marked ? word.text : word.text + "-r");
    if (genes.size() != 1) continue;
    if (rearranged || marked || (much && genes.front() == "MECOM"))
      found.push_back({at, genes.front()});
    else if (fish && !example_of_fusion(genes.front()).empty())
      found.push_back({.at = at, .fusion = genes.front(), .if_affirmed = true});
  }
}

void find_names(std::string_view text, Found& found) {
  const auto small = in_small_letters(text);
  for (const auto& [name, fusion, as_written] : fusion_names()) {
    const std::string_view where = as_written ? text : small;
    for (auto at = where.find(name); at != std::string_view::npos; at = where.find(name, at + 1)) {
      const auto end = at + name.size();
      const bool begins = at == 0 || !is_letter_or_digit(where[at - 1]);
      // "promyelocytic leuk" is a beginning.
      const bool ends = end == where.size() || !is_letter_or_digit(where[end]) || !as_written;
      if (begins && ends) found.push_back({{at, end}, fusion});
    }
  }
}

bool is_pair(const Named& one) {
  return one.fusion.find("::") != std::string::npos;
}

/// Genes that are named as a part of a fusion are no finding of their own: "FISH PML/RARA".
void drop_parts(Found& found) {
  std::map<std::size_t, std::string> pairs;  // by place
  for (const auto& one : found)
    for (auto at = one.at.begin; is_pair(one) && at < one.at.end; ++at) pairs[at] += one.fusion;
  std::erase_if(found, [&](const Named& one) {
    const auto pair = pairs.find(one.at.begin);
    return !is_pair(one) && pair != pairs.end() &&
           in_small_letters(pair->second).find(in_small_letters(one.fusion)) != std::string::npos;
  });
}

/// Places that overlap are one mention.
std::vector<Mention> places_of(Found& found) {
  std::stable_sort(found.begin(), found.end(),
                   [](const Named& a, const Named& b) { return a.at.begin < b.at.begin; });
  std::vector<Mention> places;
  for (const auto& one : found) {
    if (!places.empty() && one.at.begin < places.back().end)
      places.back().end = std::max(places.back().end, one.at.end);
    else
      places.push_back(one.at);
  }
  return places;
}

}  // namespace

std::vector<NamedFusion> named_fusions(std::string_view written) {
  const auto text = without_line_breaks(ascii_signs(written));
  Found found;
  find_rearrangements(text, found);
  find_double_colons(text, found);
  auto words = words_in(text, "");
  find_pairs(text, words, found);
  add_joined_numbers(text, words);
  find_rearranged(words, found);
  find_names(text, found);
  drop_parts(found);
  const auto places = places_of(found);
  const auto said = what_is_said(text, places);
  std::vector<NamedFusion> named;
  std::set<std::string> told;
  std::size_t place = 0;
  for (const auto& one : found) {
    while (one.at.begin >= places[place].end) ++place;
    if (said[place] == Said::denied || (one.if_affirmed && said[place] != Said::affirmed)) continue;
    if (!told.insert(one.fusion).second) continue;
    named.push_back({.shown = {.fusion = one.fusion,
                               .written = text.substr(one.at.begin, one.at.end - one.at.begin),
                               .certain = false},
                     .affirmed = said[place] == Said::affirmed});
  }
  return named;
}

std::vector<ShownFusion> fusions_named_in(std::string_view text) {
  std::vector<ShownFusion> shown;
  for (auto& one : named_fusions(text)) shown.push_back(std::move(one.shown));
  return shown;
}

}  // namespace cytocape::criteria
