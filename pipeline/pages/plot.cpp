#include "pipeline/pages/plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "io/text.hpp"

namespace cytocape {
namespace {

// User units of the drawings; shown at 360 CSS pixels the text has 11 of them, at 640 it has 19.
constexpr double kWidth = 440;
constexpr double kHeight = 300;
constexpr double kFont = 13;
constexpr double kLetter = 0.56 * kFont;  ///< mean advance of the page's fonts
constexpr double kLine = 18;
constexpr double kRow = 25;  ///< of a bar chart

std::string number(double value) {
  return fmt::format("{:.1f}", value);
}

double width_of(const std::string& text) {
  // Bytes that go on a character of UTF-8 take no room.
  const auto letters =
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; });
  return kLetter * static_cast<double>(letters);
}

/// As few decimals as tell the ticks apart.
std::vector<std::string> tick_texts(const std::vector<double>& ticks) {
  const double step = ticks.size() > 1 ? ticks[1] - ticks[0] : 1;
  int decimals = 0;
  for (double rest = step; decimals < 6 && std::abs(rest - std::round(rest)) > 1e-6 * rest;
       rest *= 10)
    ++decimals;
  std::vector<std::string> texts;
  for (const double tick : ticks)
    // Adding 0 turns -0 into 0.
    texts.push_back(fmt::format("{:.{}f}", tick + 0.0, decimals));
  return texts;
}

/// From values of an axis to user units.
struct Scale {
  double low = 0;
  double high = 1;
  double from = 0;  ///< where `low` lies
  double to = 1;
  std::vector<double> ticks;

  [[nodiscard]] double operator()(double value) const {
    return from + (value - low) / (high - low) * (to - from);
  }
  [[nodiscard]] double clamped(double value) const { return (*this)(std::clamp(value, low, high)); }
};

/// An axis over `values`, those that are not finite left out.
Scale scale_for(const PlotAxis& axis, const std::vector<double>& values, int wanted) {
  Scale scale;
  bool any = false;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    scale.low = any ? std::min(scale.low, value) : value;
    scale.high = any ? std::max(scale.high, value) : value;
    any = true;
  }
  if (!any) scale.low = 0, scale.high = 1;
  scale.low = axis.low.value_or(scale.low);
  scale.high = std::max(axis.high.value_or(scale.high), scale.low);
  if (scale.high == scale.low) scale.high = scale.low + (scale.low == 0 ? 1 : std::abs(scale.low));
  scale.ticks = plot_ticks(scale.low, scale.high, wanted);
  if (axis.low) std::erase_if(scale.ticks, [&](double t) { return t < *axis.low - 1e-12; });
  if (axis.high) std::erase_if(scale.ticks, [&](double t) { return t > *axis.high + 1e-12; });
  if (!axis.low) scale.low = scale.ticks.front();
  if (!axis.high) scale.high = scale.ticks.back();
  return scale;
}

std::string text_at(double x, double y, const char* anchor, const std::string& text) {
  return fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"{}\">{}</text>", number(x), number(y),
                     anchor, escape_html(text));
}

std::string line_at(const char* kind, PlotPoint from, PlotPoint to) {
  return fmt::format("<path class=\"{}\" d=\"M{} {}L{} {}\"/>", kind, number(from.x),
                     number(from.y), number(to.x), number(to.y));
}

std::string open_svg(double height, const std::string& title, const std::string& summary) {
  const auto name = escape_html(summary.empty() ? title : title + ". " + summary);
  return fmt::format(
      "<svg class=\"plot\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"{}\">"
      "<title>{}</title>",
      kWidth, height, name, escape_html(title));
}

/// Values of the points and of their whiskers' ends, on one axis.
std::vector<double> values_of(const LineChart& chart, bool of_x) {
  std::vector<double> values;
  for (const auto& series : chart.series) {
    for (const auto& point : series.points) {
      values.push_back(of_x ? point.x : point.y);
      if (of_x || !point.interval) continue;
      values.push_back(point.interval->low);
      values.push_back(point.interval->high);
    }
  }
  return values;
}

struct Legend {
  std::string svg;
  double bottom = 0;
};

