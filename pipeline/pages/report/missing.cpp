#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include "pipeline/pages/report/outlook.hpp"
#include "pipeline/wording/conditions.hpp"
#include "pipeline/wording/labels.hpp"

namespace cytocape::report_page {
namespace {

using criteria::Axis;
using criteria::EditionResult;
using criteria::Need;
using criteria::Readings;

std::optional<double> threshold_of(const criteria::Asked& asked) {
  if (asked.ranges.empty() || asked.ranges.front().empty()) return std::nullopt;
  return asked.ranges.front().front().threshold;
}

/// Why a number that is there does not decide: "8 % of 200 cells may be 4.98 to 12.6 %"; empty
/// where it is not its own interval that leaves it open.
std::string doubt_words(const criteria::Reading& reading, const Need& need) {
  if (!reading.value || !reading.interval) return "";
  const auto beside = threshold_of(need.condition);
  const auto unit = kSpace + std::string(typeset(need.condition.unit));
  const auto value = number(*reading.value, beside) + unit;
  const auto low = number(reading.interval->low, beside);
  const bool open = !std::isfinite(reading.interval->high) ||
                    (need.condition.unit == Unit::percent && reading.interval->high >= 100);
  const auto span =
      open ? fmt::format("anything from {}{} up", low, unit)
           : fmt::format("{} to {}", low, number(reading.interval->high, beside)) + unit;
  if (reading.basis == criteria::Basis::disputed) return "sources say " + span;
  if (reading.basis == criteria::Basis::lower_bound)
    return fmt::format("{} counted may be {}", value, span);
  if (reading.total == 0) return fmt::format("{} as written may be {}", value, span);
  auto words = fmt::format("{} of {} cells may be {}", value, reading.total, span);
  if (reading.classifier95) words += " with the model's error";
  if (need.cells) words += fmt::format("; about {} cells would decide", *need.cells);
  return words;
}

/// As those who read it write it.
std::string brief_label(const std::string& input) {
  for (const auto& [code, label] :
       {std::pair{"wbc", "WBC"}, std::pair{"amc", "AMC"}, std::pair{"anc", "ANC"}})
    if (input == code) return label;
  return wording::short_label(input);
}

/// What is to be learned, in as few words as tell it. Of what is known and does not decide also
/// what it would have to be, and why it does not.
std::string brief_words(const Need& need, const Readings& readings) {
  if (need.input.starts_with("dysplasia_")) return "dysplasia of a lineage";
  auto label = brief_label(need.input);
  const auto found = readings.find(need.input);
  if (found == readings.end() || found->second.basis == criteria::Basis::unknown) return label;
  const auto doubt = doubt_words(found->second, need);
  return fmt::format("{} ({} is undecided{}{})", label,
                     wording::asked_words(need.condition).typeset(), doubt.empty() ? "" : ": ",
                     doubt);
}

void add_once(std::vector<std::string>& words, const std::string& word) {
  if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
}

/// The inputs of which one way is made, each once, but for those in `told`.
std::string one_of_words(const criteria::Alternatives& alternatives, const Readings& readings,
                         const std::set<std::string>& told) {
  std::vector<std::string> words;
  for (const auto& way : alternatives)
    for (const auto& need : way)
      if (!told.contains(need.input)) add_once(words, brief_words(need, readings));
  if (words.size() < 2) return joined(words, ", ");
  return "one of " + joined(words, ", ");
}

/// What an axis waits for beside what is `told`, each once.
std::vector<std::string> axis_words(const EditionResult& edition, Axis axis,
                                    std::set<std::string>& told) {
  std::vector<std::string> words;
  for (const auto& decision : edition.decisions) {
    if (axis_of(edition, decision) != axis) continue;
    for (const auto& need : decision.confirm)
      if (told.insert(need.input).second) words.push_back(brief_label(need.input));
  }
  return words;
}

}  // namespace

std::vector<std::string> missing_words(const EditionResult& edition, const Readings& readings) {
  std::vector<std::string> words;
  std::set<std::string> told;
  for (const auto& decision : edition.decisions) {
    if (axis_of(edition, decision) != Axis::disease) continue;
    for (const auto& need : decision.confirm) {
      told.insert(need.input);
      words.push_back(brief_words(need, readings));
    }
    for (const auto& alternatives : decision.one_of)
      if (const auto one = one_of_words(alternatives, readings, told); !one.empty())
        words.push_back(one);
    break;
  }
  for (const auto axis : {Axis::subtype, Axis::grade})
    if (const auto list = axis_words(edition, axis, told); !list.empty())
      words.push_back(fmt::format("for the {}: {}", to_string(axis), joined(list, ", ")));
  return words;
}

}  // namespace cytocape::report_page
