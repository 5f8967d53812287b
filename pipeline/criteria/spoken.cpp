#include "pipeline/criteria/spoken.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "pipeline/criteria/genes.hpp"
#include "pipeline/criteria/inherited.hpp"
#include "pipeline/criteria/items.hpp"
#include "pipeline/criteria/named_diseases.hpp"
#include "pipeline/criteria/resolutions.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/sources_of_yes.hpp"
#include "pipeline/criteria/told.hpp"
#include "pipeline/criteria/untested.hpp"
#include "pipeline/wording/genetics.hpp"
#include "pipeline/wording/named.hpp"
#include "pipeline/wording/notes.hpp"

namespace cytocape::criteria {
namespace {

constexpr const char* kNamed = "disease_named";

wording::Spoken spoken_words(const SpokenOf& spoken) {
  return {.row = spoken.row,
          .item = spoken.item,
          .say = spoken.say,
          .written = spoken.written,
          .reviewed = spoken.reviewed};
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

const Provenance* given_yes(const Reading& reading) {
  const auto* given = std::get_if<GivenOnce>(&reading.from.what);
  return given != nullptr && reading.answer == Choice::yes ? &given->from : nullptr;
}

/// What a person reads, and what speaks for CMML.
bool supports_when_yes(const std::string& input) {
  return input.starts_with("dysplasia_") ||
         is_one_of(input, {"marrow_cmml", "immunophenotype", "cytogenetics", "persistence"});
}

/// "BCR::ABL1: no (positive)".
bool is_found_by_itself(const std::string& input) {
  return is_one_of(input, {"bcr_abl1", "tk_fusion", "cytogenetics"});
}

bool is_named_in(const Findings& findings, std::uint64_t row) {
  return std::any_of(findings.named.begin(), findings.named.end(),
                     [&](const NamedInSource& named) { return named.row == row; });
}

/// None where the answers that contradict each other have an alert of their own.
std::optional<Urgent> speaking_unknown_alert(const Findings& findings,
                                             const SpeakingUnknown& unknown) {
  if (findings.contested.contains(unknown.item) && excludes_when_yes(unknown.item))
    return std::nullopt;
  const auto gene = read_gene(unknown.gene).gene;
  const bool of_leukaemia =
      !unknown.gene.empty() && (is_looked_for(gene) || meaning_of(gene) == GeneMeaning::fusion);
  return Urgent{.subject = "unknown " + unknown.item + " " + unknown.gene,
                .text = wording::unknown_against_its_source(
                    unknown.gene.empty() ? unknown.item : unknown.gene, unknown.from),
                .call = of_leukaemia ? Call::today : Call::promptly};
}

/// The input of the row itself, else the first.
std::string target_of(const SpokenOf& spoken) {
  const auto& inputs = spoken.speaks_for;
  const bool own = std::find(inputs.begin(), inputs.end(), spoken.item) != inputs.end();
  return own ? spoken.item : inputs.front();
}

}  // namespace

bool is_settled(const Findings& findings, const Readings& readings, const SpokenOf& spoken) {
  return std::any_of(spoken.speaks_for.begin(), spoken.speaks_for.end(), [&](const auto& input) {
    const auto reading = readings.find(input);
    return has_weighed(findings, input, spoken.day) ||
           (reading != readings.end() && reading->second.answer == Choice::yes);
  });
}

void leave_open_by_sources(const Findings& findings, Readings& readings) {
  for (auto& [input, reading] : readings) {
    const auto* no = given_no(reading);
    if (no == nullptr || has_weighed(findings, input, no->date)) continue;
    if (says_untested(no->source))
      take_back(reading, wording::untested_answer(*no));
    else if (says_part_untested(no->source, input))
      take_back(reading, wording::partly_untested_answer(*no));
    else if (says_left_possible(no->source))
      take_back(reading, wording::not_excluded_by(*no));
    else if (is_found_by_itself(input) && says_found(no->source))
      take_back(reading, wording::answer_against_its_source(*no));
  }
  for (const auto& unread : findings.unread)
    // What a source names contradicts its answer elsewhere.
    if (auto& reading = readings[unread.item]; !unread.passed_over &&
                                               given_no(reading) != nullptr &&
                                               !is_named_in(findings, unread.from.row))
      take_back(reading, wording::unread_answer(unread.part, unread.from));
  for (auto& [input, reading] : readings)
    if (const auto* yes = given_yes(reading);
        yes != nullptr && supports_when_yes(input) &&
        (says_untested(yes->source) || says_absent(yes->source) ||
         takes_itself_back(yes->source, {.item = input})))
      take_back(reading, wording::yes_without_result(*yes));
  auto& cytogenetics = readings["cytogenetics"];
  if (const auto* yes = std::get_if<GivenOnce>(&cytogenetics.from.what);
      yes != nullptr && cytogenetics.answer == Choice::yes &&
      tells_of_no_acquired(yes->from.source))
    take_back(cytogenetics, wording::not_acquired({"cytogenetics"}, yes->from));
  auto& persistence = readings["persistence"];
  const auto* given = std::get_if<GivenOnce>(&persistence.from.what);
  if (given != nullptr && persistence.answer == Choice::yes && says_brief(given->from.source))
    persistence.remarks.emplace_back(wording::brief_persistence(given->from));
  if (given != nullptr && persistence.answer == Choice::yes && findings.low_monocytes) {
    const auto& [item, count] = *findings.low_monocytes;
    take_back(persistence, wording::not_there_before(given->from, item, count.given, count.from));
  }
  std::map<std::string, std::vector<std::string>> open;
  for (const auto& spoken : findings.spoken)
    if (!is_settled(findings, readings, spoken))
      open[target_of(spoken)].push_back(wording::left_open_by(spoken_words(spoken)));
  std::set<std::string> weighed = {kNamed};
  for (const auto& disease : diseases()) {
    const auto unknown = findings.said_unknown.find(disease.on_yes);
    const auto& cause = disease.speaks_for.front();
    if (!disease.on_yes.empty() && unknown != findings.said_unknown.end() &&
        readings.at(cause).answer != Choice::yes)
      open[cause].push_back(wording::unknown_genetics(disease.on_yes, unknown->second));
    const auto answer = findings.answers.find(disease.on_yes);
    if (answer == findings.answers.end() || answer->second.value != Choice::yes) continue;
    const auto& input = disease.speaks_for.front();
    if (readings.at(input).answer == Choice::yes) continue;
    weighed.insert(input);
    open[input].push_back(wording::answered_yes({.row = answer->second.from.row,
                                                 .item = disease.on_yes,
                                                 .say = disease.say,
                                                 .written = ""}));
  }
  readings[kNamed] = told(kNamed, Choice::no, wording::none_recorded());
  for (const auto& [input, words] : open) {
    const auto reading = readings.find(input);
    if (reading == readings.end()) continue;
    take_back(reading->second, fmt::format("{}", fmt::join(words, "; ")));
    // A person must weigh it: indeterminate, not unknown.
    if (weighed.contains(input)) reading->second.basis = Basis::disputed;
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
  if (const auto sexes = findings.contested.find("sex"); sexes != findings.contested.end())
    alerts.push_back(
        {.subject = "sex", .text = wording::both_sexes(sexes->second), .call = Call::none});
  for (const auto& spoken : findings.spoken)
    if (spoken.call != Call::none && !is_settled(findings, readings, spoken))
      alerts.push_back({.subject = spoken.say + " " + spoken.item,
                        .text = wording::speaking_alert(spoken_words(spoken)),
                        .call = spoken.call});
  for (const auto& unknown : findings.speaking_unknown)
    if (auto alert = speaking_unknown_alert(findings, unknown)) alerts.push_back(std::move(*alert));
  return alerts;
}

}  // namespace cytocape::criteria
