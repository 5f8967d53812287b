#include "pipeline/criteria/hints.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "pipeline/criteria/genes.hpp"
#include "pipeline/criteria/variants.hpp"
#include "pipeline/wording/genetics.hpp"
#include "pipeline/wording/notes.hpp"

namespace cytocape::criteria {
namespace {

struct EarlierCount {
  std::string input;
  const Number* count = nullptr;
};

bool any_mutated(const Findings& findings, const std::string& asked, double vaf) {
  return std::any_of(findings.mutations.begin(), findings.mutations.end(),
                     [&](const Mutation& mutation) {
                       return has_variant(mutation, asked) && mutation.vaf.value_or(0) >= vaf;
                     });
}

/// "PML::RARA" asks for both genes in either order, "KMT2A" for any fusion of it.
bool is_fusion(const std::string& written, const std::string& asked) {
  const auto found = fused_genes(written);
  constexpr std::string_view kSign = "::";
  const auto has = [&](const std::string& gene) {
    return std::find(found.begin(), found.end(), gene) != found.end();
  };
  const auto sign = asked.find(kSign);
  if (sign == std::string::npos) return has(asked);
  return has(asked.substr(0, sign)) && has(asked.substr(sign + kSign.size()));
}

bool has_fusion(const Findings& findings, const std::vector<std::string>& asked) {
  for (const auto& mutation : findings.mutations)
    for (const auto& fusion : asked)
      if (is_fusion(mutation.gene + mutation.variant, fusion)) return true;
  return false;
}

/// The earlier counts that a hint asks for.
std::vector<EarlierCount> earlier_counts(const Findings& findings, const Hint& hint) {
  std::vector<EarlierCount> counts;
  for (const auto& code : hint.earlier) {
    const auto found = findings.higher.find(code);
    if (found == findings.higher.end() || found->second.value < hint.at_least) continue;
    if (hint.below > 0 && found->second.value >= hint.below) continue;
    counts.push_back({.input = code, .count = &found->second});
  }
  return counts;
}

bool is_of_meaning(const Findings& findings, const std::string& meaning) {
  using enum GeneMeaning;
  const auto wanted = meaning == "haematopoiesis" ? haematopoiesis
                      : meaning == "lymphoid"     ? lymphoid
                      : meaning == "vexas"        ? vexas
                                                  : predisposition;
  return std::any_of(findings.mutations.begin(), findings.mutations.end(),
                     [&](const Mutation& mutation) { return meaning_of(mutation.gene) == wanted; });
}

bool genes_hold(const Hint& hint, const Findings& findings) {
  const auto one = [&](const auto& gene) { return any_mutated(findings, gene, hint.vaf); };
  const auto each = [&](const auto& gene) { return any_mutated(findings, gene, 0); };
  return (hint.genes.empty() || std::any_of(hint.genes.begin(), hint.genes.end(), one)) &&
         std::all_of(hint.all_genes.begin(), hint.all_genes.end(), each) &&
         (hint.meaning.empty() || is_of_meaning(findings, hint.meaning)) &&
         (hint.fusions.empty() || has_fusion(findings, hint.fusions));
}

}  // namespace

bool is_shown(const Hint& hint, const std::vector<State>& states, const Findings& findings) {
  if (hint.unless_not_met && states[*hint.unless_not_met] == State::not_met) return false;
  if (hint.criterion && states[*hint.criterion] != hint.state) return false;
  if (!hint.earlier.empty() && earlier_counts(findings, hint).empty()) return false;
  if (!hint.brief.empty() && !findings.too_brief.contains(hint.brief)) return false;
  return genes_hold(hint, findings);
}

Phrase hint_words(const Hint& hint, const Findings& findings) {
  std::vector<std::string> counts;
  for (const auto& [input, number] : earlier_counts(findings, hint))
    counts.push_back(wording::earlier_blasts(input == "pb_blasts" ? "blood" : "marrow",
                                             number->value, number->from));
  return counts.empty() ? hint.text : wording::with_earlier_counts(hint.text, counts);
}

}  // namespace cytocape::criteria
