#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "embedded/page_gallery.hpp"
#include "pipeline/pages/report/cell.hpp"
#include "pipeline/pages/report/parts.hpp"
#include "pipeline/pages/report/text.hpp"
#include "pipeline/settings/taxonomy.hpp"

namespace cytocape::report_page {
namespace {

/// Bytes of pictures of all slides, before base64 adds a third: a page stays below 12 MB.
constexpr std::size_t kMostBytes = 8'000'000;
/// Of the markup around a typical cell and of its map as PNG.
constexpr std::size_t kCellBytes = 900;

constexpr std::size_t kFirst = 24;   ///< shown of a class; the others are folded
constexpr std::size_t kOnPaper = 9;  ///< a row of a class

using Cells = std::vector<const GalleryCell*>;
using Groups = std::map<int, Cells>;

/// Unidentified cells (-1) first; in a class as the report has them.
Groups by_class(const std::vector<GalleryCell>& cells) {
  Groups groups;
  for (const auto& cell : cells) groups[std::max<int>(cell.class_index, -1)].push_back(&cell);
  return groups;
}

const CellClass* class_of(const SlideReport& report, int class_index) {
  const auto at = static_cast<std::size_t>(class_index);
  if (class_index < 0 || at >= report.model.classes.size()) return nullptr;
  return find_cell_class(report.model.classes[at]);
}

/// Monocytes, blasts and immature cells, of which a reader wants to see every one, and those that
/// the network could not name.
bool is_looked_at(const SlideReport& report, int class_index) {
  constexpr std::array<const char*, 3> kGroups{"monocyte", "blast equivalent",
                                               "immature granulocyte"};
  if (class_index < 0) return true;
  const auto* known = class_of(report, class_index);
  return known == nullptr ||
         std::find(kGroups.begin(), kGroups.end(), known->group) != kGroups.end();
}

std::size_t bytes_of(const Groups& groups) {
  std::size_t bytes = 0;
  for (const auto& group : groups)
    for (const auto* cell : group.second) bytes += cell->jpeg.size() + kCellBytes;
  return bytes;
}

/// Shortens the longest group, of those that are folded before the others, so that no class loses
/// its only pictures.
void keep_within(const SlideReport& report, Groups& groups, std::size_t bytes) {
  constexpr std::size_t kFew = 8;
  while (bytes_of(groups) > bytes) {
    const auto weight = [&](const auto& group) {
      const auto size = group.second.size();
      return !is_looked_at(report, group.first) && size > kFew ? size + 100'000 : size;
    };
    const auto longest =
        std::max_element(groups.begin(), groups.end(),
                         [&](const auto& a, const auto& b) { return weight(a) < weight(b); });
    if (longest == groups.end() || longest->second.empty()) return;
    longest->second.pop_back();
  }
}

struct Peaks {
  double end = 0;       ///< the share that takes the last colour; 0 where there is no map
  bool beyond = false;  ///< some shares are larger
};

/// One scale for all cells, so that one colour means one share everywhere. It ends where four of
/// five cells have their highest patch: a few cells that rest on one patch would leave all others
/// pale.
Peaks peaks_of(const SlideReport& report) {
  std::vector<float> peaks;
  for (const auto& cell : report.gallery) {
    if (!has_map(report, cell)) continue;
    float peak = 0;
    for (const float share : cell.map)
      if (std::isfinite(share)) peak = std::max(peak, share);
    peaks.push_back(peak);
  }
  if (peaks.empty()) return {};
  std::sort(peaks.begin(), peaks.end());
  const auto end = peaks[(peaks.size() - 1) * 4 / 5];
  return {static_cast<double>(end), peaks.back() > end};
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

/// The first cells of a class, and folded all of them where there are more, so that a reader's
/// order is of all; of classes that are folded as a whole all alone. The pictures of the first
/// stand once, in the style of the group.
data group_item(const SlideReport& report, int class_index, const Cells& cells) {
  const bool apart = is_looked_at(report, class_index);
  const bool more = apart && cells.size() > kFirst;
  List first;
  List all;
  std::string pictures;
  const double end = map_end(report);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    CellWords words{.reason = "", .slide = "", .map_end = end, .printed = i < kOnPaper};
    if (more && i < kFirst) {
      pictures += fmt::format("--c{}:{};", i, picture_of(*cells[i]));
      words.picture = fmt::format("var(--c{})", i);
    }
    if (apart && i < kFirst) first.push_back(data{"html", cell_html(report, *cells[i], words)});
    words.printed = words.printed && !apart;
    if (more || !apart) all.push_back(data{"html", cell_html(report, *cells[i], words)});
  }
  data group;
  group.set("label", as_text(class_label(report, class_index)));
  group.set("unidentified", class_index < 0);
  group.set("pictures", pictures);
  group.set("shown", std::to_string(cells.size()));
  group.set("printed", std::to_string(std::min(cells.size(), kOnPaper)));
  const auto of = std::max<std::uint64_t>(all_cells(report, class_index), cells.size());
  group.set("all", std::to_string(of));
  group.set("some", std::to_string(kFirst));
  group.set("more", more);
  group.set("first", first);
  group.set("cells", all);
  return group;
}

/// Clinical order, unidentified cells first, unknown classes last.
std::vector<int> in_order(const SlideReport& report, const Groups& groups) {
  std::vector<int> order;
  for (const auto& group : groups)
    if (!group.second.empty()) order.push_back(group.first);
  const auto place = [&](int class_index) {
    const auto* known = class_of(report, class_index);
    return class_index < 0 ? 0 : known == nullptr ? std::numeric_limits<int>::max() : known->order;
  };
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return place(a) < place(b); });
  return order;
}

