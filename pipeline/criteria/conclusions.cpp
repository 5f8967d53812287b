#include "pipeline/criteria/conclusions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "pipeline/criteria/genetics.hpp"
#include "pipeline/wording/conclusions.hpp"
#include "pipeline/wording/labels.hpp"
#include "pipeline/wording/numbers.hpp"
#include "pipeline/wording/phrases.hpp"
#include "pipeline/wording/sentences.hpp"

namespace cytocape::criteria {
namespace {

bool is_blasts(const std::string& input) {
  return input.ends_with("_blasts");
}

std::string interval_words(const Interval& interval) {
  return fmt::format("{} to {} %", wording::format_number(interval.low),
                     wording::format_number(interval.high));
}

wording::CountedShare counted_share(const Reading& reading) {
  wording::CountedShare share{.label = wording::input_label(reading.input),
                              .value = wording::format_number(*reading.value) + " %",
                              .cells = "",
                              .interval = "",
                              .by_a_slide = !reading.classes.empty()};
  if (reading.total > 0) share.cells = std::to_string(reading.total);
  if (reading.interval) share.interval = interval_words(*reading.interval);
  return share;
}

/// A leaf on blasts below a limit that is not met, without its kin of lower limits.
struct TooMany {
  const Criterion* leaf = nullptr;
  const Reading* reading = nullptr;
};

/// The leaves below a criterion that are not met and ask about blasts.
void collect_too_many(const Judged& judged, std::size_t i, std::vector<TooMany>& all) {
  const auto& criterion = judged.rules.criteria[i];
  for (const auto member : criterion.members) collect_too_many(judged, member, all);
  if (!criterion.is_leaf() || !is_blasts(criterion.input) || judged.states[i] != State::not_met)
    return;
  const auto& reading = judged.possible_facts.reading(judged.possible_facts.domain_of(criterion));
  if (reading.value) all.push_back({&criterion, &reading});
}

/// "25 % blasts in marrow (500 cells)".
std::string too_many_words(const std::vector<TooMany>& all) {
  std::vector<std::string> words;
  for (const auto& [leaf, reading] : all) {
    const auto* where = leaf->input == "pb_blasts" ? "blood" : "marrow";
    words.push_back(fmt::format(
        "{} % blasts in {}{}", wording::format_beside(*reading->value, leaf->bound.threshold),
        where, reading->total > 0 ? fmt::format(" ({} cells)", reading->total) : std::string()));
  }
  return wording::join_words(words);
}

/// Whether the edition excludes CMML for it.
bool excludes(const Judged& judged, const AmlMatch& match) {
  if (!match.certain()) return false;
  const auto state = [&](const std::optional<std::size_t>& criterion) {
    return criterion ? judged.states[*criterion] : State::not_assessable;
  };
  if (match.family->blasts == 0) return state(judged.rules.aml_any) == State::not_met;
  return match.family->blasts <= 10 && state(judged.rules.aml_from_10) == State::not_met;
}

std::string defining_words(const Judged& judged, const AmlMatch& match, bool with_source) {
  return wording::defines({.found = with_source ? match.finding.words : match.finding.name,
                           .disease = match.family->name,
                           .edition = judged.rules.edition,
                           .blasts = match.family->blasts,
                           .text = match.family->text});
}

/// Urgent hints whose criterion has its state.
std::vector<Urgent> urgent_hints(const Judged& judged) {
  std::vector<Urgent> found;
  for (const auto& hint : judged.rules.hints) {
    if (!hint.urgent || judged.states[*hint.criterion] != hint.state) continue;
    std::vector<TooMany> blasts;
    collect_too_many(judged, *hint.criterion, blasts);
    const auto text = (blasts.empty() ? "" : too_many_words(blasts) + ". ") + hint.conclusion;
    found.push_back({.subject = text, .text = text});
  }
  return found;
}

std::string not_classified(const Judged& judged, const Conclusion& conclusion) {
  if (conclusion.urgent.empty())
    return wording::classification_sentence(judged.rules.edition, judged.now.titles(judged.rules));
  auto text = fmt::format("Not classified as CMML by {}.", judged.rules.edition);
  for (const auto& one : conclusion.urgent) text += " " + one.text;
  return text + " " + wording::urgent_call();
}

/// As if every count were its value.
Assignment as_counted(const PossibleFacts& possible_facts) {
  Assignment supposed;
  for (std::size_t at = 0; at < possible_facts.domains().size(); ++at) {
    const auto& reading = possible_facts.reading(at);
    if (is_blasts(possible_facts.domains()[at].input->code) && reading.basis == Basis::counted)
      supposed[at] = possible_facts.domains()[at].of_value(*reading.value);
  }
  return supposed;
}

/// The counts whose intervals cross a threshold.
std::vector<wording::CountedShare> crossing(const PossibleFacts& possible_facts) {
  std::vector<wording::CountedShare> shares;
  for (std::size_t at = 0; at < possible_facts.domains().size(); ++at) {
    const auto& reading = possible_facts.reading(at);
    const auto cells = possible_facts.cells(at);
    if (is_blasts(possible_facts.domains()[at].input->code) && reading.basis == Basis::counted &&
        (cells & (cells - 1)) != 0)
      shares.push_back(counted_share(reading));
  }
  return shares;
}

/// Shares that a person gave without a number of cells: no more certain than those with one.
std::vector<wording::CountedShare> without_cells(const PossibleFacts& possible_facts) {
  std::vector<wording::CountedShare> shares;
  for (std::size_t at = 0; at < possible_facts.domains().size(); ++at) {
    const auto& reading = possible_facts.reading(at);
    if (is_blasts(possible_facts.domains()[at].input->code) && reading.basis == Basis::exact)
      shares.push_back(counted_share(reading));
  }
  return shares;
}

std::string other_titles(const Rules& rules, const Verdict& verdict, std::size_t chosen) {
  std::vector<std::string> titles;
  for (const auto i : verdict.possible)
    if (i != chosen) titles.push_back(rules.classes[i].title);
  return wording::join_words(titles, "or");
}

/// What the counts as they stand give, where their intervals leave it open.
std::string counted_words(const Judged& judged) {
  const auto& now = judged.now;
  if (!now.grade || now.disease.state == State::not_met) return "";
  const auto& rules = judged.rules;
  const auto as_told =
      classify(rules, judged.possible_facts.states_if(as_counted(judged.possible_facts)));
  if (now.grade->chosen) {
    const auto shares = without_cells(judged.possible_facts);
    if (!now.disease.chosen || shares.empty()) return "";
    return wording::by_the_count(rules.classes[*now.grade->chosen].title, shares, "");
  }
  const auto shares = crossing(judged.possible_facts);
  if (shares.empty() || !as_told.grade || !as_told.grade->chosen) return "";
  const auto chosen = *as_told.grade->chosen;
  const auto others = other_titles(rules, *now.grade, chosen);
  const auto& title = rules.classes[chosen].title;
  const bool of_cmml = now.disease.chosen.has_value();
  if (of_cmml && !others.empty()) return wording::by_the_count(title, shares, others);
  if (!as_told.disease.chosen || now.disease.state != State::indeterminate) return "";
  auto text = wording::by_the_count(title, shares, others.empty() ? "20 %" : others + " or 20 %");
  return fmt::format("{}, unless blasts are 20 % or more: {}", title, text);
}

}  // namespace

Conclusion conclude(const Judged& judged) {
  Conclusion conclusion;
  for (const auto& match : aml_matches(judged.rules, judged.findings)) {
    if (excludes(judged, match))
      conclusion.urgent.push_back(
          {.subject = match.finding.name, .text = defining_words(judged, match, false)});
    else if (match.family == nullptr || match.family->urgent)
      conclusion.raised.push_back(raised_words(judged.rules, match));
  }
  const auto hints = urgent_hints(judged);
  conclusion.urgent.insert(conclusion.urgent.end(), hints.begin(), hints.end());
  if (judged.now.disease.state == State::not_met) {
    conclusion.sentence = not_classified(judged, conclusion);
    return conclusion;
  }
  conclusion.sentence =
      wording::classification_sentence(judged.rules.edition, judged.now.titles(judged.rules));
  if (const auto counted = counted_words(judged); !counted.empty())
    conclusion.sentence += " " + counted;
  return conclusion;
}

}  // namespace cytocape::criteria
