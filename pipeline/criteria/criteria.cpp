#include "pipeline/criteria/criteria.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "pipeline/criteria/classification.hpp"
#include "pipeline/criteria/components.hpp"
#include "pipeline/criteria/conclusions.hpp"
#include "pipeline/criteria/days.hpp"
#include "pipeline/criteria/genetics.hpp"
#include "pipeline/criteria/hints.hpp"
#include "pipeline/criteria/notes.hpp"
#include "pipeline/criteria/outlook.hpp"
#include "pipeline/criteria/possible_facts.hpp"
#include "pipeline/criteria/unread_support.hpp"
#include "pipeline/criteria/weighed.hpp"
#include "pipeline/wording/conditions.hpp"
#include "pipeline/wording/labels.hpp"
#include "pipeline/wording/notes.hpp"
#include "pipeline/wording/remarks.hpp"
#include "pipeline/wording/sentences.hpp"

namespace cytocape::criteria {
namespace {

/// One edition's view of one case.
struct View {
  const Rules& rules;
  const PossibleFacts& possible_facts;
  const std::vector<State>& states;
};

CriterionResult criterion_result(const View& view, std::size_t i, int level) {
  const auto& criterion = view.rules.criteria[i];
  CriterionResult result{.id = criterion.id,
                         .title = criterion.title,
                         .level = level,
                         .state = view.states[i],
                         .needed = criterion.needed,
                         .negated = criterion.negated,
                         .text = criterion.text,
                         .cite = criterion.cite};
  for (const auto member : criterion.members)
    result.members.push_back(view.rules.criteria[member].id);
  if (!criterion.is_leaf()) return result;
  const auto at = view.possible_facts.domain_of(criterion);
  const auto& domain = view.possible_facts.domains()[at];
  const auto& reading = view.possible_facts.reading(at);
  result.input = criterion.input;
  result.condition = domain.asked(domain.satisfying(criterion));
  result.condition.say = criterion.say;
  result.asked = wording::asked_words(result.condition);
  result.value = reading.value;
  result.interval = reading.interval;
  if (domain.input->choices.empty()) result.threshold = criterion.bound.threshold;
  result.unit = domain.input->unit;
  result.answer = reading.answer;
  result.source = reading.source;
  result.remarks = reading.remarks;
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

std::vector<Phrase> hints_of(const View& view, const Findings& findings) {
  std::vector<Phrase> texts;
  for (const auto& hint : view.rules.hints)
    if (is_shown(hint, view.states, findings)) texts.push_back(hint_words(hint, findings));
  return texts;
}

/// The inputs that a criterion is made of.
void collect_inputs(const Rules& rules, std::size_t i, std::set<std::string>& inputs) {
  const auto& criterion = rules.criteria[i];
  if (criterion.is_leaf()) inputs.insert(criterion.input);
  for (const auto member : criterion.members) collect_inputs(rules, member, inputs);
}

/// Values of one conclusion are taken as of one time: where they are not, it is said.
Phrase far_apart_remark(const Rules& rules, std::size_t criterion, const CaseReadings& known) {
  constexpr std::chrono::days kTogether{90};
  std::set<std::string> inputs;
  collect_inputs(rules, criterion, inputs);
  inputs.erase("sex");                                     // of any day
  std::vector<std::pair<std::string, std::string>> dated;  // day, label
  for (const auto& input : inputs)
    if (const auto days = known.days.find(input); days != known.days.end())
      for (const auto& day : days->second) dated.emplace_back(day, wording::input_label(input));
  if (dated.empty()) return {};
  const auto [oldest, newest] = std::minmax_element(dated.begin(), dated.end());
  const auto apart = day_of(newest->first) - day_of(oldest->first);
  if (apart <= kTogether) return {};
  return wording::far_apart(apart.count(),
                            {.value = oldest->second, .from = {.date = oldest->first}},
                            {.value = newest->second, .from = {.date = newest->first}});
}

void note_days(const View& view, const CaseReadings& known, std::vector<CriterionResult>& rows) {
  for (const auto& item : view.rules.classes) {
    const auto& criterion = view.rules.criteria[item.criterion];
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [&](const auto& other) { return other.id == criterion.id; });
    if (row == rows.end() || criterion.is_leaf()) continue;
    if (auto words = far_apart_remark(view.rules, item.criterion, known); !words.empty())
      row->remarks.push_back(std::move(words));
  }
}

EditionResult evaluate_edition(const Rules& rules, const Case& facts, const CaseReadings& known) {
  auto readings = known.readings;
  read_aml(rules, facts.findings, readings);
  const PossibleFacts possible_facts(rules, readings, known.derived);
  const auto states = possible_facts.states();
  const View view{rules, possible_facts, states};
  EditionResult result{.edition = rules.edition,
                       .title = rules.title,
                       .source = rules.source,
                       .rules_sha256 = rules.sha256,
                       .grade_rule = rules.grade_rule};
  std::vector<char> shown(rules.criteria.size(), 0);
  for (const auto row : rules.rows) append_rows(view, row, 0, shown, result.criteria);
  note_days(view, known, result.criteria);
  wording::word_rows(result.criteria, readings);
  for (const auto& item : rules.classes)
    result.classes.push_back({.id = item.id,
                              .title = item.title,
                              .name = item.name,
                              .axis = item.axis,
                              .state = states[item.criterion]});
  const auto now = classify(rules, states);
  result.code = now.code(rules);
  result.state = now.disease.state;
  const Judged judged{rules, facts.findings, possible_facts, states, now};
  auto conclusion = conclude(judged);
  result.sentence = std::move(conclusion.sentence);
  result.urgent = std::move(conclusion.urgent);
  result.raised = std::move(conclusion.raised);
  auto outlook = look_ahead(rules, possible_facts, now);
  result.shortest = std::move(outlook.shortest);
  result.decisions = std::move(outlook.decisions);
  result.changes = std::move(outlook.changes);
  result.hints = notes_on_unknown(judged);
  for (auto& text : hints_of(view, facts.findings)) result.hints.push_back(std::move(text));
  for (auto& words : components_of(facts.findings, known.readings))
    result.hints.emplace_back(std::move(words));
  return result;
}

/// Says of an edition's conclusion which rows it rests on whose sources are not understood: those
/// without which it would be another.
void note_unread_support(const Case& facts, const std::vector<Rules>& editions,
                         CaseResult& result) {
  const auto rows = unread_support(facts.findings);
  if (rows.empty()) return;
  auto without = facts;
  without.findings = without_rows(std::move(without.findings), rows);
  const auto known = read_whole_case(without);
  for (std::size_t i = 0; i < editions.size(); ++i) {
    auto& edition = result.editions[i];
    if (edition.state != State::met) continue;
    auto readings = known.readings;
    read_aml(editions[i], without.findings, readings);
    const PossibleFacts possible(editions[i], readings, known.derived);
    const auto now = classify(editions[i], possible.states());
    if (now.disease.state == State::met && now.code(editions[i]) == edition.code) continue;
    std::vector<Phrase> notes;
    for (const auto& row : rows)
      notes.push_back(
          wording::rests_on_unread(row.gene.empty() ? row.item : row.gene, row.words, row.from));
    edition.hints.insert(edition.hints.begin(), notes.begin(), notes.end());
  }
}

}  // namespace

CaseResult evaluate(const Case& facts, const std::vector<Rules>& editions) {
  auto known = read_whole_case(facts);
  const auto notes = notes_on_case(facts, known);
  CaseResult result{.id = facts.id, .editions = {}, .agreement = {}, .readings = {}};
  for (const auto& rules : editions) {
    auto& edition = result.editions.emplace_back(evaluate_edition(rules, facts, known));
    edition.hints.insert(edition.hints.begin(), notes.begin(), notes.end());
    edition.hints.insert(edition.hints.begin(), known.set_aside.begin(), known.set_aside.end());
  }
  note_unread_support(facts, editions, result);
  result.readings = std::move(known.readings);
  result.idle_decisions = std::move(known.idle);
  result.agreement = wording::agreement_sentence(result.editions);
  result.alerts = wording::alerts_of(result.editions, known.seen);
  return result;
}

}  // namespace cytocape::criteria
