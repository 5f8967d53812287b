#include "pipeline/pages/plot.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <regex>

namespace cytocape {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// The `d` of the path of the first series.
std::string curve_of(const std::string& svg) {
  std::smatch found;
  const std::regex curve(
      "<path class=\"s s0\" d=\"([^\"]*)\"/></g>|"
      "<path class=\"s s0\" d=\"([^\"]*)\"/><circle");
  return std::regex_search(svg, found, curve) ? found[1].str() + found[2].str() : "no curve";
}

LineChart unit_square(const std::vector<PlotPoint>& points) {
  LineChart chart;
  chart.title = "t";
  chart.x = {.label = "x", .low = 0, .high = 1};
  chart.y = {.label = "y", .low = 0, .high = 1};
  chart.series.push_back({.name = {}, .points = points, .dot_texts = {}});
  return chart;
}

TEST(PlotTicks, AreRoundAndCoverTheRange) {
  EXPECT_THAT(plot_ticks(0, 1, 5),
              ElementsAre(0, ::testing::DoubleEq(0.2), 0.4, ::testing::DoubleEq(0.6), 0.8, 1));
  EXPECT_THAT(plot_ticks(3, 97, 4), ElementsAre(0, 25, 50, 75, 100));
  EXPECT_THAT(plot_ticks(-1.2, 0.7, 4), ElementsAre(-1.5, -1, -0.5, 0, 0.5, 1));
}

TEST(PlotTicks, GiveASingleValueSomeRoom) {
  const auto ticks = plot_ticks(5, 5, 4);
  EXPECT_LE(ticks.front(), 5);
  EXPECT_GT(ticks.back(), 5);
}

TEST(LineChart, PutsTheOriginBelowAndLeftOfTheEnd) {
  const auto curve = curve_of(line_chart(unit_square({{0, 0, {}}, {1, 1, {}}})));
  double x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  ASSERT_EQ(std::sscanf(curve.c_str(), "M%lf %lfL%lf %lf", &x0, &y0, &x1, &y1), 4) << curve;
  EXPECT_LT(x0, x1);
  EXPECT_GT(y0, y1);
}

TEST(LineChart, InterruptsTheLineWhereAPointIsMissing) {
  const auto curve =
      curve_of(line_chart(unit_square({{0, 0, {}}, {0.3, kNaN, {}}, {0.6, 1, {}}, {1, 1, {}}})));
  EXPECT_EQ(std::count(curve.begin(), curve.end(), 'M'), 2) << curve;
  EXPECT_THAT(curve, Not(HasSubstr("nan")));
}

TEST(LineChart, KeepsWhatLiesOutsideAGivenAxisAtItsEdge) {
  EXPECT_EQ(curve_of(line_chart(unit_square({{0, 0, {}}, {1, 7, {}}}))),
            curve_of(line_chart(unit_square({{0, 0, {}}, {1, 1, {}}}))));
}

TEST(LineChart, OfNothingIsStillAChart) {
  const auto svg = line_chart({});
  EXPECT_THAT(svg, StartsWith("<svg"));
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
  EXPECT_THAT(svg, Not(HasSubstr("inf")));
}

TEST(LineChart, SaysWhatItShowsToThoseWhoCannotSeeIt) {
  auto chart = unit_square({{0, 0, {}}});
  chart.title = "Risk & coverage";
  chart.summary = "falls";
  EXPECT_THAT(line_chart(chart), HasSubstr("role=\"img\" aria-label=\"Risk &amp; coverage. falls\">"
                                           "<title>Risk &amp; coverage</title>"));
}

TEST(Plots, EscapeEveryText) {
  const std::string evil = "<script>\"'&";
  auto chart = unit_square({{0, 0, {}}});
  chart.title = chart.summary = chart.x.label = chart.y.label = chart.series[0].name = evil;
  chart.series[0].dot_texts = {evil};
  BarChart bars;
  bars.title = bars.summary = bars.axis.label = evil;
  bars.bars.push_back({.label = evil, .value = 1, .interval = {}, .text = evil});
  HeatTable table;
  table.caption = table.row_title = table.column_title = evil;
  table.rows = table.columns = {evil};
  table.counts = {{1}};
  const auto all = line_chart(chart) + bar_chart(bars) + heat_table(table);
  EXPECT_THAT(all, Not(HasSubstr("<script")));
  EXPECT_THAT(all, Not(HasSubstr("\"'&")));
}

TEST(BarChart, DrawsBarsInProportion) {
  BarChart chart;
  chart.axis = {.label = {}, .low = 0, .high = 1};
  for (const auto value : {std::optional(0.5), std::optional(0.25), std::optional<double>()})
    chart.bars.push_back({.label = "a", .value = value, .interval = {}, .text = {}});
  const auto svg = bar_chart(chart);
  std::vector<double> widths;
  const std::regex bar("class=\"bar\" x=\"[^\"]*\" y=\"[^\"]*\" width=\"([^\"]*)\"");
  for (std::sregex_iterator at(svg.begin(), svg.end(), bar), end; at != end; ++at)
    widths.push_back(std::stod((*at)[1]));
  ASSERT_EQ(widths.size(), 2U) << "a bar without a value is not drawn";
  EXPECT_NEAR(widths[0], 2 * widths[1], 0.1);
}

TEST(HeatTable, ShadesByTheShareOfTheRow) {
  HeatTable table;
  table.rows = table.columns = {"a", "b"};
  table.counts = {{3, 1}, {0, 0}};
  const auto html = heat_table(table);
  EXPECT_THAT(html, HasSubstr("<td class=\"dark\" style=\"--share:0.750\">3</td>"));
  EXPECT_THAT(html, HasSubstr("<td class=\"pale\" style=\"--share:0.250\">1</td>"));
  EXPECT_THAT(html, HasSubstr("<td class=\"none\" style=\"--share:0.000\">0</td>"));
}

}  // namespace
}  // namespace cytocape
