#include "pipeline/criteria/conclusions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "pipeline/criteria/genetics.hpp"
#include "pipeline/criteria/items.hpp"
#include "pipeline/wording/conclusions.hpp"
#include "pipeline/wording/gaps.hpp"
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
                              .value = wording::format_reported(*reading.value) + " %",
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

/// The conclusions of hints whose criterion has its state.
std::vector<Urgent> concluding_hints(const Judged& judged) {
  std::vector<Urgent> found;
  for (const auto& hint : judged.rules.hints) {
    if (hint.conclusion.empty() || judged.states[*hint.criterion] != hint.state) continue;
    std::vector<TooMany> blasts;
    collect_too_many(judged, *hint.criterion, blasts);
    const auto text = (blasts.empty() ? "" : too_many_words(blasts) + ". ") + hint.conclusion;
    found.push_back({.subject = text, .text = text, .call = hint.call});
  }
  return found;
}

/// The leaves below a criterion that are open and that the count as it stands does not meet.
void collect_by_count(const Judged& judged, std::size_t i, std::vector<TooMany>& all) {
  const auto& criterion = judged.rules.criteria[i];
  for (const auto member : criterion.members) collect_by_count(judged, member, all);
  const auto state = judged.states[i];
  if (!criterion.is_leaf() || !is_blasts(criterion.input) ||
      criterion.bound.comparison != Comparison::below || state == State::met ||
      state == State::not_met)
    return;
  const auto& reading = judged.possible_facts.reading(judged.possible_facts.domain_of(criterion));
  if (reading.value && *reading.value >= criterion.bound.threshold)
    all.push_back({&criterion, &reading});
}

/// What would be concluded from counts as they stand, where their intervals or other sources leave
/// it open.
std::vector<Urgent> raised_counts(const Judged& judged) {
  std::vector<Urgent> raised;
  for (const auto& hint : judged.rules.hints) {
    if (hint.conclusion.empty() || hint.state != State::not_met) continue;
    std::vector<TooMany> blasts;
    collect_by_count(judged, *hint.criterion, blasts);
    if (blasts.empty() || judged.states[*hint.criterion] == State::not_met) continue;
    raised.push_back({.subject = hint.conclusion,
                      .text = too_many_words(blasts) +
                              "; fewer are possible, as the count stands. " + hint.conclusion,
                      .call = hint.call});
  }
  return raised;
}

/// `reasons` are those that an edition excludes CMML for.
std::string not_classified(const Judged& judged, const std::vector<Urgent>& reasons) {
  if (reasons.empty())
    return wording::classification_sentence(judged.rules.edition, judged.now.titles(judged.rules));
  auto text = fmt::format("Not classified as CMML by {}.", judged.rules.edition);
  auto call = Call::none;
  for (const auto& one : reasons) {
    text += " " + one.text;
    call = std::min(call, one.call);
  }
  const auto words = wording::call_words(call);
  return text + " " + (words.empty() ? "Other diseases than CMML are not assessed." : words);
}

/// Answers that contradict each other or the karyotype, and blasts of an earlier day.
std::vector<Urgent> raised_readings(const Judged& judged) {
  std::vector<Urgent> raised;
  const auto& facts = judged.possible_facts;
  for (std::size_t at = 0; at < facts.domains().size(); ++at) {
    const auto& input = facts.domains()[at].input->code;
    const bool earlier = input == "earlier_leukaemia";
    const bool by_words = earlier || input == "bcr_abl1" || input == "tk_fusion";
    const auto contested = judged.findings.contested.find(input);
    // Of dysplasia a review and the laboratory disagree (pipeline/case/review_findings.cpp).
    const bool denied = contested != judged.findings.contested.end() &&
                        (excludes_when_yes(input) || input.starts_with("dysplasia_"));
    const auto& reading = facts.reading(at);
    const bool told =
        by_words && std::any_of(reading.gaps.begin(), reading.gaps.end(),
                                [](const Gap& gap) { return std::holds_alternative<Told>(gap); });
    if (reading.answer || !(told || denied)) continue;
    const auto words = told ? reading.gap.plain() : wording::gap_words({contested->second}).plain();
    raised.push_back({.subject = input,
                      .text = earlier ? words + "?"
                                      : wording::upper_first(wording::input_label(input)) +
                                            " is not decided: " + words,
                      .call = Call::promptly});
  }
  return raised;
}

/// Labels of the counts that leave an axis open, each once.
void collect_open(const Judged& judged, std::size_t i, std::vector<std::string>& inputs) {
  const auto& criterion = judged.rules.criteria[i];
  for (const auto member : criterion.members) collect_open(judged, member, inputs);
  const auto state = judged.states[i];
  if (!criterion.is_leaf() || state == State::met || state == State::not_met) return;
  if (std::find(inputs.begin(), inputs.end(), criterion.input) == inputs.end())
    inputs.push_back(criterion.input);
}

/// "the blast counts in blood and marrow decide"; empty where the axis is decided.
std::string decided_by(const Judged& judged, const std::optional<Verdict>& verdict) {
  if (!verdict || verdict->chosen) return "";
  std::vector<std::string> inputs;
  for (const auto i : verdict->possible)
    collect_open(judged, judged.rules.classes[i].criterion, inputs);
  std::sort(inputs.begin(), inputs.end(), std::greater<>());  // blood before marrow
  return wording::decide_words(inputs);
}

wording::ClassificationTitles titles_of(const Judged& judged) {
  auto titles = judged.now.titles(judged.rules);
  titles.subtype.decided_by = decided_by(judged, judged.now.subtype);
  titles.grade.decided_by = decided_by(judged, judged.now.grade);
  return titles;
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
  // Where no other grade is possible, the titles say so already.
  if (others.empty()) return wording::by_the_count(title, shares, "20 %");
  return fmt::format("{}, unless blasts are 20 % or more: {}", title,
                     wording::by_the_count(title, shares, others + " or 20 %"));
}

}  // namespace

Conclusion conclude(const Judged& judged) {
  Conclusion conclusion;
  for (const auto& match : aml_matches(judged.rules, judged.findings)) {
    if (excludes(judged, match))
      conclusion.urgent.push_back(
          {.subject = match.finding.name, .text = defining_words(judged, match, false)});
    else if (!match.finding.unknown && (match.family == nullptr || match.family->urgent))
      conclusion.raised.push_back(
          {.subject = match.finding.name, .text = raised_words(judged.rules, match)});
  }
  for (auto& one : raised_counts(judged)) conclusion.raised.push_back(std::move(one));
  for (auto& one : raised_readings(judged)) conclusion.raised.push_back(std::move(one));
  auto reasons = conclusion.urgent;
  for (const auto& one : concluding_hints(judged)) {
    reasons.push_back(one);
    if (one.call != Call::none) conclusion.urgent.push_back(one);
  }
  if (judged.now.disease.state == State::not_met) {
    conclusion.sentence = not_classified(judged, reasons);
    return conclusion;
  }
  conclusion.sentence = wording::classification_sentence(judged.rules.edition, titles_of(judged));
  if (const auto counted = counted_words(judged); !counted.empty())
    conclusion.sentence += " " + counted;
  return conclusion;
}

}  // namespace cytocape::criteria
