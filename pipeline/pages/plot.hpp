#pragma once

/// Small plots for self-contained pages: SVG that needs no script, takes its colours from the page
/// (light and dark) and is read out by screen readers. Text is sized for a plot that is shown 320
/// to 640 CSS pixels wide. Pure; thread-safe. All texts may hold anything: they are escaped here.
///
///     page += "<style>" + plot_style() + "</style>";
///     LineChart chart;
///     chart.title = "Loss by epoch";
///     chart.x.label = "epoch";
///     chart.y = {.label = "loss", .low = 0, .high = {}};
///     chart.series.push_back({.name = "training", .points = losses, .dot_texts = {}});
///     page += line_chart(chart);

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "io/report.hpp"

namespace cytocape {

/// CSS that the plots of a page share, for its <style>. Uses the page's --ink, --soft, --line and
/// --track where it has them.
[[nodiscard]] std::string plot_style();

struct PlotPoint {
  double x = 0;
  double y = 0;
  std::optional<Interval> interval;  ///< of y, drawn as a whisker
};

struct PlotSeries {
  std::string name;                    ///< for the legend; empty leaves it out there
  std::vector<PlotPoint> points;       ///< by x; one that is not finite interrupts the line
  std::vector<std::string> dot_texts;  ///< none: no dots; else one for each point, shown on hover
};

/// The ends default to the data's, widened to whole ticks.
struct PlotAxis {
  std::string label;
  std::optional<double> low;
  std::optional<double> high;
};

struct LineChart {
  std::string title;    ///< says what is plotted, for those who cannot see it
  std::string summary;  ///< and what is to be seen in it
  PlotAxis x;
  PlotAxis y;
  std::vector<PlotSeries> series;  ///< at most 6; each its own colour and dash
  bool diagonal = false;           ///< a thin line of x = y, where both axes measure the same
};
/// An <svg>, 440 wide and 300 high in its own units, as wide as its parent.
[[nodiscard]] std::string line_chart(const LineChart& chart);

struct PlotBar {
  std::string label;
  std::optional<double> value;       ///< none draws no bar
  std::optional<Interval> interval;  ///< drawn as a whisker
  std::string text;                  ///< printed behind the bar, e.g. "0.78 (0.70 to 0.85)"
};

struct BarChart {
  std::string title;
  std::string summary;
  PlotAxis axis;  ///< of the values; `low` defaults to 0
  std::vector<PlotBar> bars;
};
/// Horizontal bars, one below the other, labels at the left; an <svg> as above, its height by the
/// number of bars.
[[nodiscard]] std::string bar_chart(const BarChart& chart);

/// Counts as a table whose cells are the darker the larger their share in the row.
struct HeatTable {
  std::string caption;
  std::string row_title;
  std::string column_title;
  std::vector<std::string> rows;
  std::vector<std::string> columns;
  std::vector<std::vector<std::int64_t>> counts;  ///< [rows][columns], not negative
};
/// A <table> in a frame that scrolls sideways where the page is narrow.
[[nodiscard]] std::string heat_table(const HeatTable& table);

/// Round values that cover low..high in about `wanted` steps of 1, 2, 2.5 or 5 times a power of
/// ten; the first is <= low, the last >= high. Preconditions: both finite, low <= high.
[[nodiscard]] std::vector<double> plot_ticks(double low, double high, int wanted);

}  // namespace cytocape
