#include "pipeline/pages/report/scale.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "io/text.hpp"
#include "pipeline/pages/plot.hpp"
#include "pipeline/pages/report/text.hpp"

namespace cytocape::report_page {
namespace {

// User units. The page shows it no narrower than 320 CSS pixels, where text of 12 units has 10.
constexpr double kWidth = 380;
constexpr double kLeft = 74;    ///< where 0 lies; the editions' names stand before it
constexpr double kRight = 324;  ///< the largest value; its number and unit stand behind it
constexpr double kLabelRow = 16;
constexpr double kTrackTop = 24;
constexpr double kTrack = 16;

/// Thresholds further left than a sixth of the line could not be told apart.
constexpr double kFarthest = 6;

struct Axis {
  double high = 1;
  [[nodiscard]] double operator()(double value) const {
    return kLeft + std::clamp(value / high, 0.0, 1.0) * (kRight - kLeft);
  }
};

double largest_threshold(const ThresholdScale& scale) {
  double largest = 0;
  for (const auto& edition : scale.editions)
    for (const double threshold : edition.thresholds) largest = std::max(largest, threshold);
  return largest;
}

Axis axis_for(const ThresholdScale& scale) {
  const double threshold = largest_threshold(scale);
  double reach = 1.25 * threshold;
  if (scale.value) reach = std::max(reach, 1.05 * *scale.value);
  if (scale.interval && !scale.open_above) reach = std::max(reach, scale.interval->high);
  if (threshold > 0) reach = std::min(reach, kFarthest * threshold);
  if (scale.unit == Unit::percent) reach = std::min(reach, 100.0);
  if (!(reach > 0)) reach = 1;
  return {plot_ticks(0, reach, 5).back()};
}

std::string label(double x, double y, const char* anchor, const char* kind,
                  const std::string& text) {
  return fmt::format("<text class=\"{}\" x=\"{}\" y=\"{}\" text-anchor=\"{}\">{}</text>", kind,
                     coordinate(x), coordinate(y), anchor, escape_html(text));
}

std::string line(const char* kind, double x, double top, double bottom) {
  return fmt::format("<path class=\"{0}\" d=\"M{1} {2}V{3}\"/>", kind, coordinate(x),
                     coordinate(top), coordinate(bottom));
}

std::string box(const char* kind, double from, double to, double inset) {
  return fmt::format("<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>", kind,
                     coordinate(from), coordinate(kTrackTop + inset),
                     coordinate(std::max(1.0, to - from)), coordinate(kTrack - 2 * inset));
}

/// One edition's thresholds: ticks reach from its row of numbers to the middle of the line.
std::string thresholds(const EditionThresholds& edition, const Axis& axis, std::size_t row) {
  constexpr double kMiddle = kTrackTop + kTrack / 2;
  const double text =
      row == 0 ? kLabelRow : kTrackTop + kTrack + kLabelRow * static_cast<double>(row) + 2;
  const double tick = row == 0 ? kTrackTop - 5 : text - 12;
  auto svg = label(kLeft - 8, text, "end", "edition", edition.edition);
  if (edition.thresholds.empty())
    return svg + label(kLeft, text, "start", "edition", "sets no threshold here");
  for (const double threshold : edition.thresholds) {
    const double x = axis(threshold);
    svg += line("threshold", x, std::min(tick, kMiddle), std::max(tick, kMiddle)) +
           label(x, text, "middle", "number", number(threshold));
  }
  return svg;
}

std::string arrow(double x) {
  const double y = kTrackTop + kTrack / 2;
  return fmt::format("<path class=\"point\" d=\"M{0} {1}l8 6l-8 6z\"/>", coordinate(x),
                     coordinate(y - 6));
}

std::string measured(const ThresholdScale& scale, const Axis& axis) {
  std::string svg;
  const auto& interval = scale.interval;
  if (interval)
    svg +=
        box("interval", axis(interval->low), scale.open_above ? kRight : axis(interval->high), 3);
  const bool beyond =
      (scale.value && *scale.value > axis.high) || (interval && interval->high > axis.high);
  if (beyond || scale.open_above) svg += arrow(kRight - 4);
  if (!scale.value || *scale.value > axis.high) return svg;
  return svg + fmt::format("<path class=\"point\" d=\"M{} {}l6 8l-6 8l-6 -8z\"/>",
                           coordinate(axis(*scale.value)), coordinate(kTrackTop));
}

/// The unit of a share stands behind the number; a longer one below it.
std::string right_end(const ThresholdScale& scale, const Axis& axis) {
  constexpr double kBase = kTrackTop + kTrack - 4;
  const bool share = scale.unit == Unit::percent;
  const std::string unit = typeset(scale.unit);
  auto svg = label(kRight + 9, kBase, "start", "end",
                   number(axis.high) + (share ? kSpace + unit : std::string()));
  if (!share && !unit.empty()) svg += label(kRight + 9, kBase + 14, "start", "end", unit);
  return svg;
}

std::string description(const ThresholdScale& scale) {
  auto text = scale.title + ".";
  for (const auto& edition : scale.editions) {
    if (edition.thresholds.empty()) continue;
    std::vector<std::string> values;
    for (const double threshold : edition.thresholds) values.push_back(number(threshold));
    text += fmt::format(" Thresholds of {}: {} {}.", edition.edition, joined(values, ", "),
                        typeset(scale.unit));
  }
  return text;
}

}  // namespace

std::string threshold_scale(const ThresholdScale& scale) {
  const auto axis = axis_for(scale);
  const auto rows = std::max<std::size_t>(scale.editions.size(), 2) - 1;
  const double height = kTrackTop + kTrack + kLabelRow * static_cast<double>(rows) + 6;
  auto svg = fmt::format(
      "<svg class=\"scale\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\"><title>{}</title>",
      coordinate(kWidth), coordinate(height), escape_html(description(scale)),
      escape_html(scale.title));
  svg += fmt::format("<desc>{}</desc>", escape_html(description(scale)));
  svg += box("track", kLeft, kRight, 0);
  svg += label(kLeft - 8, kTrackTop + kTrack - 4, "end", "end", "0") + right_end(scale, axis);
  // The bar lies under the ticks, the diamond over them.
  svg += measured({scale.title, {}, {}, {}, scale.interval, scale.open_above}, axis);
  for (std::size_t i = 0; i < scale.editions.size(); ++i)
    svg += thresholds(scale.editions[i], axis, i);
  svg += measured({scale.title, {}, {}, scale.value, {}, false}, axis);
  return svg + "</svg>";
}

}  // namespace cytocape::report_page
