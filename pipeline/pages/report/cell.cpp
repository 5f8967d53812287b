#include "pipeline/pages/report/cell.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "embedded/page_cell.hpp"
#include "io/image_codec.hpp"
#include "pipeline/pages/colour_map.hpp"
#include "pipeline/pages/report/text.hpp"

namespace cytocape::report_page {
namespace {

std::string map_uri(const SlideReport& report, const GalleryCell& cell, double end) {
  Image image(report.model.map_width, report.model.map_height);
  auto* pixel = image.pixels().data();
  for (const float share : cell.map) {
    const auto part = std::isfinite(share) && end > 0 ? static_cast<double>(share) / end : 0;
    const auto colour = share_colour(part);
    *pixel++ = colour.r;
    *pixel++ = colour.g;
    *pixel++ = colour.b;
  }
  return data_uri("image/png", encode_png(image));
}

struct Share {
  std::string label;
  std::string per_cent;
};

std::string share_words(double share) {
  const auto per_cent = share < 0.01 ? std::string("<1") : fmt::format("{:.0f}", 100 * share);
  return per_cent + kSpace + "%";
}

std::vector<Share> top_three(const SlideReport& report, const GalleryCell& cell) {
  std::vector<std::size_t> order(cell.probability.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return cell.probability[a] > cell.probability[b];
  });
  order.resize(std::min<std::size_t>(order.size(), 3));
  std::vector<Share> shares;
  for (const auto c : order) {
    const auto share = static_cast<double>(cell.probability[c]);
    if (!std::isfinite(share)) continue;
    shares.push_back({class_label(report, static_cast<int>(c)), share_words(share)});
  }
  return shares;
}

/// A cell's place is looked up in a viewer, which needs no fraction of a pixel.
std::string place_words(const Level0Point& place) {
  const auto whole = [](double value) {
    return std::isfinite(value) ? fmt::format("{:.0f}", value) : std::string(kDash);
  };
  return fmt::format("{},{}{}", whole(place.x), kSpace, whole(place.y));
}

/// Places in the orders that a reader may choose (page.css, .sort): what has most stands first, and
/// what was not measured last.
std::string orders_of(const GalleryCell& cell) {
  constexpr double kLast = 1e9;
  const auto place = [](double value) { return std::isfinite(value) ? std::round(value) : kLast; };
  return fmt::format(";--size:{:.0f};--strange:{:.0f};--down:{:.0f}", place(-10 * cell.nucleus_um2),
                     place(-1000 * cell.strangeness), place(cell.centre.y));
}

}  // namespace

bool has_map(const SlideReport& report, const GalleryCell& cell) {
  const auto squares = static_cast<std::size_t>(report.model.map_height) *
                       static_cast<std::size_t>(report.model.map_width);
  return squares > 0 && cell.map.size() == squares;
}

std::string picture_of(const GalleryCell& cell) {
  return "url(" + data_uri("image/jpeg", cell.jpeg) + ")";
}

std::string cell_html(const SlideReport& report, const GalleryCell& cell, const CellWords& words) {
  data item;
  List lines;
  std::vector<std::string> spoken;
  const bool withheld = !why_withheld(report).empty();
  for (const auto& share : withheld ? std::vector<Share>{} : top_three(report, cell)) {
    lines.push_back(data{"label", as_text(share.label)});
    lines.back().set("share", share.per_cent);
    spoken.push_back(share.label + " " + share.per_cent);
  }
  item.set("id", std::to_string(cell.id));
  item.set("reason", optional_text(words.reason));
  item.set("slide", optional_text(words.slide));
  item.set("of", optional_text(words.of));
  item.set("place", place_words(cell.centre));
  item.set("picture", words.picture.empty() ? picture_of(cell) : words.picture);
  item.set("printed", words.printed);
  item.set("orders", orders_of(cell));
  item.set("share", lines.empty() ? data("") : data(*lines.front().get("share")));
  item.set("top", lines);
  item.set("spoken", as_text(withheld ? std::string("class withheld") : joined(spoken, ", ")));
  const bool map = !withheld && words.map_end > 0 && has_map(report, cell);
  item.set("map",
           map ? data{"uri", map_uri(report, cell, words.map_end)} : data(data::type::bool_false));
  return render(text::page_cell, item);
}

}  // namespace cytocape::report_page
