#include "pipeline/criteria/unread_support.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "pipeline/criteria/gene_marks.hpp"
#include "pipeline/criteria/genes.hpp"
#include "pipeline/criteria/inherited.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/source_cursor.hpp"
#include "pipeline/criteria/source_names.hpp"
#include "pipeline/criteria/sources_of_yes.hpp"
#include "pipeline/criteria/untested.hpp"
#include "pipeline/criteria/verdict_words.hpp"
#include "pipeline/criteria/yes_words.hpp"

namespace cytocape::criteria {
namespace {

bool is_understood(const SourceCursor& at, bool after_name) {
  const auto& token = at.token();
  const auto& word = token.small;
  if (token.kind != SourceWord::unknown || token.gene || token.number || token.disease) return true;
  if (word.size() == 1 || is_one_of(word, {"%", "<", "+"}) || is_of_a_notation(word) ||
      is_identifier(word) || turns(word))
    return true;
  if (yes_words().described.holds(word) || yes_words().of_chromosomes.holds(word) ||
      yes_words().of_sequence.holds(word) || yes_words().percent.holds(word) ||
      yes_words().tissues.holds(word))
    return true;
  if (affirms(word) || tells_of_finding(word) || tells_of_being_met(word) || denies_behind(word) ||
      is_no(word) || is_not(word) || says_normal(word) || is_of_testing(word))
    return true;
  if (is_protein_change(gene_key(word))) return true;
  return is_kit(token) || are_initials(at) || is_name(at, after_name) || is_first_name(at);
}

bool is_support(const std::string& item) {
  return item.starts_with("dysplasia_") ||
         is_one_of(item, {"marrow_cmml", "immunophenotype", "cytogenetics", "persistence"});
}

/// Whether a text names an abnormality of chromosomes.
bool names_abnormality(std::string_view source) {
  const auto text = ascii_signs(source);
  if (text.find_first_of("+(") != std::string::npos) return true;
  const SourceCursor words(text, {.item = "cytogenetics"});
  return std::any_of(words.tokens().begin(), words.tokens().end(), [](const SourceToken& one) {
    return yes_words().abnormality.holds(one.small) || is_of_a_notation(one.small);
  });
}

/// Remembers what it read: many rows may share a text.
class TextsOfSupport {
 public:
  const std::vector<std::string>& words_of(const std::string& source, const AskedOf& asked) {
    const auto [text, is_new] = texts_.try_emplace({source, asked.item});
    if (!is_new) return text->second;
    text->second = words_not_understood(source, asked);
    if (text->second.empty() && asked.item == "cytogenetics" && !source.empty() &&
        !names_abnormality(source))
      text->second = {source};
    return text->second;
  }

 private:
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> texts_;
};

}  // namespace

std::vector<std::string> words_not_understood(std::string_view source, const AskedOf& asked) {
  std::vector<std::string> words;
  bool was_name = false;
  for (SourceCursor at(without_line_breaks(ascii_signs(source)), asked); !at.at_end();
       at.advance()) {
    if (!is_understood(at, was_name)) words.emplace_back(at.token().written);
    was_name = at.token().kind == SourceWord::unknown && is_name(at, was_name);
  }
  return words;
}

std::vector<UnreadSupport> unread_support(const Findings& findings) {
  std::vector<UnreadSupport> rows;
  TextsOfSupport texts;
  const auto add = [&](const AskedOf& asked, const Provenance& from) {
    if (from.source.empty()) return;
    const auto& words = texts.words_of(from.source, asked);
    if (!words.empty())
      rows.push_back({.item = asked.item, .gene = asked.gene, .words = words, .from = from});
  };
  for (const auto& mutation : findings.mutations)
    if (meaning_of(mutation.gene) == GeneMeaning::supports && !is_taken_back(mutation))
      add({.item = "mutation", .gene = mutation.gene + mutation.variant}, mutation.from);
  for (const auto& [code, answer] : findings.answers)
    if (answer.value == Choice::yes && is_support(code)) add({.item = code}, answer.from);
  for (const auto& row : findings.karyotypes)
    if (!row.facts.acquired.empty()) add({.item = "karyotype"}, row.from);
  return rows;
}

Findings without_rows(Findings findings, const std::vector<UnreadSupport>& rows) {
  const auto is_one = [&](const Provenance& from) {
    return std::any_of(rows.begin(), rows.end(),
                       [&](const UnreadSupport& row) { return row.from.row == from.row; });
  };
  std::erase_if(findings.mutations, [&](const Mutation& one) { return is_one(one.from); });
  std::erase_if(findings.answers, [&](const auto& one) { return is_one(one.second.from); });
  std::erase_if(findings.karyotypes, [&](const KaryotypeRow& one) { return is_one(one.from); });
  return findings;
}

}  // namespace cytocape::criteria
