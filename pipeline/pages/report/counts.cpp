#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "embedded/page_counts.hpp"
#include "pipeline/pages/report/parts.hpp"
#include "pipeline/pages/report/text.hpp"

namespace cytocape::report_page {
namespace {

constexpr const char* kNotExpected =
    "no cell was classified, or the model does not know this class";
constexpr const char* kNotCorrected =
    "no correction is possible: the model's validation figures are too few, or no cell was counted";

/// Upper end of the bars: the next 10 % above everything shown.
double bar_scale(const SlideReport& report) {
  double highest = 0.1;
  for (const auto& row : report.differential) {
    if (!row.in_denominator) continue;
    if (row.wilson95) highest = std::max(highest, row.wilson95->high);
    if (row.reference) highest = std::max(highest, row.reference->high);
    highest = std::max(highest, row.fraction.value_or(0));
  }
  return std::min(1.0, std::ceil(highest * 10 - 1e-9) / 10);
}

data stretch(const Interval& interval, double scale) {
  data item;
  item.set("left", coordinate(100 * interval.low / scale));
  item.set("width", coordinate(100 * std::min(interval.high - interval.low, scale) / scale));
  return item;
}

void set_bar(data& row, const DifferentialRow& entry, double scale) {
  const auto nothing = data(data::type::bool_false);
  row.set("bar",
          entry.fraction ? data{"width", coordinate(100 * *entry.fraction / scale)} : nothing);
  row.set("whisker", entry.wilson95 ? stretch(*entry.wilson95, scale) : nothing);
  row.set("usual", entry.reference ? stretch(*entry.reference, scale) : nothing);
  row.set("interval", entry.wilson95 ? percent_range(*entry.wilson95) : std::string());
}

/// The site's interval, and on which side of it the share lies.
void set_reference(data& row, const DifferentialRow& entry) {
  row.set("reference", entry.reference
                           ? fmt::format("{}\u2013{}\u00a0%", number(100 * entry.reference->low),
                                         number(100 * entry.reference->high))
                           : std::string(kDash));
  std::string side;
  if (entry.reference && entry.fraction && *entry.fraction < entry.reference->low) side = "below";
  if (entry.reference && entry.fraction && *entry.fraction > entry.reference->high) side = "above";
  row.set("flag", optional_text(side));
}

data counted_row(const DifferentialRow& entry, double scale, Marks& marks) {
  data row;
  row.set("label", as_text(entry.label));
  row.set("count", std::to_string(entry.count));
  marks.percentage(row, "fraction", entry.fraction, "no cell was counted");
  marks.percentage(row, "expected", entry.expected_fraction, kNotExpected);
  marks.percentage(row, "corrected", entry.corrected_fraction, kNotCorrected);
  row.set("corrected_interval", entry.corrected_fraction && entry.corrected95
                                    ? percent_range(*entry.corrected95)
                                    : std::string());
  set_bar(row, entry, scale);
  set_reference(row, entry);
  return row;
}

void set_differential(data& values, const SlideReport& report) {
  Marks marks;
  List inside;
  List outside;
  const double scale = bar_scale(report);
  bool any_reference = false;
  for (const auto& entry : report.differential) {
    if (entry.in_denominator) {
      inside.push_back(counted_row(entry, scale, marks));
      any_reference = any_reference || entry.reference.has_value();
      continue;
    }
    data row;
    row.set("label", as_text(entry.label));
    row.set("count", counted(entry.count, "cell", "cells"));
    marks.percentage(row, "expected", entry.expected_fraction, kNotExpected);
    outside.push_back(row);
  }
  values.set("denominator", std::to_string(report.denominator));
  values.set("denominator_rule", as_text(report.denominator_rule));
  values.set("scale", fmt::format("{:.0f} %", 100 * scale));
  values.set("has_reference", any_reference);
  values.set("reference_source", optional_text(any_reference ? report.reference_source : ""));
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

/// With the space before it; empty where the label says it.
std::string unit_beside(Unit unit) {
  const std::string set = typeset(unit);
  return set.empty() ? set : kSpace + set;
}

data figure(const criteria::Figure& entry) {
  data item;
  const bool known = entry.value && std::isfinite(*entry.value);
  item.set("label", as_text(entry.label));
  item.set("value", known ? number(*entry.value) : std::string(kDash));
  item.set("unit", as_text(known ? unit_beside(entry.unit) : ""));
  item.set("interval", optional_text(known && entry.interval ? number_range(*entry.interval) : ""));
  item.set(
      "count",
      optional_text(known ? fmt::format("{} / {} cells", entry.numerator, entry.denominator) : ""));
  item.set("rule", optional_text(entry.rule.typeset()));
  item.set("gap", optional_text(known ? "" : entry.gap.empty() ? "not known" : entry.gap));
  return item;
}

}  // namespace

std::string counts(const SlideReport& report) {
  data values;
  const auto withheld = why_withheld(report);
  values.set("withheld", optional_text(withheld));
  if (!withheld.empty()) return render(text::page_counts, values);
  set_differential(values, report);
  List groups;
  for (const auto& estimate : report.groups) groups.push_back(group(estimate));
  values.set("has_groups", !groups.empty());
  values.set("groups", groups);
  List figures;
  for (const auto& entry : report.figures) figures.push_back(figure(entry));
  values.set("has_figures", !figures.empty());
  values.set("figures", figures);
  return render(text::page_counts, values);
}

}  // namespace cytocape::report_page
