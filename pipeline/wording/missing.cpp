#include "pipeline/wording/missing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include "pipeline/wording/conditions.hpp"
#include "pipeline/wording/labels.hpp"
#include "pipeline/wording/numbers.hpp"
#include "pipeline/wording/phrases.hpp"

namespace cytocape::wording {
namespace {

using criteria::Axis;
using criteria::EditionResult;
using criteria::Need;
using criteria::Readings;

std::optional<double> threshold_of(const criteria::Asked& asked) {
  if (asked.ranges.empty() || asked.ranges.front().empty()) return std::nullopt;
  return asked.ranges.front().front().threshold;
}

std::string beside(double value, const std::optional<double>& threshold) {
  if (!std::isfinite(value)) return "an unknown number";
  return threshold ? format_beside(value, *threshold) : format_number(value);
}

/// A line is not broken between the two.
Phrase with_unit(const std::string& number, Unit unit) {
  if (unit == Unit::none) return number;
  return {fmt::format("{} {}", number, plain(unit)),
          fmt::format("{}\u00a0{}", number, typeset(unit))};
}

/// Why a number that is there does not decide: "8 % of 200 cells may be 4.98 to 12.6 %"; empty
/// where it is not its own interval that leaves it open.
Phrase doubt_words(const criteria::Reading& reading, const Need& need) {
  if (!reading.value || !reading.interval) return {};
  const auto threshold = threshold_of(need.condition);
  const auto unit = need.condition.unit;
  const auto value = with_unit(beside(*reading.value, threshold), unit);
  const auto low = beside(reading.interval->low, threshold);
  const bool open = !std::isfinite(reading.interval->high) ||
                    (unit == Unit::percent && reading.interval->high >= 100);
  const auto span =
      open ? say("anything from {} up", with_unit(low, unit))
           : say("{} to {}", low, with_unit(beside(reading.interval->high, threshold), unit));
  if (reading.basis == criteria::Basis::disputed) return say("sources say {}", span);
  if (reading.basis == criteria::Basis::lower_bound)
    return say("{} counted may be {}", value, span);
  if (reading.total == 0) return say("{} as written may be {}", value, span);
  auto words = say("{} of {} cells may be {}", value, reading.total, span);
  if (reading.classifier95) words += " with the model's error";
  if (need.cells) words += say("; about {} cells would decide", *need.cells);
  return words;
}

/// As those who read it write it.
std::string brief_label(const std::string& input) {
  for (const auto& [code, label] :
       {std::pair{"wbc", "WBC"}, std::pair{"amc", "AMC"}, std::pair{"anc", "ANC"}})
    if (input == code) return label;
  return short_label(input);
}

/// What is to be learned, in as few words as tell it. Of what is known and does not decide also
/// what it would have to be, and why it does not.
Phrase brief_words(const Need& need, const Readings& readings) {
  if (need.input.starts_with("dysplasia_")) return "dysplasia of a lineage";
  auto label = brief_label(need.input);
  const auto found = readings.find(need.input);
  if (found == readings.end() || found->second.basis == criteria::Basis::unknown) return label;
  const auto doubt = doubt_words(found->second, need);
  return say("{} ({} is undecided{}{})", label, asked_words(need.condition),
             doubt.empty() ? "" : ": ", doubt);
}

/// The inputs of which one way is made, each once, but for those in `told`.
Phrase one_of_words(const criteria::Alternatives& alternatives, const Readings& readings,
                    const std::set<std::string>& told) {
  std::vector<Phrase> words;
  for (const auto& way : alternatives)
    for (const auto& need : way) {
      if (told.contains(need.input)) continue;
      auto word = brief_words(need, readings);
      if (std::find(words.begin(), words.end(), word) == words.end())
        words.push_back(std::move(word));
    }
  const auto all = join(words, ", ");
  return words.size() < 2 ? all : say("one of {}", all);
}

Axis axis_of(const EditionResult& edition, const criteria::Decision& decision) {
  const auto found = std::find_if(edition.classes.begin(), edition.classes.end(),
                                  [&](const auto& item) { return item.id == decision.class_id; });
  return found == edition.classes.end() ? Axis::disease : found->axis;
}

/// What an axis waits for beside what is `told`, each once.
std::vector<Phrase> axis_words(const EditionResult& edition, Axis axis,
                               std::set<std::string>& told) {
  std::vector<Phrase> words;
  for (const auto& decision : edition.decisions) {
    if (axis_of(edition, decision) != axis) continue;
    for (const auto& need : decision.confirm)
      if (told.insert(need.input).second) words.emplace_back(brief_label(need.input));
  }
  return words;
}

}  // namespace

std::vector<Phrase> missing_words(const EditionResult& edition, const Readings& readings) {
  std::vector<Phrase> words;
  if (edition.code == criteria::kWithheld) return words;
  std::set<std::string> told;
  for (const auto& decision : edition.decisions) {
    if (axis_of(edition, decision) != Axis::disease) continue;
    for (const auto& need : decision.confirm) {
      told.insert(need.input);
      words.push_back(brief_words(need, readings));
    }
    for (const auto& alternatives : decision.one_of)
      if (auto one = one_of_words(alternatives, readings, told); !one.empty())
        words.push_back(std::move(one));
    break;
  }
  for (const auto axis : {Axis::subtype, Axis::grade})
    if (const auto list = axis_words(edition, axis, told); !list.empty())
      words.push_back(say("for the {}: {}", to_string(axis), join(list, ", ")));
  return words;
}

std::vector<Phrase> disputed_words(const Readings& readings) {
  std::vector<Phrase> all;
  for (const auto& [input, reading] : readings) {
    if (reading.basis != criteria::Basis::disputed) continue;
    auto text = say("{}: {}", short_label(input), reading.gap);
    for (const auto& remark : reading.remarks) text += say("; {}", remark);
    all.push_back(std::move(text));
  }
  return all;
}

}  // namespace cytocape::wording
