#include "pipeline/criteria/affirmed_genes.hpp"

#include <algorithm>

#include "pipeline/criteria/denials.hpp"
#include "pipeline/criteria/genes.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/verdict_words.hpp"
#include "pipeline/criteria/words.hpp"

namespace cytocape::criteria {
namespace {

struct GeneAt {
  std::string name;
  Mention at;
  bool marked = false;   ///< "NPM1c"
  std::size_t next = 0;  ///< word
};

/// Symbols have no small letters, but for the mark of a variant.
bool is_gene_symbol(std::string_view word) {
  const auto stem = word.ends_with('c') ? word.substr(0, word.size() - 1) : word;
  return stem.size() > 2 && std::none_of(stem.begin(), stem.end(), is_small);
}

/// "NPM1 mutation", "NPM1 type A".
bool tells_of_variant(const std::vector<Word>& words, std::size_t next) {
  if (next >= words.size()) return false;
  const auto& word = words[next].small;
  const auto* behind = next + 1 < words.size() ? &words[next + 1].small : nullptr;
  const bool of_test =
      behind != nullptr &&
      (is_of_a_test(*behind) || behind->starts_with("analy") || behind->starts_with("status"));
  if (of_test) return false;
  return word.starts_with("mutat") || word.starts_with("mutier") || word.starts_with("mutad") ||
         is_one_of(word, {"mut", "mutant", "mute", "mutee", "type", "typ", "tipo", "insertion",
                          "duplication", "vaf"});
}

/// "NPM1 not excluded", "NPM1 cannot be ruled out": it is to be looked for.
bool is_left_possible_behind(const std::vector<Word>& words, std::size_t next) {
  constexpr std::size_t kNear = 4;
  std::vector<std::string> behind;
  for (auto i = next; i < words.size() && i < next + kNear; ++i) {
    behind.push_back(words[i].small);
    if (is_left_possible(behind, behind.size() - 1)) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> affirmed_genes(std::string_view written) {
  const auto text = without_line_breaks(ascii_signs(written));
  const auto words = words_of_text(text);
  std::vector<GeneAt> genes;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto word = text.substr(words[i].begin, words[i].end - words[i].begin);
    if (!is_gene_symbol(word)) continue;
    const auto name = read_gene(word);
    if (name.known)
      genes.push_back({.name = name.gene,
                       .at = {words[i].begin, words[i].end},
                       .marked = word.ends_with('c'),
                       .next = i + 1});
  }
  std::vector<Mention> places;
  for (const auto& gene : genes) places.push_back(gene.at);
  const auto said = what_is_said(text, places);
  std::vector<std::string> affirmed;
  for (std::size_t i = 0; i < genes.size(); ++i) {
    const bool variant = genes[i].marked || tells_of_variant(words, genes[i].next);
    const bool possible = variant || is_left_possible_behind(words, genes[i].next);
    const bool says = said[i] == Said::affirmed || (said[i] == Said::named && possible);
    const auto& name = genes[i].name;
    if (says && std::find(affirmed.begin(), affirmed.end(), name) == affirmed.end())
      affirmed.push_back(name);
  }
  return affirmed;
}

}  // namespace cytocape::criteria
