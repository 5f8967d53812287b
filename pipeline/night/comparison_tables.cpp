#include <fmt/format.h>

#include "io/csv.hpp"
#include "pipeline/night/comparison.hpp"

namespace cytocape {
namespace {

/// "low,high"; without an interval both stay empty.
std::string ends(const std::optional<Interval>& interval) {
  return interval ? fmt::format("{:.6g},{:.6g}", interval->low, interval->high) : ",";
}

std::string category(double percent, const ComparedMeasure& measure) {
  if (measure.limits.empty()) return "";
  return category_labels(measure.limits)[category_of(percent, measure.limits)];
}

/// One row of a statistic.
class StatisticRows {
 public:
  StatisticRows(const ComparedMeasure& measure, const WriteText& write)
      : start_(fmt::format("{},{}", measure.specimen, csv_field(measure.code))), write_(write) {}
  void add(const char* name, double value, const std::optional<Interval>& interval = {}) const {
    write_(fmt::format("{},{},{:.6g},{}\n", start_, name, value, ends(interval)));
  }

 private:
  std::string start_;
  const WriteText& write_;
};

}  // namespace

void write_comparison_csv(const Comparison& comparison, const WriteText& write) {
  write(
      "specimen,measure,slide,case,reference_percent,slide_percent,slide_low95,slide_high95,"
      "difference,reference_category,slide_category\n");
  for (const auto& measure : comparison.measures)
    for (const auto& slide : measure.slides) {
      const auto [reference, measured] = slide.percent;
      write(fmt::format("{},{},{},{},{:.6g},{:.6g},{},{:.6g},{},{}\n", measure.specimen,
                        csv_field(measure.code), csv_field(slide.id), csv_field(slide.case_id),
                        reference, measured, ends(slide.wilson95), measured - reference,
                        category(reference, measure), category(measured, measure)));
    }
}

void write_statistics_csv(const Comparison& comparison, const WriteText& write) {
  write("specimen,measure,statistic,value,low95,high95\n");
  for (const auto& measure : comparison.measures) {
    const StatisticRows rows(measure, write);
    const auto pairs = pairs_of(measure);
    rows.add("slides", static_cast<double>(pairs.size()));
    if (const auto found = bland_altman(pairs)) {
      rows.add("bias", found->bias, found->bias95);
      rows.add("standard_deviation_of_differences", found->deviation);
      rows.add("lower_limit_of_agreement", found->limits.low, found->low95);
      rows.add("upper_limit_of_agreement", found->limits.high, found->high95);
    }
    if (const auto found = passing_bablok(pairs)) {
      rows.add("passing_bablok_slope", found->slope, found->slope95);
      rows.add("passing_bablok_intercept", found->intercept, found->intercept95);
    }
    if (const auto found = cohen_kappa(measure.categories)) {
      rows.add("category_agreement", found->agreement);
      rows.add("cohen_kappa", found->value, found->interval);
    }
  }
}

}  // namespace cytocape
