#include "pipeline/case/grading.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "pipeline/case/quality.hpp"
#include "pipeline/wording/appearance.hpp"

namespace cytocape {
namespace {

constexpr const char* kGridReason =
    "regions of a grid were classified, not cells: there is no differential";

std::vector<std::string> missing_parts(const SlideReport& report, const GradingFacts& facts) {
  std::vector<std::string> reasons;
  if (facts.failed > 0)
    reasons.push_back(fmt::format("{} {} failed; the first: {}", facts.failed,
                                  facts.failed == 1 ? "block or cell" : "blocks or cells",
                                  report.failures.empty() ? "?" : report.failures.front()));
  if (facts.blocks_done != report.blocks_planned)
    reasons.push_back(fmt::format("{} of {} planned blocks have an outcome", facts.blocks_done,
                                  report.blocks_planned));
  return reasons;
}

std::vector<std::string> weak_points(const SlideReport& report, const GradingFacts& facts) {
  std::vector<std::string> reasons;
  if (facts.regions == RegionKind::grid) reasons.emplace_back(kGridReason);
  for (const auto& check : report.quality) {
    const bool told =
        check.rule == QualityRule::failed_share;  // among the missing parts, with its cause
    if (check.decides && !told && check.verdict == QualityCheck::Verdict::failed)
      reasons.push_back(describe(check));
  }
  return reasons;
}

/// Whether a rule that was not measured had nothing to measure, or the model asks for nothing.
bool has_no_subject(const QualityCheck& check, const SlideReport& report) {
  if (check.rule == QualityRule::appearance) return !check.at_most;
  if (check.rule != QualityRule::strange_cells) return report.cells_located == 0;
  return !check.at_most || report.denominator == 0;
}

/// A rule that would decide and could not be measured changes no status, and is not passed over.
std::vector<std::string> unmeasured(const SlideReport& report, const GradingFacts& facts) {
  std::vector<std::string> remarks;
  for (const auto& check : report.quality) {
    const bool told =
        check.rule == QualityRule::countable_cells && facts.regions == RegionKind::grid;
    if (check.decides && !told && check.verdict == QualityCheck::Verdict::not_measured &&
        !has_no_subject(check, report))
      remarks.push_back(fmt::format("{}: not measured; assess it by eye", check.label));
  }
  return remarks;
}

}  // namespace

void grade(SlideReport& report, const GradingFacts& facts) {
  auto missing = missing_parts(report, facts);
  auto weak = weak_points(report, facts);
  report.status = !missing.empty() ? Status::incomplete
                  : !weak.empty()  ? Status::insufficient
                                   : Status::ok;
  report.status_reasons = std::move(missing);
  report.status_reasons.insert(report.status_reasons.end(), weak.begin(), weak.end());
  auto remarks = report.slide.notices;
  const auto not_measured = unmeasured(report, facts);
  remarks.insert(remarks.end(), not_measured.begin(), not_measured.end());
  const auto& appearance = report.appearance;
  if (appearance.asked != AppearanceMap::none && appearance.outcome != AppearanceOutcome::applied)
    remarks.push_back(wording::appearance_sentence(appearance));
  if (!facts.expectation.empty()) remarks.push_back(facts.expectation);
  report.status_reasons.insert(report.status_reasons.end(), remarks.begin(), remarks.end());
}

void regrade(SlideReport& report, const std::vector<QualityCheck>& before) {
  const auto decides_against = [](const QualityCheck& check) {
    return check.decides && check.verdict == QualityCheck::Verdict::failed;
  };
  auto& reasons = report.status_reasons;
  bool was_a_rule = false;
  for (const auto& check : before)
    if (decides_against(check)) was_a_rule = std::erase(reasons, describe(check)) > 0 || was_a_rule;
  std::vector<std::string> weak;
  for (const auto& check : report.quality)
    if (decides_against(check) && check.rule != QualityRule::failed_share)
      weak.push_back(describe(check));
  const bool grid = std::find(reasons.begin(), reasons.end(), kGridReason) != reasons.end();
  if (report.status == Status::ok || (report.status == Status::insufficient && was_a_rule && !grid))
    report.status = weak.empty() ? Status::ok : Status::insufficient;
  reasons.insert(reasons.begin(), weak.begin(), weak.end());
}

std::string denominator_rule(Specimen specimen) {
  switch (specimen) {
    case Specimen::blood:
      return "Percentages are of the leukocytes classified; normoblasts, platelets, smudge cells, "
             "artefacts and unidentified cells are outside.";
    case Specimen::marrow:
      return "Percentages are of the nucleated cells classified; megakaryocytes, platelets, smudge "
             "cells, artefacts and unidentified cells are outside.";
  }
  return "";
}

}  // namespace cytocape
