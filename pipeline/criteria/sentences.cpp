#include "pipeline/criteria/sentences.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "pipeline/wording/labels.hpp"
#include "pipeline/wording/numbers.hpp"
#include "pipeline/wording/phrases.hpp"

namespace cytocape::criteria {
namespace {

/// "6 to 20 %", "6 % or more".
std::string span_words(const Interval& span, const Criterion& leaf, const std::string& unit) {
  const auto low = wording::format_beside(span.low, leaf.threshold);
  if (!std::isfinite(span.high) || (unit == "%" && span.high >= 100))
    return fmt::format("{} {} or more", low, unit);
  return fmt::format("{} to {} {}", low, wording::format_beside(span.high, leaf.threshold), unit);
}

std::string number_words(const Domain& domain, const Criterion& leaf, const Reading& reading) {
  const auto text = [&](double value) { return wording::format_beside(value, leaf.threshold); };
  const auto& unit = domain.input->unit;
  switch (reading.basis) {
    case Basis::exact:
      if (!reading.interval) return fmt::format("{} {}", text(*reading.value), unit);
      return fmt::format("{0} {3}, by the digits written {1} to {2} {3}", text(*reading.value),
                         text(reading.interval->low), text(reading.interval->high), unit);
    case Basis::counted:
      return fmt::format("{0} {3}, 95 % interval {1} to {2} {3}", text(*reading.value),
                         text(reading.interval->low), text(reading.interval->high), unit);
    case Basis::lower_bound:
      if (!reading.value) return fmt::format("present, but {}", reading.gap);
      if (reading.total == 0)
        return fmt::format("at least {} {}, because {}", text(reading.interval->low), unit,
                           reading.gap);
      return fmt::format("{0} {2} counted, at least {1} {2} (95 %), because {3}",
                         text(*reading.value), text(reading.interval->low), unit, reading.gap);
    case Basis::disputed:
      return fmt::format("{} {}, but {}: {}", text(*reading.value), unit, reading.gap,
                         span_words(*reading.interval, leaf, unit));
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
  if (state == State::indeterminate) return "their rounding crosses the threshold";
  return state == State::met ? "met" : "not met";
}

std::string gate_words(const Criterion& gate) {
  if (gate.negated) return "None of these may hold";
  if (gate.needed == gate.members.size()) return "All are asked for";
  if (gate.needed == 1) return "One is enough";
  return fmt::format("At least {} are asked for", gate.needed);
}

}  // namespace

std::string asked_words(const Domain& domain, const Criterion& leaf) {
  if (!leaf.say.empty()) return leaf.say;
  return domain.describe(domain.satisfying(leaf));
}

std::string leaf_sentence(const Domain& domain, const Criterion& leaf, const Reading& reading,
                          State state) {
  const auto label = wording::upper_first(wording::input_label(domain.input->code));
  const auto asked = asked_words(domain, leaf);
  if (reading.basis == Basis::unknown)
    return fmt::format("{}: not known, {}; asked for is {}.", label, reading.gap, asked);
  if (!domain.input->choices.empty())
    return fmt::format("{}: {} ({}); asked for is {}.", label, reading.answer, reading.source,
                       asked);
  return fmt::format("{}: {} ({}); asked for is {}: {}.", label,
                     number_words(domain, leaf, reading), reading.source, asked,
                     verdict_words(reading.basis, state));
}

std::string gate_sentence(const Rules& rules, const Criterion& gate,
                          const std::vector<State>& states) {
  auto text = gate_words(gate);
  constexpr std::array<std::pair<State, const char*>, 4> kGroups = {
      {{State::met, "Met"},
       {State::not_met, "Not met"},
       {State::indeterminate, "Indeterminate"},
       {State::not_assessable, "Not assessable"}}};
  for (const auto& [state, name] : kGroups) {
    std::vector<std::string> titles;
    for (const auto member : gate.members)
      if (states[member] == state) titles.push_back(rules.criteria[member].title);
    if (!titles.empty()) text += fmt::format(". {}: {}", name, fmt::join(titles, "; "));
  }
  return text + ".";
}

std::string classification_sentence(const Rules& rules, const Classification& now) {
  const auto words = now.words(rules);
  if (now.disease.state == State::met)
    return fmt::format("By {} these findings would be classified as {}.", rules.edition, words);
  if (now.disease.state == State::not_met)
    return fmt::format("By {} no class follows from these findings: {}.", rules.edition, words);
  return fmt::format("By {} undecided: {}.", rules.edition, words);
}

std::vector<std::string> distinct_hints(const std::vector<EditionResult>& editions) {
  std::vector<std::string> hints;
  for (const auto& edition : editions)
    for (const auto& hint : edition.hints)
      if (std::find(hints.begin(), hints.end(), hint) == hints.end()) hints.push_back(hint);
  return hints;
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
  const auto all = wording::join_words(names);
  if (open.size() == editions.size())
    return fmt::format("Whether {} agree is open: none of them can be decided yet.", all);
  if (!open.empty())
    return fmt::format("Whether {} agree is open: {} cannot be decided yet.", all,
                       wording::join_words(open));
  if (same) return fmt::format("{} agree.", all);
  std::string text = all + " disagree.";
  for (const auto& edition : editions) text += " " + edition.sentence;
  return text;
}

}  // namespace cytocape::criteria
