#include <fmt/format.h>

#include "io/errors.hpp"
#include "io/image_codec.hpp"
#include "io/slide_readers.hpp"

namespace cytocape {
namespace {

class ImageSlide final : public Slide {
 public:
  ImageSlide(SlideInfo info, Image pixels) : Slide(std::move(info)), pixels_(std::move(pixels)) {}

  Image read(int level, const LevelRect& rect) const override {
    if (level != 0) {
      throw SlideError(fmt::format("{}: there is no level {}; an image has only one",
                                   info_.path.string(), level));
    }
    Image out(static_cast<int>(rect.width), static_cast<int>(rect.height), info_.background);
    paste(pixels_, out, -rect.x, -rect.y);
    return out;
  }
  Image read_associated(const std::string& name) const override {
    throw SlideError(info_.path.string() + ": there is no associated image '" + name + "'");
  }

 private:
  Image pixels_;
};

}  // namespace

Detection detect_as_image(const SlideFile&) {
  return {true, "a picture without levels, if anything"};
}

std::unique_ptr<Slide> open_as_image(const SlideFile& file, const SlideOptions& options) {
  const auto& path = file.path;
  const auto header = read_image_header(path);
  const auto scale = pixel_size(path, {}, options);
  auto pixels = read_image(path);
  SlideInfo info;
  info.path = path;
  info.id = slide_id(path);
  info.vendor = header.loader;
  info.levels = {{{pixels.width(), pixels.height()}, {1, 1}, {0, 0}}};
  info.mpp = scale.mpp;
  info.mpp_source = scale.source;
  return std::make_unique<ImageSlide>(std::move(info), std::move(pixels));
}

}  // namespace cytocape
