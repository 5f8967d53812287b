#include "io/tiff_levels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <optional>
#include <string_view>

namespace cytocape {
namespace {

std::int64_t area(const TiffPage& page) {
  return page.tiled() ? page.size.width * page.size.height : 0;
}

/// Levels are halved and rounded, so a pixel more or less is no other shape.
bool has_proportions_of(const Size& base, const Size& size) {
  const auto across = static_cast<double>(size.width) * static_cast<double>(base.height);
  const auto along = static_cast<double>(size.height) * static_cast<double>(base.width);
  constexpr double kTolerance = 0.01;
  return std::abs(across - along) <=
         std::max(kTolerance * along, static_cast<double>(base.width + base.height));
}

std::string name_of(const TiffPage& page, std::size_t number) {
  return fmt::format("page {} of {} x {} pixels", number, page.size.width, page.size.height);
}

class LevelFinder {
 public:
  explicit LevelFinder(const TiffPage& base) : base_(base) { levels_.pages.push_back(&base); }

  void offer(const TiffPage& page, std::size_t number, bool of_base) {
    if (&page == &base_ || !page.tiled()) return;
    if (page.size == base_.size) {
      leave_out(page, number, "is as large as the finest: another focal plane or channel");
    } else if (!has_proportions_of(base_.size, page.size)) {
      leave_out(page, number, "has other proportions");
    } else if (page.orientation != base_.orientation) {
      leave_out(page, number, "is turned otherwise than the finest (tag 274)");
    } else if (!of_base && !page.reduced) {
      leave_out(page, number, "is not marked as a smaller version of another (tag 254)");
    } else if (is_taken(page.size)) {
      leave_out(page, number, "is as large as another level");
    } else {
      levels_.pages.push_back(&page);
    }
  }

  TiffLevels finish() {
    std::stable_sort(levels_.pages.begin(), levels_.pages.end(),
                     [](const auto* a, const auto* b) { return area(*a) > area(*b); });
    return std::move(levels_);
  }

 private:
  [[nodiscard]] bool is_taken(const Size& size) const {
    return std::any_of(levels_.pages.begin(), levels_.pages.end(),
                       [&](const auto* page) { return page->size == size; });
  }
  void leave_out(const TiffPage& page, std::size_t number, const char* why) {
    levels_.remarks.push_back(fmt::format("{} is no level: it {}", name_of(page, number), why));
  }

  const TiffPage& base_;
  TiffLevels levels_;
};

/// The value of `name="value"` among the attributes of an element; none where it lacks it.
std::optional<std::string> attribute(std::string_view element, std::string_view name) {
  for (std::size_t at = 0; (at = element.find(name, at)) != std::string_view::npos; ++at) {
    const auto before = at == 0 ? ' ' : element[at - 1];
    auto rest = element.substr(at + name.size());
    if (std::string_view(" \t\r\n").find(before) == std::string_view::npos || rest.size() < 2 ||
        rest[0] != '=' || (rest[1] != '"' && rest[1] != '\'')) {
      continue;
    }
    const char quote = rest[1];
    rest.remove_prefix(2);
    const auto end = rest.find(quote);
    if (end != std::string_view::npos) return std::string(rest.substr(0, end));
  }
  return std::nullopt;
}

/// OME-XML keeps the size of the first image in the attributes of the first element Pixels.
void add_ome(const std::string& xml, std::map<std::string, std::string>& hints) {
  if (xml.find("<OME") == std::string::npos) return;
  const auto begin = xml.find("<Pixels");
  if (begin == std::string::npos) return;
  const auto element = std::string_view(xml).substr(begin, xml.find('>', begin) - begin);
  for (const char* axis : {"X", "Y"}) {
    const auto key = std::string("PhysicalSize") + axis;
    if (const auto size = attribute(element, key)) hints["ome." + key] = *size;
    if (const auto unit = attribute(element, key + "Unit")) hints["ome." + key + "Unit"] = *unit;
  }
}

}  // namespace

TiffLevels find_tiff_levels(const TiffFile& file) {
  const auto& pages = file.pages();
  const auto base = std::max_element(
      pages.begin(), pages.end(), [](const auto& a, const auto& b) { return area(a) < area(b); });
  if (!base->tiled()) return {};
  LevelFinder finder(*base);
  for (std::size_t i = 0; i < pages.size(); ++i) finder.offer(pages[i], i + 1, false);
  for (const auto& inner : base->inner) {
    finder.offer(inner, static_cast<std::size_t>(base - pages.begin()) + 1, true);
  }
  return finder.finish();
}

std::map<std::string, std::string> pixel_size_hints(const TiffFile& file, const TiffPage& page) {
  std::map<std::string, std::string> hints;
  constexpr const char* kUnits[] = {"inch", "none", "inch", "centimeter"};
  if (page.resolution_unit < std::size(kUnits)) {
    hints["tiff.ResolutionUnit"] = kUnits[page.resolution_unit];
  }
  if (const auto x = file.rational(page.x_resolution))
    hints["tiff.XResolution"] = fmt::format("{}", *x);
  if (const auto y = file.rational(page.y_resolution))
    hints["tiff.YResolution"] = fmt::format("{}", *y);
  // The file's first page has the OME-XML of all of it.
  add_ome(file.text(file.pages().front().description), hints);
  return hints;
}

}  // namespace cytocape