Legend legend_of(const LineChart& chart, double top) {
  Legend legend;
  double x = 0;
  double y = top;
  bool any = false;
  for (std::size_t i = 0; i < chart.series.size(); ++i) {
    const auto& name = chart.series[i].name;
    if (name.empty()) continue;
    const double width = 32 + width_of(name) + 14;
    if (any && x + width > kWidth) {
      x = 0;
      y += kLine;
    }
    legend.svg += line_at(fmt::format("s s{}", i % 6).c_str(), {x, y - 4}, {x + 26, y - 4}) +
                  text_at(x + 32, y, "start", name);
    x += width;
    any = true;
  }
  legend.bottom = any ? y + 6 : top - kLine + 6;
  return legend;
}

std::string axes(const LineChart& chart, const Scale& x, const Scale& y) {
  std::string svg;
  const auto x_texts = tick_texts(x.ticks);
  const auto y_texts = tick_texts(y.ticks);
  for (std::size_t i = 0; i < y.ticks.size(); ++i) {
    const double at = y(y.ticks[i]);
    svg += line_at("grid", {x.from, at}, {x.to, at}) +
           text_at(x.from - 6, at + 0.35 * kFont, "end", y_texts[i]);
  }
  for (std::size_t i = 0; i < x.ticks.size(); ++i) {
    const double at = x(x.ticks[i]);
    svg += line_at("grid", {at, y.from}, {at, y.from + 5}) +
           text_at(at, y.from + 5 + kFont, "middle", x_texts[i]);
  }
  svg += line_at("axis", {x.from, y.from}, {x.to, y.from});
  svg += text_at((x.from + x.to) / 2, y.from + 8 + 2.2 * kFont, "middle", chart.x.label);
  return svg;
}

std::string curve(const PlotSeries& series, const Scale& x, const Scale& y) {
  std::string path;
  bool pen_down = false;
  for (const auto& point : series.points) {
    const bool there = std::isfinite(point.x) && std::isfinite(point.y);
    if (there)
      path += fmt::format("{}{} {}", pen_down ? 'L' : 'M', number(x.clamped(point.x)),
                          number(y.clamped(point.y)));
    pen_down = there;
  }
  return path;
}

std::string drawn(const PlotSeries& series, std::size_t index, const Scale& x, const Scale& y) {
  std::string svg = fmt::format("<g class=\"s{}\">", index % 6);
  for (const auto& point : series.points) {
    if (!point.interval) continue;
    const double at = x.clamped(point.x);
    svg += line_at("whisker", {at, y.clamped(point.interval->low)},
                   {at, y.clamped(point.interval->high)});
  }
  svg += fmt::format("<path class=\"s s{}\" d=\"{}\"/>", index % 6, curve(series, x, y));
  for (std::size_t i = 0; i < std::min(series.dot_texts.size(), series.points.size()); ++i) {
    const auto& point = series.points[i];
    if (!std::isfinite(point.x) || !std::isfinite(point.y)) continue;
    svg += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"3.5\"><title>{}</title></circle>",
                       number(x.clamped(point.x)), number(y.clamped(point.y)),
                       escape_html(series.dot_texts[i]));
  }
  return svg + "</g>";
}

/// Longest label and longest text behind the bars, within reason.
double column_of(const std::vector<PlotBar>& bars, std::string PlotBar::*text, double most) {
  double widest = 0;
  for (const auto& bar : bars) widest = std::max(widest, width_of(bar.*text));
  return std::min(widest, most);
}

std::string bar_row(const PlotBar& bar, const Scale& scale, double top) {
  const double middle = top + kRow / 2;
  const double zero = scale.clamped(0);
  std::string svg = text_at(scale.from - 8, middle + 0.35 * kFont, "end", bar.label);
  svg += fmt::format("<rect class=\"track\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
                     number(scale.from), number(top + 4), number(scale.to - scale.from),
                     number(kRow - 8));
  if (bar.value && std::isfinite(*bar.value)) {
    const double end = scale.clamped(*bar.value);
    svg += fmt::format("<rect class=\"bar\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
                       number(std::min(zero, end)), number(top + 4), number(std::abs(end - zero)),
                       number(kRow - 8));
  }
  if (bar.interval) {
    const double low = scale.clamped(bar.interval->low);
    const double high = scale.clamped(bar.interval->high);
    svg += line_at("whisker", {low, middle}, {high, middle}) +
           line_at("whisker", {low, middle - 4}, {low, middle + 4}) +
           line_at("whisker", {high, middle - 4}, {high, middle + 4});
  }
  return svg + text_at(kWidth, middle + 0.35 * kFont, "end", bar.text);
}

}  // namespace

