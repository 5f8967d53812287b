#include "pipeline/wording/differences.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <variant>

#include "pipeline/statistics/statistics.hpp"
#include "pipeline/wording/labels.hpp"
#include "pipeline/wording/numbers.hpp"
#include "pipeline/wording/phrases.hpp"
#include "pipeline/wording/sources.hpp"

namespace cytocape::wording {
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

/// The unit behind a number, on the number's line.
Phrase with_unit(const Quantity& quantity) {
  if (quantity.absolute) return behind(Unit::cells_per_volume);
  return {" %", "\u00a0%"};
}

/// What a slide shows of a quantity, in the quantity's unit.
struct SlideShows {
  double value = 0;
  Interval interval;
  std::vector<std::string> without;  ///< not known to the model
};

std::optional<SlideShows> share_of(const SlideReport& report, const std::string& code) {
  const auto shown = [](const auto& row) -> std::optional<SlideShows> {
    if (!row.fraction || !row.wilson95 || !std::isfinite(*row.fraction)) return std::nullopt;
    return SlideShows{100 * *row.fraction, {100 * row.wilson95->low, 100 * row.wilson95->high}, {}};
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

std::optional<SlideShows> shown_by(const SlideReport& report, const Quantity& quantity,
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
bool differ(const Reading& given, const SlideShows& shown) {
  const auto span = own_interval(given).value_or(Interval{*given.value, *given.value});
  const bool more = shown.value > *given.value;
  const double own = more ? shown.value - shown.interval.low : shown.interval.high - shown.value;
  const double other = more ? span.high - *given.value : *given.value - span.low;
  return std::abs(shown.value - *given.value) > std::hypot(own, other);
}

/// As the differential prints them: on a page with a dash, which a terminal may not show.
Phrase shown_words(const SlideShows& shown, const Quantity& quantity) {
  const auto& [low, high] = shown.interval;
  const auto digits = quantity.absolute ? 2 : 1;
  const auto number = [&](double value) { return fmt::format("{:.{}f}", value, digits); };
  const Phrase range{fmt::format("({} to {})", number(low), number(high)),
                     fmt::format("({}\u2013{})", number(low), number(high))};
  auto words = number(shown.value) + with_unit(quantity) + " " + range;
  if (shown.without.empty()) return words;
  return words + " without " + fmt::format("{}", fmt::join(shown.without, ", "));
}

std::string slide_of(const SlideReport& report) {
  auto words = slide_label(report.specimen, report.slide.id);
  if (report.status == Status::ok) return words;
  return fmt::format("{} ({}, not used)", words, to_string(report.status));
}

/// Whether the sources of an input still contradict each other, or leave it without an answer.
bool is_open(const criteria::CaseResult& assessment, const std::string& input) {
  const auto found = assessment.readings.find(input);
  if (found == assessment.readings.end()) return false;
  const auto& reading = found->second;
  return reading.basis == criteria::Basis::disputed || !(reading.value || reading.answer);
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
    for (const auto& report : slides) {
      if (report.specimen != quantity.specimen || !has_counts(report)) continue;
      if (!why_withheld(report).empty()) continue;
      const auto shown = shown_by(report, quantity, assessment.readings);
      if (!shown || !differ(*given, *shown)) continue;
      all.push_back({quantity.input, given->basis == criteria::Basis::disputed,
                     say("{}{} ({}), {} {}", format_number(*given->value), with_unit(quantity),
                         given->source, slide_of(report), shown_words(*shown, quantity))});
    }
  }
  return all;
}

std::map<std::string, std::string> settled(const criteria::CaseResult& assessment,
                                           const std::vector<Difference>& differing) {
  std::map<std::string, std::string> reasons;
  for (const auto& row : assessment.given) {
    if (row.item != "resolved" || is_open(assessment, row.value)) continue;
    const bool told = std::any_of(differing.begin(), differing.end(),
                                  [&](const auto& one) { return one.input == row.value; });
    if (told || !assessment.idle_decisions.contains(row.value))
      reasons[row.value] = row.source + (row.date.empty() ? "" : ", " + row.date);
  }
  return reasons;
}

std::vector<Phrase> open_differences(const criteria::CaseResult& assessment,
                                     std::span<const SlideReport> slides) {
  const auto differing = differences(assessment, slides);
  const auto reasons = settled(assessment, differing);
  std::vector<Phrase> open;
  for (const auto& difference : differing)
    if (!difference.disputed && !reasons.contains(difference.input))
      open.push_back(say("{} {}", short_label(difference.input), difference.text));
  return open;
}

}  // namespace cytocape::wording
