#include <fmt/format.h>

#include <algorithm>
#include <kainjow/mustache.hpp>
#include <limits>

#include "embedded/comparison_template.hpp"
#include "pipeline/night/comparison.hpp"
#include "pipeline/pages/page_frame.hpp"
#include "pipeline/pages/page_style.hpp"
#include "pipeline/pages/plot.hpp"
#include "pipeline/wording/review.hpp"

namespace cytocape {
namespace {

using kainjow::mustache::data;

constexpr std::size_t kFewSlides = 40;  // as Bland and Altman, and CLSI EP09, ask of a comparison

/// Dots alone: a point that is not finite interrupts the line between two of them.
PlotSeries dots(const ComparedMeasure& measure, bool difference) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  PlotSeries series{.name = "", .points = {}, .dot_texts = {}};
  for (const auto& slide : measure.slides) {
    const auto [reference, measured] = slide.percent;
    PlotPoint point{.x = reference, .y = measured, .interval = slide.wilson95};
    if (difference)
      point = {.x = (reference + measured) / 2, .y = measured - reference, .interval = {}};
    series.points.push_back(point);
    series.dot_texts.push_back(
        fmt::format("{}: reference {:.1f} %, slide {:.1f} %", slide.id, reference, measured));
    series.points.push_back({.x = kNone, .y = kNone, .interval = {}});
    series.dot_texts.emplace_back();
  }
  return series;
}

std::pair<double, double> range_of(const ComparedMeasure& measure, double MeasuredPair::*side) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const auto& slide : measure.slides) {
    low = std::min(low, slide.percent.*side);
    high = std::max(high, slide.percent.*side);
  }
  return {low, high};
}

PlotSeries straight(const char* name, const PlotPoint& from, const PlotPoint& to) {
  return {.name = name, .points = {from, to}, .dot_texts = {}};
}

std::string scatter(const ComparedMeasure& measure) {
  LineChart chart;
  chart.title = "Slide against reference, " + measure.label;
  chart.x = {.label = "reference, %", .low = 0, .high = {}};
  chart.y = {.label = "slide, %", .low = 0, .high = {}};
  chart.diagonal = true;
  chart.series.push_back(dots(measure, false));
  if (const auto found = passing_bablok(pairs_of(measure))) {
    const auto [low, high] = range_of(measure, &MeasuredPair::reference);
    chart.summary = fmt::format("Passing-Bablok slope {:.2f}, intercept {:.2f}", found->slope,
                                found->intercept);
    const auto at = [&](double x) {
      return PlotPoint{.x = x, .y = found->intercept + found->slope * x, .interval = {}};
    };
    chart.series.push_back(straight("Passing-Bablok", at(low), at(high)));
  }
  return line_chart(chart);
}

std::string differences(const ComparedMeasure& measure) {
  LineChart chart;
  chart.title = "Difference against mean, " + measure.label;
  chart.x = {.label = "mean of both, %", .low = 0, .high = {}};
  chart.y = {.label = "slide - reference, points", .low = {}, .high = {}};
  chart.series.push_back(dots(measure, true));
  if (const auto found = bland_altman(pairs_of(measure))) {
    double high = 0;
    for (const auto& slide : measure.slides)
      high = std::max(high, (slide.percent.reference + slide.percent.measured) / 2);
    chart.summary = fmt::format("bias {:.2f}, limits of agreement {:.2f} to {:.2f}", found->bias,
                                found->limits.low, found->limits.high);
    const auto level = [&](const char* name, double y) {
      chart.series.push_back(
          straight(name, {.x = 0, .y = y, .interval = {}}, {.x = high, .y = y, .interval = {}}));
    };
    level("bias", found->bias);
    level("upper limit", found->limits.high);
    level("lower limit", found->limits.low);
  }
  return line_chart(chart);
}

class Figures {
 public:
  void add(const std::string& name, const std::string& value,
           const std::optional<Interval>& interval = {}, int digits = 2) {
    data row;
    row.set("name", name);
    row.set("value", value);
    // + 0.0: no "-0.00" of a zero.
    row.set("interval", interval ? fmt::format("{:.{}f} to {:.{}f}", interval->low + 0.0, digits,
                                               interval->high + 0.0, digits)
                                 : "");
    rows_.push_back(row);
  }
  [[nodiscard]] data rows() const { return rows_; }

 private:
  data rows_{data::type::list};
};

data figures_of(const ComparedMeasure& measure) {
  const auto pairs = pairs_of(measure);
  const auto [low, high] = range_of(measure, &MeasuredPair::reference);
  Figures figures;
  figures.add("slides", std::to_string(pairs.size()));
  figures.add("reference, from and to", fmt::format("{:.1f} to {:.1f} %", low, high));
  if (const auto found = bland_altman(pairs)) {
    figures.add("bias, points", fmt::format("{:+.2f}", found->bias), found->bias95);
    figures.add("lower limit of agreement", fmt::format("{:+.2f}", found->limits.low),
                found->low95);
    figures.add("upper limit of agreement", fmt::format("{:+.2f}", found->limits.high),
                found->high95);
  }
  if (const auto found = passing_bablok(pairs)) {
    figures.add("Passing-Bablok slope", fmt::format("{:.3f}", found->slope), found->slope95, 3);
    figures.add("Passing-Bablok intercept", fmt::format("{:+.2f}", found->intercept),
                found->intercept95);
  }
  if (const auto found = cohen_kappa(measure.categories)) {
    figures.add("same category", fmt::format("{:.1f} %", 100 * found->agreement));
    figures.add("Cohen's kappa", fmt::format("{:.2f}", found->value), found->interval);
  }
  return figures.rows();
}

std::string categories(const ComparedMeasure& measure) {
  if (measure.categories.empty()) return "";
  const auto labels = category_labels(measure.limits);
  return heat_table({.caption = "Slides by category, rows: reference, columns: slide",
                     .row_title = "reference",
                     .column_title = "slide",
                     .rows = labels,
                     .columns = labels,
                     .counts = measure.categories});
}

data measure_data(const ComparedMeasure& measure) {
  data one;
  one.set("title",
          fmt::format("{}, {}", measure.label, measure.specimen == "pb" ? "blood" : "marrow"));
  one.set("few", measure.slides.size() < kFewSlides
                     ? fmt::format("{} slides: a comparison of methods asks for {} at least, over "
                                   "the range that is met with.",
                                   measure.slides.size(), kFewSlides)
                     : "");
  one.set("scatter", scatter(measure));
  one.set("differences", differences(measure));
  one.set("figures", figures_of(measure));
  one.set("categories", categories(measure));
  return one;
}

}  // namespace

void write_comparison_page(const Comparison& comparison, const WriteText& write) {
  data page;
  set_frame(page);
  page.set("figures_style", figures_style());
  page.set("plot_style", plot_style());
  page.set("reference", comparison.reference.filename().string());
  page.set("facts",
           fmt::format("As of {}. Reference: {}. {} slides here have no reference count.",
                       wording::time_words(comparison.made_utc),
                       comparison.reference.filename().string(), comparison.without_reference));
  data measures{data::type::list};
  for (const auto& measure : comparison.measures) measures.push_back(measure_data(measure));
  page.set("measures", measures);
  data left_out{data::type::list};
  for (const auto& one : comparison.left_out) {
    data row;
    row.set("name", one.name);
    row.set("reason", one.reason);
    left_out.push_back(row);
  }
  page.set("has_left_out", !comparison.left_out.empty());
  page.set("left_out", left_out);
  kainjow::mustache::mustache form{std::string(text::comparison_template)};
  write(form.render(page));
}

}  // namespace cytocape
