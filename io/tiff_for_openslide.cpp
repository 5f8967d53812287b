#include "io/tiff_for_openslide.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "io/errors.hpp"
#include "io/jpeg_colours.hpp"
#include "io/tiff_damage.hpp"
#include "io/tiff_kind.hpp"
#include "io/tiff_levels.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse_level(const fs::path& path, const Size& size, const char* why) {
  throw SlideError(
      fmt::format("{}: OpenSlide {} of {} x {} pixels; set slide.reader to \"auto\", which takes "
                  "another reader "
                  "where one can read it, or export the slide again",
                  path.string(), why, size.width, size.height));
}

}  // namespace

std::string why_misread(const TiffFile& file) {
  const auto levels = find_tiff_levels(file);
  if (levels.pages.empty()) return "its largest page is cut into strips, not tiles";
  const auto& finest = *levels.pages.front();
  if (&finest != file.pages().data()) return "its finest page is not the first";
  if (auto why = why_undefined(file, finest); !why.empty()) return why;
  if (finest.orientation != 1)
    return fmt::format("its orientation tag (274) is {}, which OpenSlide does not apply",
                       finest.orientation);
  if (finest.bits > 8) return fmt::format("libtiff would guess at its {} bits", finest.bits);
  if (finest.samples > number_of_colours(finest)) return "libtiff would guess at its fourth sample";
  if (finest.compression == kTiffJpeg) {
    const auto colours = jpeg_colours(file, finest);
    if (colours.contradict_tag()) return words_of(colours) + "; OpenSlide goes by the tag";
  }
  return "";
}

void require_levels(const fs::path& path, const TiffFile& file,
                    const std::vector<SlideLevel>& levels) {
  const auto known = find_tiff_levels(file);
  for (const auto& level : levels) {
    const auto page =
        std::find_if(known.pages.begin(), known.pages.end(),
                     [&](const auto* candidate) { return candidate->size == level.size; });
    if (page == known.pages.end())
      refuse_level(path, level.size, "takes for a level, which is none of this picture, a page");
    if ((*page)->separate_planes || page == known.pages.begin()) continue;
    if (lacks_more(file, **page, *known.pages.front()))
      refuse_level(path, level.size, "would show as glass what the file leaves out of its level");
  }
}

void tell_absent_shares(const TiffFile& file, std::vector<SlideLevel>& levels) {
  for (auto& level : levels) {
    if (const auto* page = page_of_level(file, level))
      level.absent_share = absent_share(file, *page);
  }
}

std::string notice_of_others(const TiffFile& file, const std::vector<SlideLevel>& levels) {
  std::vector<const TiffPage*> pages;
  for (const auto& level : levels) {
    if (const auto* page = page_of_level(file, level)) pages.push_back(page);
  }
  return pages.empty() ? "" : other_pictures_notice(file, pages);
}

}  // namespace cytocape
