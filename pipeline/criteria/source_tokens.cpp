#include "pipeline/criteria/source_tokens.hpp"

#include <algorithm>
#include <utility>

#include "pipeline/criteria/genes.hpp"
#include "pipeline/criteria/listed_tests.hpp"
#include "pipeline/criteria/named_diseases.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/words.hpp"

namespace cytocape::criteria {
namespace {

bool ends_a_clause(std::string_view gap) {
  return gap.find_first_of(";,()\n[]") != std::string_view::npos ||
         gap.find(". ") != std::string_view::npos || gap.find(" - ") != std::string_view::npos;
}

bool ends_a_sentence(std::string_view gap) {
  return gap.find_first_of(";:\n") != std::string_view::npos ||
         gap.find(". ") != std::string_view::npos;
}

/// "q34", "9q34", "11q23": a band.
bool is_band(const std::string& word) {
  const auto arm = word.find_first_of("pq");
  if (arm == std::string::npos || arm > 2) return false;
  auto digits = word.substr(0, arm) + word.substr(arm + 1);
  return std::all_of(digits.begin(), digits.end(),
                     [](char c) { return is_digit(c) || c == '.'; }) &&
         arm + 1 < word.size();
}

/// "CD34", "HLA".
bool is_marker(const std::string& word) {
  return (word.starts_with("cd") && word.size() > 2 && is_digit(word[2])) || word == "hla";
}

bool asks_for_mpn(const std::string& item) {
  return is_one_of(item, {"mpn_history", "mpn_now"});
}

/// Whether a symbol is of what the answer is given to.
bool is_own(const std::string& symbol, const AskedOf& asked) {
  const auto gene = read_gene(symbol).gene;
  if (asked.item == "bcr_abl1") return gene == "BCR" || gene == "ABL1";
  if (asked.item == "tk_fusion")
    return is_kinase_gene(gene) || joins_kinase({gene}) || gene == "FIP1L1" || gene == "PCM1" ||
           gene == "CHIC2";
  if (asks_for_mpn(asked.item)) return drives_mpn(gene) || gene == "BCR" || gene == "ABL1";
  if (asked.item != "mutation") return true;
  const auto fused = fused_genes(asked.gene);
  return fused.empty() ? gene == read_gene(asked.gene).gene || asked.gene.empty()
                       : std::find(fused.begin(), fused.end(), gene) != fused.end();
}

}  // namespace

bool turns(const std::string& word) {
  return is_one_of(word,
                   {
                       "but",    "however", "although", "though",  "whereas", "while", "besides",
                       "except", "aber",    "jedoch",   "ausser",  "obwohl",  "mais",  "cependant",
                       "sauf",   "pero",    "aunque",   "excepto", "salvo",   "ma",    "pero",
                       "tranne", "eccetto", "maar",     "mas",     "porem",
                   });
}

bool is_of_a_notation(const std::string& word) {
  return is_one_of(word, {"t", "inv", "del", "der", "ins", "dic", "nuc", "ish", "arr"}) ||
         is_band(word);
}

std::vector<SourceToken> tokens_of(const std::string& text, const AskedOf& asked) {
  std::vector<SourceToken> tokens;
  std::size_t clause = 0;
  std::size_t from = 0;
  for (const auto& word : words_of_text(text)) {
    const auto gap = std::string_view(text).substr(from, word.begin - from);
    if (!tokens.empty() && (ends_a_clause(gap) || turns(word.small))) ++clause;
    SourceToken token{.small = word.small,
                      .written = std::string_view(text).substr(word.begin, word.end - word.begin),
                      .begin = word.begin,
                      .end = word.end,
                      .clause = clause,
                      .number = is_digit(word.small.front()),
                      .initial = tokens.empty() || ends_a_sentence(gap),
                      .opens = gap.find('(') != std::string_view::npos,
                      .closes = gap.find(')') != std::string_view::npos};
    token.kind = source_word(token.small);
    const bool symbol = token.small.size() > 1 &&
                        std::none_of(token.written.begin(), token.written.end(), is_small);
    const bool transcript = !transcript_of(token.small).empty();
    const auto name = std::string(token.written);
    const auto fused = symbol ? fused_genes(name) : std::vector<std::string>();
    token.gene = transcript || is_marker(token.small) || !fused.empty() ||
                 (symbol && (read_gene(name).known || name == "CHIC2"));
    token.own = (token.gene && is_one_of(asked.item, {"other_neoplasm", "myeloid_sarcoma"})) ||
                (transcript && (asked.item == "bcr_abl1" || asks_for_mpn(asked.item))) ||
                (symbol && token.gene && is_own(name, asked)) ||
                std::any_of(fused.begin(), fused.end(),
                            [&](const std::string& gene) { return is_own(gene, asked); });
    tokens.push_back(std::move(token));
    from = word.end;
  }
  for (const auto& [place, disease] : places_of_diseases(text))
    for (auto& token : tokens)
      if (token.begin >= place.begin && token.end <= place.end) {
        token.disease = true;
        // What named_diseases() finds beside other answers alone.
        if (!disease->beside_no.empty() && asked.item == "other_neoplasm")
          token.kind = SourceWord::event;
      }
  return tokens;
}

}  // namespace cytocape::criteria
