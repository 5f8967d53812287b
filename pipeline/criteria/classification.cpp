#include "pipeline/criteria/classification.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cytocape::criteria {
namespace {

Verdict judge_axis(const Rules& rules, const std::vector<State>& states, Axis axis,
                   const std::string& owner) {
  Verdict verdict{.state = State::not_met, .chosen = {}, .possible = {}};
  for (std::size_t i = 0; i < rules.classes.size(); ++i) {
    const auto& item = rules.classes[i];
    if (item.axis != axis || item.of != owner) continue;
    const auto state = states[item.criterion];
    if (state == State::not_met) continue;
    verdict.possible.push_back(i);
    if (state == State::met) {
      const bool outranked = std::any_of(
          verdict.possible.begin(), verdict.possible.end(),
          [&](std::size_t other) { return other != i && rules.classes[other].within != item.id; });
      if (!outranked) {
        verdict.state = State::met;
        verdict.chosen = i;
        verdict.possible = {i};
      }
      break;  // it outranks what follows
    }
    if (verdict.state != State::not_assessable) verdict.state = state;
  }
  return verdict;
}

bool has_axis(const Rules& rules, Axis axis, const std::string& owner) {
  return std::any_of(rules.classes.begin(), rules.classes.end(),
                     [&](const Class& item) { return item.axis == axis && item.of == owner; });
}

std::string code_of(const Rules& rules, const Verdict& verdict) {
  if (verdict.chosen) return rules.classes[*verdict.chosen].id;
  return verdict.state == State::not_met ? "none" : "open";
}

/// Not met where the edition has no such axis.
wording::AxisTitles titles_of(const Rules& rules, const std::optional<Verdict>& verdict) {
  wording::AxisTitles titles{.state = State::not_met, .chosen = "", .possible = {}};
  if (!verdict) return titles;
  titles.state = verdict->state;
  if (verdict->chosen) titles.chosen = rules.classes[*verdict->chosen].title;
  for (const auto i : verdict->possible) titles.possible.push_back(rules.classes[i].title);
  return titles;
}

}  // namespace

std::string Classification::code(const Rules& rules) const {
  auto text = code_of(rules, disease);
  if (disease.state == State::not_met) return text;
  if (subtype) text += fmt::format("/{}", code_of(rules, *subtype));
  if (grade) text += fmt::format("/{}", code_of(rules, *grade));
  return text;
}

wording::ClassificationTitles Classification::titles(const Rules& rules) const {
  wording::ClassificationTitles titles{.disease = titles_of(rules, disease),
                                       .subtype = titles_of(rules, subtype),
                                       .grade = titles_of(rules, grade),
                                       .diseases = {}};
  for (const auto& item : rules.classes)
    if (item.axis == Axis::disease) titles.diseases.push_back(item.title);
  return titles;
}

Classification classify(const Rules& rules, const std::vector<State>& states) {
  Classification result;
  result.disease = judge_axis(rules, states, Axis::disease, "");
  for (const auto i : result.disease.possible) {
    const auto& owner = rules.classes[i].id;
    if (has_axis(rules, Axis::subtype, owner))
      result.subtype = judge_axis(rules, states, Axis::subtype, owner);
    if (has_axis(rules, Axis::grade, owner))
      result.grade = judge_axis(rules, states, Axis::grade, owner);
    if (result.subtype || result.grade) break;
  }
  return result;
}

}  // namespace cytocape::criteria
