#pragma once

#include <utility>

#include "io/errors.hpp"
#include "io/slide.hpp"

namespace cytocape::testing {

/// A slide of one level that is an image in memory.
class MemorySlide : public Slide {
 public:
  MemorySlide(Image image, Mpp mpp, Size tile = {})
      : Slide(describe(image, mpp, tile)), image_(std::move(image)) {}

  [[nodiscard]] Image read(int, const LevelRect& rect) const override {
    Image out(static_cast<int>(rect.width), static_cast<int>(rect.height), info_.background);
    const LevelRect seen = rect.intersected({0, 0, image_.width(), image_.height()});
    for (std::int64_t y = seen.y; y < seen.bottom(); ++y) {
      const std::uint8_t* from = image_.row(static_cast<int>(y)) + seen.x * 3;
      std::copy(from, from + seen.width * 3,
                out.row(static_cast<int>(y - rect.y)) + (seen.x - rect.x) * 3);
    }
    return out;
  }
  [[nodiscard]] Image read_associated(const std::string& name) const override {
    throw SlideError(name + ": an image in memory has no associated images");
  }

 private:
  static SlideInfo describe(const Image& image, Mpp mpp, Size tile) {
    SlideInfo info;
    info.path = "memory";
    info.id = "memory";
    info.levels = {{{image.width(), image.height()}, {1, 1}, tile}};
    info.mpp = mpp;
    return info;
  }
  Image image_;
};

}  // namespace cytocape::testing
