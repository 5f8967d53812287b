#include "pipeline/criteria/classification.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "pipeline/wording/phrases.hpp"

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
      if (verdict.possible.size() == 1) {
        verdict.state = State::met;
        verdict.chosen = i;
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

std::string titles(const Rules& rules, const Verdict& verdict) {
  std::vector<std::string> names;
  for (const auto i : verdict.possible) names.push_back(rules.classes[i].title);
  return wording::join_words(names, "or");
}

std::string diseases(const Rules& rules) {
  std::vector<std::string> names;
  for (const auto& item : rules.classes)
    if (item.axis == Axis::disease) names.push_back(item.title);
  return wording::join_words(names, "or");
}

std::string words_of(const Rules& rules, const char* axis, const std::optional<Verdict>& verdict) {
  if (!verdict || verdict->state == State::not_met) return "";
  if (verdict->chosen) return fmt::format(", {} {}", axis, rules.classes[*verdict->chosen].title);
  return fmt::format(", {} open ({} possible)", axis, titles(rules, *verdict));
}

}  // namespace

std::string Classification::code(const Rules& rules) const {
  auto text = code_of(rules, disease);
  if (disease.state == State::not_met) return text;
  if (subtype) text += fmt::format("/{}", code_of(rules, *subtype));
  if (grade) text += fmt::format("/{}", code_of(rules, *grade));
  return text;
}

std::string Classification::words(const Rules& rules) const {
  if (disease.state == State::not_met)
    return fmt::format("criteria of {} not met", diseases(rules));
  const auto rest = words_of(rules, "subtype", subtype) + words_of(rules, "grade", grade);
  if (disease.chosen) return rules.classes[*disease.chosen].title + rest;
  return fmt::format("{} possible, not confirmed{}", titles(rules, disease), rest);
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
