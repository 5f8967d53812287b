#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "embedded/page_thresholds.hpp"
#include "io/text.hpp"
#include "pipeline/pages/report/parts.hpp"
#include "pipeline/pages/report/scale.hpp"
#include "pipeline/pages/report/text.hpp"
#include "pipeline/wording/sources.hpp"

namespace cytocape::report_page {
namespace {

/// What is shown, by input of the criteria.
struct Quantity {
  const char* input;
  const char* title;
  Unit unit;
  const char* of;  ///< what a share is of; empty for what is none
};
constexpr std::array<Quantity, 4> kQuantities{
    {{"monocytes", "Monocytes in blood", Unit::percent, "leukocytes"},
     {"amc", "Absolute monocyte count (AMC)", Unit::cells_per_volume, ""},
     {"pb_blasts", "Blasts and blast equivalents in blood", Unit::percent, "leukocytes"},
     {"bm_blasts", "Blasts and blast equivalents in marrow", Unit::percent, "nucleated cells"}}};

std::vector<EditionThresholds> thresholds_of(const criteria::CaseResult& assessment,
                                             const std::string& input) {
  std::vector<EditionThresholds> editions;
  for (const auto& edition : assessment.editions) {
    EditionThresholds row{edition.edition, {}};
    for (const auto& criterion : edition.criteria)
      if (criterion.input == input && criterion.threshold)
        row.thresholds.push_back(*criterion.threshold);
    std::sort(row.thresholds.begin(), row.thresholds.end());
    row.thresholds.erase(std::unique(row.thresholds.begin(), row.thresholds.end()),
                         row.thresholds.end());
    editions.push_back(std::move(row));
  }
  return editions;
}

/// The threshold that `value` lies nearest to: rounding must not carry it across.
std::optional<double> nearest_threshold(const std::vector<EditionThresholds>& editions,
                                        double value) {
  std::optional<double> nearest;
  for (const auto& edition : editions)
    for (const double threshold : edition.thresholds)
      if (!nearest || std::abs(threshold - value) < std::abs(*nearest - value)) nearest = threshold;
  return nearest;
}

/// Nothing bounds it from above.
bool open_above(const criteria::Reading& reading) {
  if (reading.basis == criteria::Basis::lower_bound) return true;
  return reading.basis == criteria::Basis::disputed && reading.interval &&
         (!std::isfinite(reading.interval->high) || reading.interval->high >= 100);
}

struct Words {
  std::string value;     ///< "24.5 %"
  std::string interval;  ///< "(19.1-30.9)"
};

Words words_of(const criteria::Reading& reading, const Quantity& quantity,
               const std::vector<EditionThresholds>& editions) {
  const auto written = [&](double value) {
    return number(value, nearest_threshold(editions, value));
  };
  const auto span = [&](const Interval& interval) {
    return open_above(reading)
               ? fmt::format("{} or more", written(interval.low))
               : fmt::format("{} to {}", written(interval.low), written(interval.high));
  };
  Words words;
  if (!reading.value) return words;
  const bool bound = reading.basis == criteria::Basis::lower_bound;
  words.value = fmt::format("{}{}{}", written(*reading.value), kSpace, typeset(quantity.unit));
  if (!reading.interval) return words;
  if (reading.basis == criteria::Basis::disputed) {
    words.interval = fmt::format("(disputed: {})", span(*reading.interval));
    return words;
  }
  words.interval = bound ? fmt::format("(at least {})", written(reading.interval->low))
                         : fmt::format("({}\u2013{})", written(reading.interval->low),
                                       written(reading.interval->high));
  return words;
}

/// What the line above does not say: of a slide's count nothing, of a share that a laboratory
/// counted who counted it and when.
std::string source_words(const criteria::Reading& reading, bool share_counted) {
  if (!share_counted) return reading.source.typeset();
  const auto* counted = std::get_if<criteria::PersonsCount>(&reading.from.what);
  return counted == nullptr ? std::string() : wording::describe(counted->from);
}

data measure(const criteria::CaseResult& assessment, const Quantity& quantity) {
  const auto found = assessment.readings.find(quantity.input);
  auto reading = found == assessment.readings.end() ? criteria::Reading{} : found->second;
  if (reading.value && !std::isfinite(*reading.value)) reading.value.reset();
  if (reading.interval && !std::isfinite(reading.interval->low)) reading.interval.reset();
  const bool known = reading.basis != criteria::Basis::unknown;
  const auto editions = thresholds_of(assessment, quantity.input);
  const auto words = words_of(reading, quantity, editions);
  data item;
  item.set("title", quantity.title);
  item.set("value", words.value.empty() ? std::string(kDash) : words.value);
  item.set("interval", optional_text(words.interval));
  const bool share_counted = *quantity.of != '\0' && reading.total > 0;
  item.set("of", optional_text(share_counted ? fmt::format("{} of {} {}", reading.count,
                                                           reading.total, quantity.of)
                               : known && *quantity.of != '\0' ? fmt::format("of {}", quantity.of)
                                                               : ""));
  item.set("source", optional_text(known ? source_words(reading, share_counted) : ""));
  item.set("gap",
           optional_text(reading.gap.empty() && !known ? "not known" : reading.gap.typeset()));
  item.set("gap_kind", reading.basis == criteria::Basis::disputed ? "Disputed"
                       : known                                    ? "A lower bound"
                                                                  : "Not known");
  item.set("remarks", remark_texts(reading.remarks));
  item.set("scale",
           threshold_scale({.title = fmt::format("{}: {}{}{}", quantity.title,
                                                 known ? words.value : "not known",
                                                 words.interval.empty() ? "" : " ", words.interval),
                            .unit = quantity.unit,
                            .editions = editions,
                            .value = known ? reading.value : std::nullopt,
                            .interval = known ? reading.interval : std::nullopt,
                            .open_above = open_above(reading)}));
  return item;
}

}  // namespace

bool any_usable(std::span<const SlideReport> slides) {
  return std::any_of(slides.begin(), slides.end(),
                     [](const auto& slide) { return slide.status == Status::ok; });
}

std::string thresholds(const criteria::CaseResult& assessment) {
  data values;
  List measures;
  for (const auto& quantity : kQuantities) measures.push_back(measure(assessment, quantity));
  values.set("measures", measures);
  values.set("interval_note", criteria::kIntervalNote);
  return render(text::page_thresholds, values);
}

}  // namespace cytocape::report_page
