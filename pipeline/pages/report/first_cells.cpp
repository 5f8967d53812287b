#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include "embedded/page_first.hpp"
#include "pipeline/pages/report/cell.hpp"
#include "pipeline/pages/report/parts.hpp"
#include "pipeline/pages/report/text.hpp"

namespace cytocape::report_page {
namespace {

constexpr std::size_t kCells = 12;

/// A reason to look at a cell, and how much it has of it; NaN where it has none.
struct Reason {
  const char* words;
  std::function<double(const GalleryCell&)> measure;
};

double certainty(const GalleryCell& cell) {
  const auto best = std::max_element(cell.probability.begin(), cell.probability.end());
  return best == cell.probability.end() ? std::nan("") : static_cast<double>(*best);
}

const std::vector<Reason>& reasons() {
  static const std::vector<Reason> all{
      {"unidentified",
       [](const GalleryCell& cell) {
         return cell.class_index < 0 ? -certainty(cell) : std::nan("");
       }},
      {"largest", [](const GalleryCell& cell) { return cell.nucleus_um2; }},
      {"strangest", [](const GalleryCell& cell) { return cell.strangeness; }},
      {"uncertain",
       [](const GalleryCell& cell) {
         return cell.class_index < 0 ? std::nan("") : -certainty(cell);
       }},
  };
  return all;
}

/// Those that have most of it, in the gallery's order where equal.
std::vector<const GalleryCell*> ranked(const SlideReport& report, const Reason& reason) {
  std::vector<const GalleryCell*> cells;
  for (const auto& cell : report.gallery)
    if (!std::isnan(reason.measure(cell))) cells.push_back(&cell);
  std::stable_sort(cells.begin(), cells.end(), [&](const auto* a, const auto* b) {
    return reason.measure(*a) > reason.measure(*b);
  });
  return cells;
}

struct Chosen {
  const GalleryCell* cell;
  const char* reason;
};

/// In turn the next of each reason, so that none crowds out the others; sorted by reason.
std::vector<Chosen> chosen(const SlideReport& report, std::size_t most) {
  std::vector<std::vector<const GalleryCell*>> queues;
  for (const auto& reason : reasons()) queues.push_back(ranked(report, reason));
  std::vector<std::vector<Chosen>> taken(queues.size());
  std::set<std::uint64_t> ids;
  std::vector<std::size_t> next(queues.size());
  for (bool any = true; any && ids.size() < most;) {
    any = false;
    for (std::size_t r = 0; r < queues.size() && ids.size() < most; ++r) {
      while (next[r] < queues[r].size() && ids.contains(queues[r][next[r]]->id)) ++next[r];
      if (next[r] == queues[r].size()) continue;
      taken[r].push_back({queues[r][next[r]], reasons()[r].words});
      ids.insert(queues[r][next[r]]->id);
      any = true;
    }
  }
  std::vector<Chosen> all;
  for (const auto& some : taken) all.insert(all.end(), some.begin(), some.end());
  return all;
}

/// Which slide a small picture is of: its specimen where no other slide has that, else its id.
std::string shown_apart(const SlideReport& report, std::span<const SlideReport> slides) {
  const auto same = std::count_if(slides.begin(), slides.end(), [&](const auto& other) {
    return other.specimen == report.specimen;
  });
  return same > 1 ? report.slide.id : std::string(labels_of(report.specimen).adjective);
}

}  // namespace

std::string first_cells(std::span<const SlideReport> slides) {
  const auto shown = static_cast<std::size_t>(std::count_if(
      slides.begin(), slides.end(), [](const auto& slide) { return !slide.gallery.empty(); }));
  List items;
  for (const auto& report : slides) {
    if (report.gallery.empty()) continue;
    for (const auto& one : chosen(report, std::max<std::size_t>(1, kCells / shown))) {
      const auto html = cell_html(report, *one.cell,
                                  {.reason = one.reason,
                                   .slide = shown > 1 ? slide_words(report) : "",
                                   .of = shown > 1 ? shown_apart(report, slides) : "",
                                   .map_end = map_end(report),
                                   .printed = true});
      items.push_back(data{"html", html});
    }
  }
  const auto first = std::find_if(slides.begin(), slides.end(),
                                  [](const auto& slide) { return !slide.gallery.empty(); });
  data values;
  values.set("number", std::to_string(first - slides.begin() + 1));
  values.set("any", !items.empty());
  values.set("by_class", first != slides.end() && why_withheld(*first).empty());
  values.set("cells", items);
  return render(text::page_first, values);
}

}  // namespace cytocape::report_page