std::vector<double> plot_ticks(double low, double high, int wanted) {
  if (!(high > low)) high = low + (low == 0 ? 1 : std::abs(low));
  const double rough = (high - low) / std::max(1, wanted);
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  constexpr std::array<double, 5> kSteps{1, 2, 2.5, 5, 10};
  double step = 10 * power;
  for (const double factor : kSteps) {
    if (factor * power < rough * (1 - 1e-9)) continue;
    step = factor * power;
    break;
  }
  // A hair's breadth below a round value is that value, and not a step further out.
  const double first = std::floor(low / step + 1e-9);
  const double last = std::ceil(high / step - 1e-9);
  std::vector<double> ticks;
  for (double i = first; i <= last; ++i) ticks.push_back(i * step);
  return ticks;
}

std::string line_chart(const LineChart& chart) {
  const auto legend = legend_of(chart, 2 * kLine - 4);
  Scale y = scale_for(chart.y, values_of(chart, false), 5);
  Scale x = scale_for(chart.x, values_of(chart, true), 6);
  double label = 0;
  for (const auto& text : tick_texts(y.ticks)) label = std::max(label, width_of(text));
  x.from = label + 8;
  x.to = kWidth - 12;
  y.from = kHeight - 14 - 2.2 * kFont;
  y.to = legend.bottom + 8;
  std::string svg = open_svg(kHeight, chart.title, chart.summary);
  svg += text_at(0, kFont, "start", chart.y.label) + legend.svg + axes(chart, x, y);
  if (chart.diagonal) {
    const double from = std::max(x.low, y.low);
    const double to = std::min(x.high, y.high);
    svg += line_at("diagonal", {x(from), y(from)}, {x(to), y(to)});
  }
  for (std::size_t i = 0; i < chart.series.size(); ++i) svg += drawn(chart.series[i], i, x, y);
  return svg + "</svg>\n";
}

std::string bar_chart(const BarChart& chart) {
  std::vector<double> values;
  for (const auto& bar : chart.bars) {
    if (bar.value) values.push_back(*bar.value);
    if (bar.interval) values.insert(values.end(), {bar.interval->low, bar.interval->high});
  }
  PlotAxis axis = chart.axis;
  axis.low = axis.low.value_or(0);
  Scale scale = scale_for(axis, values, 4);
  scale.from = column_of(chart.bars, &PlotBar::label, 0.4 * kWidth) + 8;
  const double behind = column_of(chart.bars, &PlotBar::text, 0.35 * kWidth);
  scale.to = kWidth - (behind > 0 ? behind + 10 : 12);
  const double bottom = kRow * static_cast<double>(chart.bars.size());
  std::string svg = open_svg(bottom + 12 + 2.2 * kFont, chart.title, chart.summary);
  for (std::size_t i = 0; i < chart.bars.size(); ++i)
    svg += bar_row(chart.bars[i], scale, kRow * static_cast<double>(i));
  const auto texts = tick_texts(scale.ticks);
  for (std::size_t i = 0; i < scale.ticks.size(); ++i) {
    const double at = scale(scale.ticks[i]);
    svg += line_at("grid", {at, bottom}, {at, bottom + 4}) +
           text_at(at, bottom + 4 + kFont, "middle", texts[i]);
  }
  svg += text_at((scale.from + scale.to) / 2, bottom + 6 + 2.2 * kFont, "middle", axis.label);
  return svg + "</svg>\n";
}

std::string heat_table(const HeatTable& table) {
  std::string html = fmt::format(
      "<div class=\"heat\" role=\"region\" tabindex=\"0\" aria-label=\"{0}\"><table>"
      "<caption>{0}</caption>\n<thead><tr><th scope=\"col\">{1} \\ {2}</th>",
      escape_html(table.caption), escape_html(table.row_title), escape_html(table.column_title));
  for (const auto& column : table.columns)
    html += "<th scope=\"col\"><span>" + escape_html(column) + "</span></th>";
  html += "</tr></thead>\n<tbody>\n";
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    double sum = 0;
    for (const auto count : table.counts[r]) sum += static_cast<double>(count);
    html += "<tr><th scope=\"row\">" + escape_html(table.rows[r]) + "</th>";
    for (const auto count : table.counts[r]) {
      const double share = sum > 0 ? static_cast<double>(count) / sum : 0;
      // From three quarters on white text stands out better than dark text.
      const char* kind = count == 0 ? "none" : share >= 0.75 ? "dark" : "pale";
      html += fmt::format("<td class=\"{}\" style=\"--share:{:.3f}\">{}</td>", kind, share, count);
    }
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

}  // namespace cytocape
