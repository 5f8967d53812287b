#include "pipeline/exports/slide_numbers.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "io/errors.hpp"
#include "io/text.hpp"
#include "pipeline/criteria/counts.hpp"
#include "pipeline/settings/clinical_order.hpp"

namespace cytocape {
namespace {

using Kind = Absence::Kind;

/// What the model does not know of the sum or of what it is divided by: the record does not keep
/// it, and without it a lower bound would pass for the sum.
std::vector<std::string> unknown_to_model(const SlideReport& report, const std::string& group) {
  auto counts = criteria::counts_of(report);
  counts.status = Status::ok;  // the sum is asked for, not whether it may be used
  const auto sum = criteria::count_group({counts}, report.specimen, criteria::cell_group(group));
  auto unknown = sum.unknown_parts;
  unknown.insert(unknown.end(), sum.unknown_total.begin(), sum.unknown_total.end());
  return unknown;
}

SlideShare share_of(const ExportedSlide& slide, const DifferentialRow& row) {
  const auto& names = slide.report.model.classes;
  const auto at =
      static_cast<std::size_t>(std::find(names.begin(), names.end(), row.name) - names.begin());
  const bool known = at < slide.classes.size();
  SlideShare share{
      .code = known ? slide.classes[at].code : one_line(displayable(row.name)),
      .label = known ? slide.classes[at].label : row.label,
      .count = row.count,
      .fraction = row.fraction,
      .wilson95 = row.wilson95,
      .reference = row.reference,
      .absence = {Kind::not_applicable, "outside the denominator of the differential"}};
  if (row.in_denominator) share.absence = {Kind::unknown, "no cells were counted"};
  return share;
}

SlideShare share_of(const ExportedSlide& slide, const GroupEstimate& group) {
  SlideShare share{.code = group.code,
                   .label = group.label,
                   .count = group.count,
                   .fraction = group.fraction,
                   .wilson95 = group.wilson95,
                   .reference = std::nullopt,
                   .absence = {Kind::unknown, "no cells were counted"}};
  const auto unknown = unknown_to_model(slide.report, group.code);
  if (!group.fraction && slide.report.denominator > 0)
    share.absence = {Kind::unsupported, group.gap};
  if (group.fraction && !unknown.empty()) {
    share.fraction.reset();
    share.absence = {Kind::unsupported,
                     fmt::format("the model does not know {}, so that its count of the others "
                                 "is a lower bound",
                                 fmt::join(unknown, ", "))};
  }
  return share;
}

}  // namespace

std::optional<Absence> why_no_result(const ExportedSlide& slide) {
  if (!slide.withheld.empty()) return Absence{Kind::masked, "withheld: " + slide.withheld};
  switch (slide.report.status) {
    case Status::ok:
      return std::nullopt;
    case Status::insufficient:
    case Status::incomplete:
      return Absence{Kind::masked,
                     "not given as a result: the slide is " + status_words(slide.report)};
    case Status::failed:
      return Absence{Kind::error, "the slide " + status_words(slide.report)};
  }
  return std::nullopt;
}

std::vector<SlideShare> shares_of(const ExportedSlide& slide) {
  try {
    std::vector<SlideShare> shares;
    for (const auto* row : in_clinical_order(slide.report.differential))
      shares.push_back(share_of(slide, *row));
    for (const auto& group : slide.report.groups) shares.push_back(share_of(slide, group));
    return shares;
  } catch (const ConfigError& unknown_sum) {
    throw StorageError(
        fmt::format("the record sums classes as this program does not: {}; analyze the slide again",
                    unknown_sum.what()));
  }
}

}  // namespace cytocape
