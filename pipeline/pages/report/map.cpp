#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "embedded/page_map.hpp"
#include "io/image_codec.hpp"
#include "pipeline/pages/evidence_picture.hpp"
#include "pipeline/pages/report/map_style.hpp"
#include "pipeline/pages/report/parts.hpp"
#include "pipeline/pages/report/text.hpp"

namespace cytocape::report_page {
namespace {

constexpr double kLongSide = 1000;  ///< of the drawing, in its own units

/// From level-0 pixels to the drawing's units.
struct Drawing {
  Size size;
  double scale = 1;
  double dot = 5;  ///< diameter
  [[nodiscard]] double width() const { return scale * static_cast<double>(size.width); }
  [[nodiscard]] double height() const { return scale * static_cast<double>(size.height); }
};

Drawing drawing_of(const SlideReport& report) {
  Drawing drawing;
  drawing.size = report.slide.levels.empty() ? Size{4, 3} : report.slide.levels.front().size;
  const auto longest = static_cast<double>(std::max(drawing.size.width, drawing.size.height));
  drawing.scale = kLongSide / std::max(1.0, longest);
  // Half of the mean distance between neighbours keeps dense areas readable.
  const auto cells = static_cast<double>(std::max<std::size_t>(report.places.size(), 1));
  drawing.dot = std::clamp(0.5 * std::sqrt(drawing.width() * drawing.height() / cells), 3.0, 8.0);
  return drawing;
}

/// The cells of one class as dots of a path: a stroke of no length with round ends. Cells on the
/// same unit of the drawing are one dot, and steps are relative: 10,000 cells take some 70 kB.
std::string dots(const SlideReport& report, const Drawing& drawing, int class_index) {
  std::vector<std::pair<long, long>> places;  // y, x
  for (const auto& place : report.places) {
    if (place.class_index != class_index) continue;
    const double x = drawing.scale * static_cast<double>(place.x);
    const double y = drawing.scale * static_cast<double>(place.y);
    if (!std::isfinite(x) || !std::isfinite(y)) continue;
    places.emplace_back(std::lround(std::clamp(y, 0.0, kLongSide)),
                        std::lround(std::clamp(x, 0.0, kLongSide)));
  }
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  std::string path;
  long x = 0;
  long y = 0;
  for (const auto& [to_y, to_x] : places) {
    path += fmt::format("m{} {}h0", to_x - x, to_y - y);
    x = to_x;
    y = to_y;
  }
  return path;
}

std::size_t cells_of(const SlideReport& report, std::size_t class_index) {
  return static_cast<std::size_t>(std::count_if(
      report.places.begin(), report.places.end(),
      [&](const auto& place) { return place.class_index == static_cast<int>(class_index); }));
}

struct Layer {
  std::size_t class_index = 0;
  EvidencePicture evidence;
  std::size_t cells = 0;
};

std::vector<Layer> layers_of(const SlideReport& report) {
  std::vector<Layer> layers;
  for (std::size_t c = 0; c < report.model.classes.size(); ++c) {
    Layer layer{c, evidence_picture(report.evidence, c), cells_of(report, c)};
    if (layer.evidence.sum > 0 || layer.cells > 0) layers.push_back(std::move(layer));
  }
  return layers;
}

/// The class shown at first: monocytes are what the criteria begin with; else the largest.
std::size_t first_shown(const SlideReport& report, const std::vector<Layer>& layers) {
  std::size_t largest = 0;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (report.model.classes[layers[i].class_index] == "monocyte") return i;
    if (layers[i].evidence.sum > layers[largest].evidence.sum) largest = i;
  }
  return largest;
}

/// The model's own expected fraction, to be held against the squares' sum.
std::optional<double> expected_of(const SlideReport& report, std::size_t class_index) {
  for (const auto& row : report.differential)
    if (row.name == report.model.classes[class_index]) return row.expected_fraction;
  return std::nullopt;
}

data layer_item(const SlideReport& report, const Drawing& drawing, const Layer& layer) {
  constexpr double kSame = 1e-6;
  data item;
  item.set("class", std::to_string(layer.class_index));
  item.set("label", as_text(class_label(report, static_cast<int>(layer.class_index))));
  item.set("sum", percent(layer.evidence.sum));
  item.set("peak", percent(layer.evidence.peak));
  item.set("called", layer.cells > 0);
  item.set("cells", counted(layer.cells, "cell", "cells"));
  item.set("dots", dots(report, drawing, static_cast<int>(layer.class_index)));
  const auto expected = expected_of(report, layer.class_index);
  item.set("wrong", expected && std::abs(*expected - layer.evidence.sum) > kSame);
  item.set("expected", expected ? percent(*expected) : std::string(kDash));
  item.set("picture", data(data::type::bool_false));
  if (layer.evidence.sum <= 0) return item;
  const auto& grid = report.evidence;
  const double edge = drawing.scale * static_cast<double>(grid.edge);
  data picture;
  picture.set("uri", data_uri("image/png", encode_png(layer.evidence.image)));
  picture.set("width", coordinate(edge * grid.width));
  picture.set("height", coordinate(edge * grid.height));
  item.set("picture", picture);
  return item;
}

void set_square(data& values, const SlideReport& report) {
  const auto edge = static_cast<double>(report.evidence.edge);
  const auto& mpp = report.slide.mpp;
  values.set("edge", std::to_string(report.evidence.edge));
  values.set("edge_um",
             fmt::format("{} \u00d7 {}\u00a0\u00b5m", number(edge * mpp.x), number(edge * mpp.y)));
}

}  // namespace

std::string map(const SlideReport& report, std::size_t number) {
  const bool withheld = !why_withheld(report).empty();
  const auto drawing = drawing_of(report);
  const auto layers = withheld ? std::vector<Layer>{} : layers_of(report);
  data values;
  values.set("number", std::to_string(number + 1));
  values.set("slide_width", coordinate(drawing.width()));
  values.set("slide_height", coordinate(drawing.height()));
  values.set("dot", coordinate(drawing.dot));
  values.set("overview", report.overview_jpeg.empty()
                             ? data(data::type::bool_false)
                             : data{"uri", data_uri("image/jpeg", report.overview_jpeg)});
  set_square(values, report);
  List items;
  double total = 0;
  const auto shown = first_shown(report, layers);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    auto item = layer_item(report, drawing, layers[i]);
    item.set("chosen", i == shown);
    items.push_back(item);
    total += layers[i].evidence.sum;
  }
  values.set("any", !items.empty());
  values.set("withheld", withheld);
  values.set("empty", items.empty() && !withheld);
  values.set("layers", items);
  values.set("total", percent(total));
  return render(text::page_map, values);
}

std::string map_style(std::size_t classes) {
  std::string css;
  for (std::size_t i = 1; i <= classes; ++i) {
    const auto stage = fmt::format(".map>input:nth-of-type({}):checked~.stage ", i);
    css += fmt::format(
        "{0}.evidence>:nth-child({1}),{0}figcaption>:nth-child({1}){{display:block}}"
        "{0}.dots>:nth-child({1}){{stroke:#b34700;stroke-opacity:1;"
        "stroke-width:var(--dot)}}\n",
        stage, i);
  }
  return css;
}

}  // namespace cytocape::report_page
