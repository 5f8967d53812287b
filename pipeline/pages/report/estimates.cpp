#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "embedded/page_estimates.hpp"
#include "pipeline/pages/report/parts.hpp"
#include "pipeline/pages/report/text.hpp"
#include "pipeline/settings/clinical_order.hpp"

namespace cytocape::report_page {
namespace {

constexpr const char* kNotExpected =
    "no cell was classified, or the model does not know this class";
constexpr const char* kNotCorrected =
    "no correction is possible: the model's validation figures are too few, or no cell was counted";

data counted_row(const DifferentialRow& entry, Marks& marks) {
  data row;
  row.set("label", as_text(entry.label));
  row.set("count", std::to_string(entry.count));
  marks.percentage(row, "fraction", entry.fraction, "no cell was counted");
  marks.percentage(row, "expected", entry.expected_fraction, kNotExpected);
  marks.percentage(row, "corrected", entry.corrected_fraction, kNotCorrected);
  row.set("corrected_interval", entry.corrected_fraction && entry.corrected95
                                    ? percent_range(*entry.corrected95)
                                    : std::string());
  row.set("interval", entry.wilson95 ? percent_range(*entry.wilson95) : std::string());
  return row;
}

void set_differential(data& values, const SlideReport& report) {
  Marks marks;
  List inside;
  List outside;
  for (const auto* row_of : in_clinical_order(report.differential)) {
    const auto& entry = *row_of;
    if (entry.in_denominator) {
      inside.push_back(counted_row(entry, marks));
      continue;
    }
    data row;
    row.set("label", as_text(entry.label));
    row.set("count", counted(entry.count, "cell", "cells"));
    marks.percentage(row, "expected", entry.expected_fraction, kNotExpected);
    outside.push_back(row);
  }
  values.set("has_counted", !inside.empty());
  values.set("counted", inside);
  values.set("has_outside", !outside.empty());
  values.set("outside", outside);
  values.set("marks", marks.list());
}

std::string share_range(const Interval& interval) {
  const auto range = percent_range(interval);
  return range.empty() ? kDash : range.substr(1, range.size() - 2) + kSpace + "%";
}

data group(const GroupEstimate& estimate) {
  data row;
  row.set("label", as_text(estimate.label));
  row.set("counted", fmt::format("{} of {}", estimate.count, estimate.total));
  row.set("classes", optional_text(joined(estimate.classes, " + ")));
  // Where there is no share, the reason names them.
  row.set("unknown",
          optional_text(estimate.gap.empty() ? joined(estimate.unknown_parts, ", ") : ""));
  row.set("note", optional_text(estimate.gap.empty() ? estimate.note : ""));
  row.set("gap", optional_text(estimate.gap));
  const bool known = estimate.fraction && std::isfinite(*estimate.fraction);
  row.set("fraction", known ? percent(*estimate.fraction) : std::string(kDash));
  row.set("wilson", known && estimate.wilson95 ? percent_range(*estimate.wilson95) : "");
  const bool corrected = estimate.corrected && std::isfinite(*estimate.corrected);
  row.set("corrected", corrected ? percent(*estimate.corrected) : std::string(kDash));
  row.set("both", corrected ? percent_range(estimate.both95) : "");
  row.set("sampling", corrected ? share_range(estimate.sampling95) : std::string(kDash));
  row.set("classifier", corrected ? share_range(estimate.classifier95) : std::string(kDash));
  return row;
}

data figure(const criteria::Figure& entry) {
  data item;
  const bool known = entry.value && std::isfinite(*entry.value);
  item.set("label", as_text(entry.label));
  item.set("count", known ? fmt::format("{} / {} cells.", entry.numerator, entry.denominator) : "");
  item.set("rule", optional_text(entry.rule.typeset()));
  return item;
}

}  // namespace

std::string estimates(const SlideReport& report) {
  data values;
  const auto withheld = why_withheld(report);
  values.set("withheld", optional_text(withheld));
  if (!withheld.empty()) return render(text::page_estimates, values);
  set_differential(values, report);
  List groups;
  for (const auto& estimate : report.groups) groups.push_back(group(estimate));
  values.set("has_groups", !groups.empty());
  values.set("groups", groups);
  List figures;
  for (const auto& entry : report.figures) figures.push_back(figure(entry));
  values.set("has_figures", !figures.empty());
  values.set("figures", figures);
  return render(text::page_estimates, values);
}

}  // namespace cytocape::report_page
