#include "pipeline/criteria/spoken.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "pipeline/criteria/items.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/told.hpp"
#include "pipeline/criteria/untested.hpp"
#include "pipeline/wording/genetics.hpp"
#include "pipeline/wording/named.hpp"

namespace cytocape::criteria {
namespace {

constexpr const char* kNamed = "disease_named";

wording::Spoken spoken_words(const SpokenOf& spoken) {
  return {.row = spoken.row, .item = spoken.item, .say = spoken.say, .written = spoken.written};
}

/// No answer any more; what was said beside it stays.
void take_back(Reading& reading, std::string why) {
  auto open = told_open(reading.input, std::move(why));
  open.remarks = std::move(reading.remarks);
  reading = std::move(open);
}

/// The answer "no" that its source tells of; none where it is another.
const Provenance* given_no(const Reading& reading) {
  const auto* given = std::get_if<GivenOnce>(&reading.from.what);
  return given != nullptr && reading.answer == Choice::no ? &given->from : nullptr;
}

/// "BCR::ABL1: no (positive)".
bool is_found_by_itself(const std::string& input) {
  return is_one_of(input, {"bcr_abl1", "tk_fusion", "cytogenetics"});
}

bool is_settled(const Findings& findings, const Readings& readings, const SpokenOf& spoken) {
  return std::any_of(spoken.speaks_for.begin(), spoken.speaks_for.end(), [&](const auto& input) {
    const auto reading = readings.find(input);
    return findings.resolved.contains(input) ||
           (reading != readings.end() && reading->second.answer == Choice::yes);
  });
}

/// The input of the row itself, else the first.
std::string target_of(const SpokenOf& spoken) {
  const auto& inputs = spoken.speaks_for;
  const bool own = std::find(inputs.begin(), inputs.end(), spoken.item) != inputs.end();
  return own ? spoken.item : inputs.front();
}

}  // namespace

void leave_open_by_sources(const Findings& findings, Readings& readings) {
  for (auto& [input, reading] : readings) {
    const auto* no = given_no(reading);
    if (no == nullptr || findings.resolved.contains(input)) continue;
    if (says_untested(no->source))
      take_back(reading, wording::untested_answer(*no));
    else if (is_found_by_itself(input) && says_found(no->source))
      take_back(reading, wording::answer_against_its_source(*no));
  }
  auto& persistence = readings["persistence"];
  const auto* given = std::get_if<GivenOnce>(&persistence.from.what);
  if (given != nullptr && persistence.answer == Choice::yes && says_brief(given->from.source))
    persistence.remarks.emplace_back(wording::brief_persistence(given->from));
  std::map<std::string, std::vector<std::string>> open;
  for (const auto& spoken : findings.spoken)
    if (!is_settled(findings, readings, spoken))
      open[target_of(spoken)].push_back(wording::left_open_by(spoken_words(spoken)));
  readings[kNamed] = told(kNamed, Choice::no, wording::none_recorded());
  for (const auto& [input, words] : open) {
    const auto reading = readings.find(input);
    if (reading == readings.end()) continue;
    take_back(reading->second, fmt::format("{}", fmt::join(words, "; ")));
    // A person must weigh it: indeterminate, not unknown.
    if (input == kNamed) reading->second.basis = Basis::disputed;
  }
}

bool is_spoken_for(const Findings& findings, const std::string& input) {
  return std::any_of(findings.spoken.begin(), findings.spoken.end(),
                     [&](const SpokenOf& spoken) { return spoken.speaks_for.front() == input; });
}

std::vector<Urgent> spoken_alerts(const Findings& findings, const Readings& readings) {
  std::vector<Urgent> alerts;
  if (!findings.cases_alike.empty())
    alerts.push_back({.subject = "cases alike",
                      .text = wording::cases_alike(findings.cases_alike),
                      .call = Call::none});
  for (const auto& spoken : findings.spoken)
    if (spoken.call != Call::none && !is_settled(findings, readings, spoken))
      alerts.push_back({.subject = spoken.say + " " + spoken.item,
                        .text = wording::speaking_alert(spoken_words(spoken)),
                        .call = spoken.call});
  return alerts;
}

}  // namespace cytocape::criteria
