#include <fmt/format.h>

#include "io/errors.hpp"
#include "io/further_frames.hpp"
#include "io/image_codec.hpp"
#include "io/slide_readers.hpp"
#include "io/tiff_levels.hpp"
#include "io/tiff_picture.hpp"
#include "io/upright_slide.hpp"

namespace cytocape {
namespace {

class ImageSlide final : public Slide {
 public:
  ImageSlide(SlideInfo info, Picture picture)
      : Slide(std::move(info)), picture_(std::move(picture)) {}

  Image read(int level, const LevelRect& rect) const override {
    if (level != 0) {
      throw SlideError(fmt::format("{}: there is no level {}; an image has only one",
                                   info_.path.string(), level));
    }
    Image out(static_cast<int>(rect.width), static_cast<int>(rect.height), info_.background);
    paste(picture_.pixels, out, -rect.x, -rect.y);
    return out;
  }
  Image read_associated(const std::string& name) const override {
    throw SlideError(info_.path.string() + ": there is no associated image '" + name + "'");
  }
  std::vector<std::uint8_t> icc_profile() const override { return picture_.icc_profile; }

 private:
  Picture picture_;
};

/// Of a TIFF page, on the axes of the picture as it is seen.
SlideProperties hints_of(const SlideFile& file, int plane) {
  if (!file.tiff) return {};
  const auto& page = *find_tiff_picture(*file.tiff, plane).page;
  auto hints = pixel_size_hints(*file.tiff, page);
  hints["openslide.vendor"] = "generic-tiff";
  if (!swaps_axes(page.orientation)) return hints;
  std::swap(hints["tiff.XResolution"], hints["tiff.YResolution"]);
  for (const char* end : {"", "Unit"}) {
    const std::string suffix = end;
    std::swap(hints["ome.PhysicalSizeX" + suffix], hints["ome.PhysicalSizeY" + suffix]);
  }
  return hints;
}

}  // namespace

Detection detect_as_image(const SlideFile&) {
  return {true, "a picture without levels, if anything"};
}

std::unique_ptr<Slide> open_as_image(const SlideFile& file, const SlideOptions& options) {
  const auto& path = file.path;
  const auto header = read_image_header(path);
  SlideInfo info;
  info.path = path;
  info.id = slide_id(path);
  info.vendor = header.loader;
  if (file.tiff) {
    auto picture = find_tiff_picture(*file.tiff, options.plane);
    if (picture.page == nullptr) refuse_plane(path, options.plane);
    info.plane = options.plane;
    info.remarks = std::move(picture.remarks);
    info.notices = std::move(picture.notices);
    if (auto notice = other_pictures_notice(*file.tiff, {picture.page}); !notice.empty())
      info.notices.push_back(std::move(notice));
  }
  if (const auto frames = stated_frames(path); frames > 1)
    info.notices.push_back(
        fmt::format("The file holds {} pictures (animated PNG, or JPEG of several views), of which "
                    "only the first was read.",
                    frames));
  set_pixel_size(info, pixel_size(path, hints_of(file, options.plane), options));
  auto picture = read_picture(path, options.plane);
  if (!picture.doubt.empty()) info.notices.push_back(picture.doubt);
  info.levels = {{{picture.pixels.width(), picture.pixels.height()}, {1, 1}, {0, 0}}};
  return std::make_unique<ImageSlide>(std::move(info), std::move(picture));
}

}  // namespace cytocape
