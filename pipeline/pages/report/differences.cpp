#include "pipeline/pages/report/differences.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <variant>

#include "pipeline/pages/report/text.hpp"
#include "pipeline/statistics/statistics.hpp"

namespace cytocape::report_page {
namespace {

using criteria::Reading;
using criteria::Readings;

/// A number that laboratories give and slides show.
struct Quantity {
  const char* input;
  Specimen specimen;
  const char* counted;  ///< the sum or class of the slide
  bool absolute;        ///< a share times the leukocytes
};
constexpr std::array<Quantity, 6> kQuantities{
    {{"monocytes", Specimen::blood, "monocytes", false},
     {"amc", Specimen::blood, "monocytes", true},
     {"anc", Specimen::blood, "neutrophils", true},
     {"eosinophils", Specimen::blood, "eosinophil", true},
     {"pb_blasts", Specimen::blood, "blast_equivalents", false},
     {"bm_blasts", Specimen::marrow, "blast_equivalents", false}}};

/// Told by a laboratory or a person, and not made of what a slide shows.
bool is_given(const Reading& reading) {
  const auto& what = reading.from.what;
  return std::holds_alternative<criteria::GivenOnce>(what) ||
         std::holds_alternative<criteria::PersonsCount>(what) ||
         std::holds_alternative<criteria::AmcOverWbc>(what);
}

const Reading* given_number(const Readings& readings, const char* input) {
  const auto found = readings.find(input);
  if (found == readings.end() || !is_given(found->second)) return nullptr;
  const auto& reading = found->second;
  return reading.value && std::isfinite(*reading.value) ? &reading : nullptr;
}

/// What a slide shows of a quantity, in the quantity's unit.
struct Shown {
  double value = 0;
  Interval interval;
  std::vector<std::string> without;  ///< not known to the model
};

std::optional<Shown> share_of(const SlideReport& report, const std::string& code) {
  const auto shown = [](const auto& row) -> std::optional<Shown> {
    if (!row.fraction || !row.wilson95 || !std::isfinite(*row.fraction)) return std::nullopt;
    return Shown{100 * *row.fraction, {100 * row.wilson95->low, 100 * row.wilson95->high}, {}};
  };
  for (const auto& group : report.groups) {
    if (group.code != code) continue;
    auto found = shown(group);
    if (found) found->without = group.unknown_parts;
    return found;
  }
  for (const auto& row : report.differential)
    if (row.name == code && row.in_denominator) return shown(row);
  return std::nullopt;
}

std::optional<Shown> shown_by(const SlideReport& report, const Quantity& quantity,
                              const Readings& readings) {
  auto shown = share_of(report, quantity.counted);
  if (!shown || !quantity.absolute) return shown;
  const auto* wbc = given_number(readings, "wbc");
  if (wbc == nullptr) return std::nullopt;
  const double factor = *wbc->value / 100;
  shown->value *= factor;
  shown->interval = {shown->interval.low * factor, shown->interval.high * factor};
  return shown;
}

/// A disputed number's interval holds what the slide shows, too.
std::optional<Interval> own_interval(const Reading& given) {
  if (given.basis != criteria::Basis::disputed) return given.interval;
  const auto* counted = std::get_if<criteria::PersonsCount>(&given.from.what);
  if (counted == nullptr) return std::nullopt;
  const auto interval = wilson95(counted->count, counted->total);
  return interval ? std::optional(Interval{100 * interval->low, 100 * interval->high})
                  : std::nullopt;
}

/// Whether Newcombe's 95 % interval of the difference of two shares, made of their Wilson
/// intervals, leaves out 0. That of a number without an interval is the number.
bool differ(const Reading& given, const Shown& shown) {
  const auto span = own_interval(given).value_or(Interval{*given.value, *given.value});
  const bool more = shown.value > *given.value;
  const double own = more ? shown.value - shown.interval.low : shown.interval.high - shown.value;
  const double other = more ? span.high - *given.value : *given.value - span.low;
  return std::abs(shown.value - *given.value) > std::hypot(own, other);
}

/// As the differential prints them.
std::string shown_words(const Shown& shown, const Quantity& quantity) {
  const auto absolute = [](double value) { return fmt::format("{:.2f}", value); };
  const auto& [low, high] = shown.interval;
  auto words = quantity.absolute
                   ? fmt::format("{}{}{} ({}\u2013{})", absolute(shown.value), kSpace,
                                 typeset(Unit::cells_per_volume), absolute(low), absolute(high))
                   : percent(shown.value / 100) + " " + percent_range({low / 100, high / 100});
  return shown.without.empty() ? words : words + " without " + joined(shown.without, ", ");
}

std::string slide_of(const SlideReport& report) {
  auto words = fmt::format("{} slide {}", labels_of(report.specimen).adjective, report.slide.id);
  if (report.status == Status::ok) return words;
  return fmt::format("{} ({}, not used)", words, to_string(report.status));
}

/// An absolute count that was divided by the leukocytes is compared as a share.
bool told_as_share(const Quantity& quantity, const Readings& readings) {
  return std::string_view(quantity.input) == "amc" &&
         given_number(readings, "monocytes") != nullptr;
}

}  // namespace

std::vector<Difference> differences(const criteria::CaseResult& assessment,
                                    std::span<const SlideReport> slides) {
  std::vector<Difference> all;
  for (const auto& quantity : kQuantities) {
    const auto* given = given_number(assessment.readings, quantity.input);
    if (given == nullptr || told_as_share(quantity, assessment.readings)) continue;
    const auto unit = quantity.absolute ? Unit::cells_per_volume : Unit::percent;
    for (const auto& report : slides) {
      if (report.specimen != quantity.specimen || !has_counts(report)) continue;
      if (!why_withheld(report).empty()) continue;
      const auto shown = shown_by(report, quantity, assessment.readings);
      if (!shown || !differ(*given, *shown)) continue;
      all.push_back(
          {quantity.input, given->basis == criteria::Basis::disputed,
           fmt::format("{}{}{} ({}), {} {}", number(*given->value), kSpace, typeset(unit),
                       given->source.typeset(), slide_of(report), shown_words(*shown, quantity))});
    }
  }
  return all;
}

}  // namespace cytocape::report_page
