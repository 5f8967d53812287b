#include "pipeline/serve/signing.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "io/errors.hpp"
#include "pipeline/case/assess.hpp"
#include "pipeline/criteria/labs_csv.hpp"
#include "pipeline/review/beside.hpp"
#include "pipeline/review/morphology.hpp"
#include "pipeline/settings/taxonomy.hpp"

namespace cytocape {
namespace {

CaseFacts facts_of(const SlideReport& report) {
  const auto& assessment = report.assessment;
  CaseFacts facts{.id = report.case_id, .labs = assessment.labs, .findings = {}};
  if (!assessment.given.empty())
    facts.findings = criteria::findings_of(assessment.given, report.slide.id);
  return facts;
}

/// Of the whole count: whoever signs it must have had all of it before the eyes.
void add_unopened(const Review& review, const ReviewedCounts& counts,
                  std::vector<std::string>& points) {
  for (const auto& [name, cells] : counts.called)
    if (!review.opened.contains(name))
      points.push_back(
          fmt::format("{}: {} not looked at; open the class", cell_class(name).label,
                      cells == 1 ? "1 cell was" : fmt::format("{} cells were", cells)));
}

void add_blind_reading(const Review& review, std::vector<std::string>& points) {
  if (review.going_on() != nullptr)
    points.emplace_back("a blind reading goes on; wait until both readers have finished");
  if (const auto left = unsettled(review).size(); left > 0)
    points.push_back(fmt::format("{} {}; somebody else names {}", left,
                                 left == 1 ? "cell on which the blind readers differ is left"
                                           : "cells on which the blind readers differ are left",
                                 left == 1 ? "it" : "them"));
}

/// Open for what the review itself names: what the laboratory gave contradicts nothing, and there
/// is nothing to settle. An alert says it.
bool is_open_by_review(const SlideReport& reviewed, const std::string& input) {
  if (!reviewed.review || reviewed.review->findings.empty()) return false;
  auto without = reviewed;
  without.review->findings.clear();
  assess(without, facts_of(without));
  const auto found = without.assessment.readings.find(input);
  return found != without.assessment.readings.end() &&
         found->second.basis != criteria::Basis::disputed;
}

bool is_contested(const criteria::Reading& reading) {
  return std::any_of(reading.gaps.begin(), reading.gaps.end(), [](const auto& gap) {
    return std::holds_alternative<criteria::ContradictoryAnswers>(gap);
  });
}

}  // namespace

SlideReport reviewed_report(const SlideReport& counted, const Review& review,
                            const SlideRoom& room) {
  auto report = counted;
  try {
    revise(report, review, room.index());
    add_diseases_seen_beside(room.folder(), report);
    assess(report, facts_of(counted));
  } catch (const ModelError& error) {
    throw StorageError(
        fmt::format("{}: damaged record: /model@card_json: {}", counted.slide.id, error.what()));
  } catch (const ConfigError& error) {
    throw StorageError(fmt::format("{}: {}", counted.slide.id, error.what()));
  }
  return report;
}

std::vector<std::string> open_points(const SlideReport& reviewed, const Review& review,
                                     const ReviewedCounts& counts) {
  std::vector<std::string> points;
  if (counts.unidentified > 0)
    points.push_back(fmt::format("{} unidentified {}; name or remove {}", counts.unidentified,
                                 counts.unidentified == 1 ? "cell is left" : "cells are left",
                                 counts.unidentified == 1 ? "it" : "them"));
  add_unopened(review, counts, points);
  if (reviewed.status != Status::ok)
    points.push_back(fmt::format("the slide is {}: {}", to_string(reviewed.status),
                                 reviewed.status_reasons.empty()
                                     ? std::string("see its report")
                                     : reviewed.status_reasons.front()));
  if (const auto why = why_withheld(reviewed); !why.empty())
    points.push_back("counts by class are withheld: " + why);
  add_blind_reading(review, points);
  for (auto& sentence : too_few_counted(review)) points.push_back(std::move(sentence));
  for (const auto& [input, reading] : reviewed.assessment.readings)
    if (is_contested(reading) ||
        (reading.basis == criteria::Basis::disputed && !is_open_by_review(reviewed, input)))
      points.push_back(
          fmt::format("{}: sources contradict each other; {}", input, reading.gap.plain()));
  return points;
}

}  // namespace cytocape
