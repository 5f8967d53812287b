#include "pipeline/wording/sentences.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

#include "pipeline/wording/conclusions.hpp"
#include "pipeline/wording/conditions.hpp"
#include "pipeline/wording/labels.hpp"
#include "pipeline/wording/numbers.hpp"
#include "pipeline/wording/phrases.hpp"

namespace cytocape::wording {
namespace {

using namespace criteria;

/// "6 to 20 %", "6 % or more".
Phrase span_words(const Interval& span, double threshold, Unit unit) {
  const auto low = format_beside(span.low, threshold);
  if (!std::isfinite(span.high) || (unit == Unit::percent && span.high >= 100))
    return quantity(low, unit) + " or more";
  return say("{} to {}", low, quantity(format_beside(span.high, threshold), unit));
}

Phrase lower_bound_words(const Reading& reading, double threshold, Unit unit) {
  const auto text = [&](double value) { return quantity(format_beside(value, threshold), unit); };
  if (!reading.value) return say("present, but {}", reading.gap);
  if (reading.total == 0)
    return say("at least {}, because {}", text(reading.interval->low), reading.gap);
  return say("{} counted, at least {} (95 %), because {}", text(*reading.value),
             text(reading.interval->low), reading.gap);
}

Phrase number_words(const Reading& reading, double threshold, Unit unit) {
  const auto number = [&](double value) { return format_beside(value, threshold); };
  const auto text = [&](double value) { return quantity(number(value), unit); };
  switch (reading.basis) {
    case Basis::exact:
      if (!reading.interval) return text(*reading.value);
      return say("{}, by the digits written {} to {}", text(*reading.value),
                 number(reading.interval->low), text(reading.interval->high));
    case Basis::counted:
      return say("{}, 95 % interval {} to {}", text(*reading.value), number(reading.interval->low),
                 text(reading.interval->high));
    case Basis::lower_bound:
      return lower_bound_words(reading, threshold, unit);
    case Basis::disputed:
      return say("{}, but {}: {}", text(*reading.value), reading.gap,
                 span_words(*reading.interval, threshold, unit));
    case Basis::unknown:
      break;
  }
  return "not known";
}

const char* verdict_words(Basis basis, State state) {
  if (basis == Basis::counted) {
    if (state == State::met) return "the whole interval meets it";
    return state == State::not_met ? "no part of the interval meets it"
                                   : "the interval crosses the threshold";
  }
  if (basis == Basis::disputed) {
    if (state == State::met) return "whichever holds, it is met";
    return state == State::not_met ? "whichever holds, it is not met"
                                   : "they lie on both sides of the threshold";
  }
  if (basis == Basis::lower_bound) {
    if (state == State::met) return "the known part alone meets it";
    if (state == State::not_met) return "the known part alone exceeds it";
    return state == State::indeterminate ? "the interval of the known part crosses the threshold"
                                         : "the known part alone does not decide";
  }
  if (state == State::indeterminate) return "the rounding of their digits crosses the threshold";
  return state == State::met ? "met" : "not met";
}

std::string join_sentences(const std::vector<std::string>& sentences) {
  std::string text;
  for (const auto& sentence : sentences) {
    if (sentence.empty()) continue;
    if (!text.empty()) text += ' ';
    text += sentence + (sentence.ends_with('.') || sentence.ends_with('?') ? "" : ".");
  }
  return text;
}

std::string gate_words(const CriterionResult& gate) {
  if (gate.negated) return "None of these may hold";
  if (gate.needed == gate.members.size()) return "All are required";
  if (gate.needed == 1) return "One is enough";
  return fmt::format("At least {} are required", gate.needed);
}

std::string subtype_words(const AxisTitles& titles) {
  if (titles.state == State::not_met) return "";
  if (!titles.chosen.empty()) return ", subtype " + titles.chosen;
  const auto& by = titles.decided_by;
  return fmt::format(", subtype {}{}", join_words(titles.possible, "or"),
                     by.empty() ? by : " (" + by + ")");
}

/// Stands last. Of one grade alone the blasts may be those of acute leukaemia.
std::string grade_words(const AxisTitles& titles) {
  if (titles.state == State::not_met) return "";
  if (!titles.chosen.empty()) return ", grade " + titles.chosen;
  const auto& by = titles.decided_by;
  return fmt::format(", grade {}{}{}", join_words(titles.possible, "or"),
                     titles.possible.size() == 1 ? ", unless blasts are 20 % or more" : "",
                     by.empty() ? by : ": " + by);
}

}  // namespace

Phrase leaf_sentence(const CriterionResult& row, const Reading& reading) {
  const auto label = upper_first(input_label(row.input));
  if (reading.basis == Basis::unknown)
    return say("{}: not known, {}; required: {}.", label, reading.gap, row.asked);
  if (!reading.answer && !reading.value && reading.basis == Basis::disputed)
    return say("{}: not decided, {}; required: {}.", label, reading.gap, row.asked);
  if (reading.answer)
    return say("{}: {} ({}); required: {}.", label, to_string(*reading.answer), reading.source,
               row.asked);
  return say("{}: {} ({}); required: {}: {}.", label,
             number_words(reading, row.threshold.value_or(0), row.unit), reading.source, row.asked,
             verdict_words(reading.basis, row.state));
}

Phrase gate_sentence(const CriterionResult& row,
                     const std::vector<const CriterionResult*>& members) {
  Phrase text = gate_words(row);
  constexpr std::array<std::pair<State, const char*>, 4> kGroups = {
      {{State::met, "Met"},
       {State::not_met, "Not met"},
       {State::indeterminate, "Indeterminate"},
       {State::not_assessable, "Not assessable"}}};
  for (const auto& [state, name] : kGroups) {
    std::vector<Phrase> titles;
    for (const auto* member : members)
      if (member->state == state) titles.push_back(member->title);
    if (!titles.empty()) text += say(". {}: {}", name, join(titles, "; "));
  }
  return text + ".";
}

void word_rows(std::vector<CriterionResult>& rows, const Readings& readings) {
  for (auto& row : rows) {
    if (!row.input.empty()) {
      row.sentence = leaf_sentence(row, readings.at(row.input));
      continue;
    }
    std::vector<const CriterionResult*> members;
    for (const auto& id : row.members)
      for (const auto& other : rows)
        if (other.id == id) members.push_back(&other);
    row.sentence = gate_sentence(row, members);
  }
}

std::string classification_words(const ClassificationTitles& titles) {
  if (titles.disease.state == State::not_met)
    return fmt::format("criteria of {} not met", join_words(titles.diseases, "or"));
  const auto rest = subtype_words(titles.subtype) + grade_words(titles.grade);
  if (!titles.disease.chosen.empty()) return titles.disease.chosen + rest;
  const auto& possible = titles.disease.possible;
  // What is not confirmed has no subtype and no grade yet.
  return fmt::format("{} possible, {} confirmed{}", join_words(possible, "or"),
                     possible.size() < 2 ? "not" : "none",
                     rest.empty() ? rest : "; if " + possible.front() + rest);
}

std::string classification_sentence(const std::string& edition,
                                    const ClassificationTitles& titles) {
  const auto words = classification_words(titles);
  if (titles.disease.state == State::met)
    return fmt::format("By {} these findings would be classified as {}.", edition, words);
  if (titles.disease.state == State::not_met)
    return fmt::format(
        "By {} no class follows from these findings: {}. Other diseases, among them MDS, CCUS and "
        "AML, are not assessed.",
        edition, words);
  return fmt::format("By {} undecided: {}.", edition, words);
}

std::vector<std::string> alerts_of(const std::vector<EditionResult>& editions,
                                   const std::vector<Urgent>& seen) {
  std::vector<Urgent> all;
  std::set<std::string> told;
  // What several editions say of one thing is told as the first of them puts it; what one excludes
  // is not raised by another.
  const auto add = [&](const Urgent& one, const char* before) {
    if (!told.insert(one.subject).second) return;
    all.push_back({.subject = one.subject, .text = before + one.text, .call = one.call});
  };
  for (const auto& edition : editions)
    for (const auto& one : edition.urgent) add(one, "");
  for (const auto& edition : editions)
    for (const auto& one : edition.raised) add(one, "To be resolved first: ");
  for (const auto& one : seen) add(one, "");
  std::stable_sort(all.begin(), all.end(),
                   [](const Urgent& a, const Urgent& b) { return a.call < b.call; });
  std::vector<std::string> alerts;
  for (const auto& [subject, text, call] : all)
    alerts.push_back(join_sentences({text, call_words(call)}));
  return alerts;
}

std::vector<Phrase> distinct_hints(const std::vector<EditionResult>& editions) {
  std::vector<Phrase> hints;
  for (const auto& edition : editions)
    for (const auto& hint : edition.hints)
      if (std::find(hints.begin(), hints.end(), hint) == hints.end()) hints.push_back(hint);
  return hints;
}

bool is_of_scores(const Phrase& hint) {
  return hint.plain().starts_with("Components of scores");
}

std::string agreement_sentence(const std::vector<EditionResult>& editions) {
  if (editions.size() < 2) return "";
  std::vector<std::string> names;
  std::vector<std::string> open;
  bool same = true;
  for (const auto& edition : editions) {
    names.push_back(edition.edition);
    same = same && edition.code == editions.front().code;
    if (edition.state != State::met && edition.state != State::not_met)
      open.push_back(edition.edition);
  }
  const auto all = join_words(names);
  if (open.size() == editions.size())
    return fmt::format("Whether {} agree is open: {} can be decided yet.", all,
                       editions.size() == 2 ? "neither" : "none of them");
  if (!open.empty())
    return fmt::format("Whether {} agree is open: {} cannot be decided yet.", all,
                       join_words(open));
  const bool excluded =
      std::all_of(editions.begin(), editions.end(),
                  [](const EditionResult& edition) { return edition.state == State::not_met; });
  if (same && excluded) return fmt::format("No class of {} follows.", join_words(names, "or"));
  if (same) return fmt::format("{} agree.", all);
  std::string text = all + " disagree.";
  for (const auto& edition : editions) text += " " + edition.sentence;
  return text;
}

}  // namespace cytocape::wording
