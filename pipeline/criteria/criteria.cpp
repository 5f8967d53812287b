#include "pipeline/criteria/criteria.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "pipeline/criteria/classification.hpp"
#include "pipeline/criteria/outlook.hpp"
#include "pipeline/criteria/sentences.hpp"
#include "pipeline/criteria/worlds.hpp"

namespace cytocape::criteria {
namespace {

/// One edition's view of one case.
struct View {
  const Rules& rules;
  const Worlds& worlds;
  const std::vector<State>& states;
};

CriterionResult criterion_result(const View& view, std::size_t i, int level) {
  const auto& criterion = view.rules.criteria[i];
  CriterionResult result{.id = criterion.id,
                         .title = criterion.title,
                         .level = level,
                         .state = view.states[i],
                         .text = criterion.text,
                         .cite = criterion.cite};
  for (const auto member : criterion.members)
    result.members.push_back(view.rules.criteria[member].id);
  if (!criterion.is_leaf()) {
    result.sentence = gate_sentence(view.rules, criterion, view.states);
    return result;
  }
  const auto at = view.worlds.domain_of(criterion);
  const auto& domain = view.worlds.domains()[at];
  const auto& reading = view.worlds.reading(at);
  result.input = criterion.input;
  result.asked = asked_words(domain, criterion);
  result.value = reading.value;
  result.interval = reading.interval;
  if (domain.input->choices.empty()) result.threshold = criterion.threshold;
  result.unit = domain.input->unit;
  result.answer = reading.answer;
  result.source = reading.source;
  result.remarks = reading.remarks;
  result.sentence = leaf_sentence(domain, criterion, reading, result.state);
  return result;
}

void append_rows(const View& view, std::size_t i, int level, std::vector<char>& shown,
                 std::vector<CriterionResult>& rows) {
  if (shown[i] != 0) return;
  shown[i] = 1;
  rows.push_back(criterion_result(view, i, level));
  for (const auto member : view.rules.criteria[i].members)
    append_rows(view, member, level + 1, shown, rows);
}

/// "JAK2 V617F" and "jak2" are of the gene JAK2; "JAK2X" is not.
bool is_of_gene(const std::string& written, const std::string& gene) {
  if (written.size() < gene.size()) return false;
  const bool same = std::equal(
      gene.begin(), gene.end(), written.begin(),
      [](unsigned char x, unsigned char y) { return std::toupper(x) == std::toupper(y); });
  const bool ends = written.size() == gene.size() ||
                    std::isalnum(static_cast<unsigned char>(written[gene.size()])) == 0;
  return same && ends;
}

bool mutated(const Findings& findings, const std::vector<std::string>& genes) {
  for (const auto& mutation : findings.mutations)
    for (const auto& gene : genes)
      if (is_of_gene(mutation.gene, gene)) return true;
  return false;
}

std::vector<std::string> hints_of(const View& view, const Findings& findings) {
  std::vector<std::string> texts;
  for (const auto& hint : view.rules.hints) {
    const bool shown = hint.genes.empty() ? view.states[hint.criterion] == hint.state
                                          : mutated(findings, hint.genes);
    if (shown) texts.push_back(hint.text);
  }
  return texts;
}

EditionResult evaluate_edition(const Rules& rules, const Case& facts, const Readings& readings) {
  const Worlds worlds(rules, readings);
  const auto states = worlds.states();
  const View view{rules, worlds, states};
  EditionResult result{.edition = rules.edition,
                       .title = rules.title,
                       .source = rules.source,
                       .rules_sha256 = rules.sha256,
                       .grade_rule = rules.grade_rule};
  std::vector<char> shown(rules.criteria.size(), 0);
  for (const auto row : rules.rows) append_rows(view, row, 0, shown, result.criteria);
  for (const auto& item : rules.classes)
    result.classes.push_back({.id = item.id,
                              .title = item.title,
                              .name = item.name,
                              .axis = item.axis,
                              .state = states[item.criterion]});
  const auto now = classify(rules, states);
  result.code = now.code(rules);
  result.state = now.disease.state;
  result.sentence = classification_sentence(rules, now);
  auto outlook = look_ahead(rules, worlds, now);
  result.shortest = std::move(outlook.shortest);
  result.decisions = std::move(outlook.decisions);
  result.changes = std::move(outlook.changes);
  result.hints = hints_of(view, facts.findings);
  return result;
}

}  // namespace

CaseResult evaluate(const Case& facts, const std::vector<Rules>& editions) {
  CaseResult result{.id = facts.id, .editions = {}, .agreement = {}, .readings = read_case(facts)};
  for (const auto& rules : editions)
    result.editions.push_back(evaluate_edition(rules, facts, result.readings));
  result.agreement = agreement_sentence(result.editions);
  return result;
}

}  // namespace cytocape::criteria
