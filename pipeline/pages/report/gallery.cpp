#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "embedded/page_gallery.hpp"
#include "io/image_codec.hpp"
#include "pipeline/pages/colour_map.hpp"
#include "pipeline/pages/report/parts.hpp"
#include "pipeline/pages/report/text.hpp"

namespace cytocape::report_page {
namespace {

/// Bytes of pictures, before base64 adds a third: a page stays below 5 MB.
constexpr std::size_t kMostBytes = 3'000'000;
constexpr std::size_t kMapBytes = 400;  ///< of a typical map as PNG

constexpr std::size_t kFirst = 8;  ///< shown of a class; the others are folded

/// Printed of a class: a case of several slides should not take a booklet.
std::size_t on_paper(const SlideOfCase& slide) {
  return slide.of > 1 ? 2 : 3;
}

using Cells = std::vector<const GalleryCell*>;

/// By class, unidentified cells (-1) first; in a class as the report has them.
std::map<int, Cells> by_class(const std::vector<GalleryCell>& cells) {
  std::map<int, Cells> groups;
  for (const auto& cell : cells) groups[std::max<int>(cell.class_index, -1)].push_back(&cell);
  return groups;
}

std::size_t bytes_of(const std::map<int, Cells>& groups) {
  std::size_t bytes = 0;
  for (const auto& group : groups)
    for (const auto* cell : group.second)
      bytes += cell->jpeg.size() + (cell->map.empty() ? 0 : kMapBytes);
  return bytes;
}

/// Shortens the longest groups first, so that no class loses its only pictures.
void keep_within(std::map<int, Cells>& groups, std::size_t bytes) {
  while (bytes_of(groups) > bytes) {
    const auto longest = std::max_element(
        groups.begin(), groups.end(),
        [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
    if (longest->second.empty()) return;
    longest->second.pop_back();
  }
}

bool has_map(const SlideReport& report, const GalleryCell& cell) {
  const auto squares = static_cast<std::size_t>(report.model.map_height) *
                       static_cast<std::size_t>(report.model.map_width);
  return squares > 0 && cell.map.size() == squares;
}

/// One scale for all shown cells, so that one colour means one share everywhere.
struct MapScale {
  double end = 0;       ///< the share that takes the last colour; 0 where there is no map
  bool beyond = false;  ///< some shares are larger
};

/// Ends where four of five cells have their highest patch: a few cells that rest on one patch would
/// leave all others pale.
MapScale map_scale(const SlideReport& report, const std::map<int, Cells>& groups) {
  std::vector<float> peaks;
  for (const auto& group : groups) {
    for (const auto* cell : group.second) {
      if (!has_map(report, *cell)) continue;
      float peak = 0;
      for (const float share : cell->map)
        if (std::isfinite(share)) peak = std::max(peak, share);
      peaks.push_back(peak);
    }
  }
  if (peaks.empty()) return {};
  std::sort(peaks.begin(), peaks.end());
  const auto end = peaks[(peaks.size() - 1) * 4 / 5];
  return {static_cast<double>(end), peaks.back() > end};
}

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
    const auto per_cent = share < 0.01 ? std::string("<1") : fmt::format("{:.0f}", 100 * share);
    shares.push_back({class_label(report, static_cast<int>(c)), per_cent + kSpace + "%"});
  }
  return shares;
}

data picture(const SlideReport& report, const GalleryCell& cell, double end) {
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
  item.set("place",
           fmt::format("x {}, y {}", coordinate(cell.centre.x), coordinate(cell.centre.y)));
  item.set("uri", data_uri("image/jpeg", cell.jpeg));
  item.set("top", lines);
  item.set("spoken",
           as_text(withheld ? class_label(report, cell.class_index) : joined(spoken, ", ")));
  item.set("map", has_map(report, cell) ? data{"uri", map_uri(report, cell, end)}
                                        : data(data::type::bool_false));
  return item;
}

/// Called cells of a class; of unidentified ones what the account says.
std::uint64_t all_cells(const SlideReport& report, int class_index) {
  if (class_index < 0) {
    const auto found =
        report.cells_by_outcome.find({CellOutcome::excluded, Exclusion::unidentified});
    return found == report.cells_by_outcome.end() ? 0 : found->second;
  }
  const auto at = static_cast<std::size_t>(class_index);
  if (at >= report.model.classes.size()) return 0;
  for (const auto& row : report.differential)
    if (row.name == report.model.classes[at]) return row.count;
  return 0;
}

data group_item(const SlideOfCase& slide, int class_index, const Cells& cells, double end) {
  const auto& report = slide.report;
  data group;
  List first;
  List rest;
  for (const auto* cell : cells) {
    auto item = picture(report, *cell, end);
    item.set("printed", first.size() < on_paper(slide));
    (first.size() < kFirst ? first : rest).push_back(item);
  }
  group.set("label", as_text(class_label(report, class_index)));
  group.set("unidentified", class_index < 0);
  group.set("shown", std::to_string(cells.size()));
  group.set("printed", std::to_string(std::min(cells.size(), on_paper(slide))));
  const auto all = std::max<std::uint64_t>(all_cells(report, class_index), cells.size());
  group.set("all", std::to_string(all));
  group.set("first", first);
  group.set("more", rest.empty() ? data(data::type::bool_false)
                                 : data{"number", std::to_string(rest.size())});
  group.set("rest", rest);
  return group;
}

}  // namespace

std::string gallery(const SlideOfCase& slide) {
  const auto& report = slide.report;
  auto groups = by_class(report.gallery);
  keep_within(groups, kMostBytes);
  const auto scale = map_scale(report, groups);
  List items;
  std::size_t shown = 0;
  for (const auto& [class_index, cells] : groups) {
    if (cells.empty()) continue;
    items.push_back(group_item(slide, class_index, cells, scale.end));
    shown += cells.size();
  }
  data values;
  values.set("number", std::to_string(slide.number + 1));
  values.set("any", !items.empty());
  values.set("withheld", !why_withheld(report).empty());
  values.set("printed", std::to_string(on_paper(slide)));
  values.set("groups", items);
  values.set(
      "scale",
      optional_text(scale.end > 0 ? percent(scale.end) + (scale.beyond ? " or more" : "") : ""));
  const auto left = report.gallery.size() - shown;
  values.set("left",
             left == 0 ? data(data::type::bool_false) : data{"number", std::to_string(left)});
  return render(text::page_gallery, values);
}

}  // namespace cytocape::report_page
