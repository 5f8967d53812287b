#include "io/tiff_levels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <string_view>

#include "io/ome_xml.hpp"
#include "io/tiff_picture.hpp"

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

bool differ(double a, double b) {
  constexpr double kTolerance = 0.01;
  return std::abs(a - b) > kTolerance * std::max(a, b);
}

/// A level halved and rounded up has a little more than a quarter of the finest's pixels.
bool is_another_picture(const TiffPage& page, const std::vector<const TiffPage*>& levels) {
  const auto& finest = *levels.front();
  const bool is_read = std::any_of(levels.begin(), levels.end(), [&](const auto* level) {
    return level == &page || level->size == page.size;
  });
  return !is_read && !page.reduced && page.samples >= std::min<std::uint64_t>(3, finest.samples) &&
         4 * page.size.width * page.size.height >
             (finest.size.width + 1) * (finest.size.height + 1);
}

class LevelFinder {
 public:
  LevelFinder(const TiffFile& file, const TiffPage& base) : file_(file), base_(base) {
    levels_.pages.push_back(&base);
  }

  void offer(const TiffPage& page, std::size_t number, bool of_base) {
    if (&page == &base_ || !page.tiled()) return;
    if (page.size == base_.size) {
      ++alike_;
      leave_out(page, number, "is as large as the finest: another focal plane or channel");
    } else if (!has_proportions_of(base_.size, page.size)) {
      leave_out(page, number, "has other proportions");
    } else if (page.orientation != base_.orientation) {
      leave_out(page, number, "is turned otherwise than the finest (tag 274)");
    } else if (!of_base && !page.reduced) {
      leave_out(page, number, "is not marked as a smaller version of another (tag 254)");
    } else if (!fits(page, &TiffPage::x_resolution, &Size::width) ||
               !fits(page, &TiffPage::y_resolution, &Size::height)) {
      leave_out(page, number, "states a pixel size that its number of pixels contradicts");
    } else if (is_taken(page.size)) {
      leave_out(page, number, "is as large as another level");
    } else {
      levels_.pages.push_back(&page);
    }
  }

  void leave_to_another_plane(const TiffPage& page, std::size_t number) {
    if (page.tiled()) leave_out(page, number, "stands behind another picture of the finest's size");
  }

  TiffLevels finish(std::size_t base_number) {
    std::stable_sort(levels_.pages.begin(), levels_.pages.end(),
                     [](const auto* a, const auto* b) { return area(*a) > area(*b); });
    if (alike_ > 0) levels_.notices.push_back(unread_planes_notice(base_number, alike_));
    return std::move(levels_);
  }

 private:
  [[nodiscard]] bool is_taken(const Size& size) const {
    return std::any_of(levels_.pages.begin(), levels_.pages.end(),
                       [&](const auto* page) { return page->size == size; });
  }
  /// Many writers copy the finest's resolution to each level.
  [[nodiscard]] bool fits(const TiffPage& page, TiffRange TiffPage::*resolution,
                          std::int64_t Size::*edge) const {
    const auto here = file_.rational(page.*resolution);
    const auto there = file_.rational(base_.*resolution);
    if (!here || !there || *here <= 0 || page.resolution_unit != base_.resolution_unit) return true;
    const auto pixels = static_cast<double>(page.size.*edge);
    const auto ratio = pixels / static_cast<double>(base_.size.*edge);
    const auto slack = 1 / pixels;  // a level is rounded to whole pixels
    return !differ(*here, *there) || std::abs(*here / *there - ratio) <= ratio * (0.01 + slack);
  }
  void leave_out(const TiffPage& page, std::size_t number, const char* why) {
    levels_.remarks.push_back(fmt::format("{} is no level: it {}", name_of(page, number), why));
  }

  const TiffFile& file_;
  const TiffPage& base_;
  TiffLevels levels_;
  std::size_t alike_ = 0;  ///< pages as large as the finest
};

/// The file's first page has the OME-XML of all of it.
std::vector<OmeImage> ome_images_of(const TiffFile& file) {
  return ome_images(file.text(file.pages().front().description), file.path().filename().string());
}

OmePlace ome_place_of(const TiffFile& file, const TiffPage& page) {
  OmePlace place{page.size, 0};
  for (const auto& other : file.pages()) {
    const bool inside = std::any_of(other.inner.begin(), other.inner.end(),
                                    [&](const TiffPage& inner) { return &inner == &page; });
    if (&other == &page || inside) return place;
    ++place.directory;
  }
  return place;
}

/// "ImageJ=1.53t\nimages=1\nunit=micron\n"; its resolution tags are pixels a unit then.
void add_imagej(const std::string& text, const TiffPage& page,
                std::map<std::string, std::string>& hints) {
  constexpr std::string_view kUnit = "\nunit=";
  const auto at = text.find(kUnit);
  if (!text.starts_with("ImageJ=") || at == std::string::npos || page.resolution_unit != 1) return;
  const auto begin = at + kUnit.size();
  hints["imagej.unit"] = text.substr(begin, text.find('\n', begin) - begin);
}

}  // namespace

TiffLevels find_tiff_levels(const TiffFile& file, int plane) {
  const auto picture = find_tiff_picture(file, plane);
  if (picture.page == nullptr || !picture.page->tiled()) return {};
  LevelFinder finder(file, *picture.page);
  int ahead = 1;  // the plane that smaller pages are of
  int planes = 0;
  for (std::size_t i = 0; i < file.pages().size(); ++i) {
    const auto& page = file.pages()[i];
    if (page.size == picture.page->size) ahead = ++planes;
    if (ahead == plane || page.size == picture.page->size) {
      finder.offer(page, i + 1, false);
    } else {
      finder.leave_to_another_plane(page, i + 1);
    }
  }
  const auto number = static_cast<std::size_t>(picture.number) + 1;
  for (const auto& inner : picture.page->inner) finder.offer(inner, number, true);
  return finder.finish(number);
}

std::string other_pictures_notice(const TiffFile& file,
                                  const std::vector<const TiffPage*>& levels) {
  const auto& finest = *levels.front();
  constexpr std::size_t kMostNamed = 3;
  std::size_t others = 0;
  std::string named;
  const auto count = [&](const TiffPage& page, std::size_t number) {
    if (!is_another_picture(page, levels)) return;
    if (++others <= kMostNamed) named += (others == 1 ? "" : ", ") + name_of(page, number);
  };
  for (std::size_t i = 0; i < file.pages().size(); ++i) {
    count(file.pages()[i], i + 1);
    for (const auto& inner : file.pages()[i].inner) count(inner, i + 1);
  }
  if (others == 0) return ome_series_notice(ome_images_of(file), ome_place_of(file, finest));
  return fmt::format(
      "The file holds {} more picture{} of a size like this one's, which {} not read ({}{}): cells "
      "on {} are not counted; save each scanned region as a file of its own.",
      others, others == 1 ? "" : "s", others == 1 ? "is" : "are", named,
      others > kMostNamed ? ", ..." : "", others == 1 ? "it" : "them");
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
  const auto images = ome_images_of(file);
  auto choice = ome_image_of(images, ome_place_of(file, page));
  if (!choice.conflict.empty()) {
    hints["ome.conflict"] = std::move(choice.conflict);
  } else if (choice.image != nullptr) {
    for (const auto& [name, value] : choice.image->attributes) hints["ome." + name] = value;
  }
  add_imagej(file.text(file.pages().front().description), page, hints);
  return hints;
}

}  // namespace cytocape