/// Orders in which a reader may have the cells, without a script; the first is that of the page.
List orders_for(std::size_t slide) {
  List list;
  for (const auto& [code, words] :
       {std::pair{"certainty", "least certain first"}, std::pair{"size", "largest nucleus first"},
        std::pair{"strange", "strangest first"}, std::pair{"place", "by place, from the top"}}) {
    data item;
    item.set("slide", std::to_string(slide + 1));
    item.set("code", code);
    item.set("words", words);
    item.set("chosen", list.empty());
    list.push_back(item);
  }
  return list;
}

/// Of a slide whose classes are not to be relied on: the first that were found, without classes. As
/// many whatever they are, since the number of each class would tell what is withheld.
std::string unsorted_cells(const SlideOfCase& slide) {
  Cells found;
  for (const auto& cell : slide.report.gallery) found.push_back(&cell);
  std::sort(found.begin(), found.end(), [](const auto* a, const auto* b) { return a->id < b->id; });
  found.resize(std::min(found.size(), kFirst));
  List items;
  for (const auto* cell : found)
    items.push_back(data{"html", cell_html(slide.report, *cell, {.reason = "", .slide = ""})});
  data values;
  values.set("number", std::to_string(slide.number + 1));
  values.set("title", as_text(slide_words(slide.report)));
  values.set("any", !items.empty());
  values.set("withheld", true);
  values.set("cells", items);
  return render(text::page_gallery, values);
}

}  // namespace

double map_end(const SlideReport& report) {
  return peaks_of(report).end;
}

std::string cells(const SlideOfCase& slide) {
  const auto& report = slide.report;
  if (!why_withheld(report).empty()) return unsorted_cells(slide);
  auto groups = by_class(report.gallery);
  keep_within(report, groups, kMostBytes / std::max<std::size_t>(slide.of, 1));
  List looked_at;
  List others;
  std::vector<std::string> names;
  std::size_t shown = 0;
  for (const int class_index : in_order(report, groups)) {
    const auto& cells_of_class = groups[class_index];
    const bool first = is_looked_at(report, class_index);
    (first ? looked_at : others).push_back(group_item(report, class_index, cells_of_class));
    if (!first) names.push_back(class_label(report, class_index));
    shown += cells_of_class.size();
  }
  data values;
  values.set("number", std::to_string(slide.number + 1));
  values.set("title", as_text(slide_words(report)));
  values.set("any", shown > 0);
  values.set("withheld", false);
  values.set("orders", orders_for(slide.number));
  values.set("groups", looked_at);
  values.set("has_others", !others.empty());
  values.set("others", others);
  values.set("others_words", as_text(joined(names, ", ")));
  const auto peaks = peaks_of(report);
  values.set(
      "scale",
      optional_text(peaks.end > 0 ? percent(peaks.end) + (peaks.beyond ? " or more" : "") : ""));
  const auto left = report.gallery.size() - shown;
  values.set("left",
             left == 0 ? data(data::type::bool_false) : data{"number", std::to_string(left)});
  return render(text::page_gallery, values);
}

}  // namespace cytocape::report_page
