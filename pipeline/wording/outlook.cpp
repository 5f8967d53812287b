#include "pipeline/wording/outlook.hpp"

#include <fmt/format.h>

#include <set>

#include "pipeline/wording/conditions.hpp"
#include "pipeline/wording/labels.hpp"
#include "pipeline/wording/numbers.hpp"
#include "pipeline/wording/phrases.hpp"
#include "pipeline/wording/sources.hpp"

namespace cytocape::wording {

using namespace criteria;

Phrase known_words(const Reading& reading, Unit unit, double threshold) {
  const auto source = source_words(reading.from);
  if (reading.answer) return say("now {}, {}", to_string(*reading.answer), source);
  return say("now {}, {}", quantity(format_beside(*reading.value, threshold), unit), source);
}

Phrase forecast_words(const Forecast& forecast) {
  switch (forecast.kind) {
    case Forecast::Kind::enough:
      return say("about {} cells would show it at this share", forecast.cells);
    case Forecast::Kind::opposite:
      return say("at this share more cells would show the opposite, {}",
                 asked_words(forecast.other));
    case Forecast::Kind::classifier_error:
      return "the classifier's own error leaves it open: a person's count decides";
    case Forecast::Kind::too_many:
      break;
  }
  return "at this share more cells would be needed than a smear has";
}

Phrase follows_words(const FollowsFrom& from) {
  const bool least = from.bound.comparison == Comparison::at_least;
  return say("it follows from {}{} {}", input_label(from.input), least ? " of" : "",
             asked_words({.ranges = {{from.bound}}, .unit = from.unit}));
}

std::string confirm_sentence(const Decision& decision) {
  std::vector<std::string> parts;
  for (const auto& need : decision.confirm)
    parts.push_back(fmt::format("{}: {} ({})", need.label, need.answer.plain(), need.why.plain()));
  for (const auto& group : decision.one_of) {
    std::vector<std::string> alternatives;
    for (const auto& way : group) {
      std::vector<std::string> answers;
      for (const auto& need : way)
        answers.push_back(fmt::format("{}: {}", need.label, need.answer.plain()));
      alternatives.push_back(join_words(answers));
    }
    parts.push_back(fmt::format("one of [{}]", fmt::join(alternatives, " | ")));
  }
  return fmt::format("The shortest way to confirm {}: {}.", decision.title, fmt::join(parts, "; "));
}

std::string axis_sentence(Axis axis, const std::vector<Decision>& decisions) {
  std::vector<std::string> parts;
  std::set<std::string> seen;
  for (const auto& decision : decisions) {
    auto needs = decision.confirm;
    for (const auto& group : decision.one_of)
      for (const auto& way : group) needs.insert(needs.end(), way.begin(), way.end());
    for (const auto& need : needs)
      if (seen.insert(need.input).second)
        parts.push_back(fmt::format("{} ({})", need.label, need.why.plain()));
  }
  return fmt::format("To decide the {}: {}.", to_string(axis), fmt::join(parts, "; "));
}

}  // namespace cytocape::wording
