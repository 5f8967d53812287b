#include "io/assessment.hpp"

#include <fmt/format.h>

#include <array>

namespace cytocape::criteria {
namespace {

constexpr std::array<const char*, 4> kChoices{"female", "male", "no", "yes"};

}  // namespace

const char* to_string(State state) {
  switch (state) {
    case State::met:
      return "met";
    case State::not_met:
      return "not met";
    case State::indeterminate:
      return "indeterminate";
    case State::not_assessable:
      break;
  }
  return "not assessable";
}

const char* to_string(Basis basis) {
  switch (basis) {
    case Basis::exact:
      return "exact";
    case Basis::counted:
      return "counted";
    case Basis::lower_bound:
      return "lower bound";
    case Basis::disputed:
      return "disputed";
    case Basis::unknown:
      break;
  }
  return "unknown";
}

const char* to_string(Choice choice) {
  return kChoices.at(static_cast<std::size_t>(choice));
}

std::optional<Choice> choice_of(std::string_view text) {
  for (const auto choice : {Choice::female, Choice::male, Choice::no, Choice::yes})
    if (text == to_string(choice)) return choice;
  return std::nullopt;
}

const char* to_string(Axis axis) {
  switch (axis) {
    case Axis::disease:
      return "disease";
    case Axis::subtype:
      return "subtype";
    case Axis::grade:
      break;
  }
  return "grade";
}

void withhold_classification(CaseResult& result, const std::string& why) {
  for (auto& edition : result.editions) {
    std::erase_if(edition.criteria, [](const auto& row) { return row.input.empty(); });
    for (auto& row : edition.criteria) row.level = 0;
    edition.classes.clear();
    edition.code = kWithheld;
    edition.state = State::not_assessable;
    edition.sentence = fmt::format("By {} no classification is given: {}.", edition.edition, why);
    edition.shortest.clear();
    edition.decisions.clear();
    edition.changes.clear();
    edition.hints.clear();
  }
  result.agreement.clear();
}

}  // namespace cytocape::criteria
