#include "io/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace cytocape {

BlockFate fate_of(const BlockRow& block) {
  return {block.outcome, block.rejection};
}

std::string reason_of(const BlockRow& block) {
  switch (block.outcome) {
    case BlockOutcome::analysed:
      return "";
    case BlockOutcome::rejected:
      return to_string(block.rejection.value());
    case BlockOutcome::failed:
      return block.failure;
  }
  return "";
}

CellFate fate_of(const CellRow& cell) {
  return {cell.outcome, cell.exclusion};
}

std::string reason_of(const CellRow& cell) {
  switch (cell.outcome) {
    case CellOutcome::classified:
      return "";
    case CellOutcome::excluded:
      return to_string(cell.exclusion.value());
    case CellOutcome::failed:
      return cell.failure;
  }
  return "";
}

std::string why_withheld(const SlideReport& report) {
  const auto& rules = report.quality;
  const auto strange = std::find_if(rules.begin(), rules.end(), [](const QualityCheck& check) {
    return check.rule == QualityRule::strange_cells && check.decides &&
           check.verdict == QualityCheck::Verdict::failed;
  });
  if (strange == rules.end()) return "";
  return fmt::format(
      "{:.1f} % of its cells are unlike those that model {} was made for (at most {:.1f} % are "
      "allowed); percentages would mislead",
      strange->value.value_or(0), report.model.name, strange->at_most.value_or(0));
}

SlideReport as_shown(SlideReport report) {
  const auto reason = why_withheld(report);
  if (reason.empty()) return report;
  for (auto& row : report.differential) {
    row.fraction.reset();
    row.wilson95.reset();
    row.expected_fraction.reset();
    row.corrected_fraction.reset();
    row.corrected95.reset();
  }
  for (auto& group : report.groups) {
    group.fraction.reset();
    group.wilson95.reset();
    group.corrected.reset();
    group.gap = reason;
  }
  for (auto& figure : report.figures) {
    figure.value.reset();
    figure.interval.reset();
    figure.gap = reason;
  }
  report.evidence.value.clear();
  if (report.review) report.review->changes.clear();
  return report;
}

bool has_counts(const SlideReport& report) {
  return report.status != Status::failed;
}

SlideReport failed_report(const SlideReport& report, std::vector<std::string> reasons) {
  SlideReport failed;
  failed.slide = report.slide;
  failed.identity = report.identity;
  constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  if (failed.slide.reader.empty()) failed.slide.mpp = {kUnknown, kUnknown};  // never opened
  failed.slide_sha256 = report.slide_sha256;
  failed.specimen = report.specimen;
  failed.case_id = report.case_id;
  failed.model = report.model;
  failed.run = report.run;
  failed.status = Status::failed;
  failed.status_reasons = std::move(reasons);
  failed.assessment.id = report.case_id;
  return failed;
}

}  // namespace cytocape
