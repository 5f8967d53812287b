#include "pipeline/wording/conditions.hpp"

#include <fmt/format.h>

#include <vector>

#include "pipeline/wording/numbers.hpp"
#include "pipeline/wording/phrases.hpp"

namespace cytocape::wording {
namespace {

using namespace criteria;

const char* comparison_words(Comparison comparison) {
  switch (comparison) {
    case Comparison::at_least:
      return "at least";
    case Comparison::above:
      return "above";
    case Comparison::at_most:
      return "at most";
    case Comparison::below:
      return "below";
    case Comparison::exactly:
      break;
  }
  return "exactly";
}

bool is_only(const Asked& asked, Choice choice) {
  return asked.choices.size() == 1 && asked.choices.front() == choice;
}

}  // namespace

Phrase asked_words(const Asked& asked) {
  if (!asked.say.empty()) return asked.say;
  std::vector<Phrase> alternatives;
  for (const auto choice : asked.choices) alternatives.emplace_back(to_string(choice));
  for (const auto& range : asked.ranges) {
    std::vector<std::string> ends;
    for (const auto& bound : range)
      ends.push_back(
          fmt::format("{} {}", comparison_words(bound.comparison), format_number(bound.threshold)));
    alternatives.push_back(quantity(join_words(ends), asked.unit));
  }
  return join_words(alternatives, "or");
}

Phrase shown_words(const Need& need) {
  const auto& asked = need.condition;
  if (!asked.say.empty()) return say("{} shown", asked.say);
  if (is_only(asked, Choice::yes)) return say("{} shown", need.label);
  if (asks_for_no(asked)) return say("{} shown absent", need.label);
  return say("{} shown to be {}", need.label, asked_words(asked));
}

bool asks_for_no(const Asked& asked) {
  return is_only(asked, Choice::no);
}

}  // namespace cytocape::wording
