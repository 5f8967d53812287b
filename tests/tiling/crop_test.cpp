#include "tiling/crop.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "memory_slide.hpp"

namespace cytocape {
namespace {

using testing::MemorySlide;

/// Red grows by 1 a pixel along x, green by 2 along y.
Image ramp(int width, int height) {
  Image image(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      image.row(y)[3 * x] = static_cast<std::uint8_t>(x);
      image.row(y)[3 * x + 1] = static_cast<std::uint8_t>(2 * y);
    }
  return image;
}

TEST(Crop, TheMiddleOfTheCropIsTheCentreAtEveryScale) {
  const MemorySlide slide(ramp(220, 120), {0.25, 0.4});
  const Level0Point centre{110.3, 60.8};
  for (const double mpp : {0.1, 0.25, 0.4, 0.55, 1.0}) {
    const CropSpec spec{.input_px = 24, .mpp = mpp};
    const Image crop = read_crop(slide, spec, centre);
    ASSERT_EQ(crop.width(), 24);
    // The crop's centre is the corner of its four middle pixels; pixel x has its centre at x + 0.5.
    const double red =
        (crop.at(11, 11).r + crop.at(12, 11).r + crop.at(11, 12).r + crop.at(12, 12).r) / 4.0;
    const double green =
        (crop.at(11, 11).g + crop.at(12, 11).g + crop.at(11, 12).g + crop.at(12, 12).g) / 4.0;
    const double half_px_x = std::max(0.5 * mpp / 0.25, 0.5);
    EXPECT_NEAR(red + 0.5, centre.x, half_px_x) << mpp;
    EXPECT_NEAR(green / 2 + 0.5, centre.y, std::max(0.5 * mpp / 0.4, 0.5)) << mpp;
    EXPECT_NEAR(crop.at(23, 5).r - crop.at(0, 5).r, 23 * mpp / 0.25, 2) << mpp;
    EXPECT_NEAR((crop.at(5, 23).g - crop.at(5, 0).g) / 2.0, 23 * mpp / 0.4, 2) << mpp;
  }
}

TEST(Crop, AtTheSlidesOwnScaleAWholeCentreCopiesPixels) {
  const Image image = ramp(60, 50);
  const MemorySlide slide(image, {0.5, 0.5});
  const Image crop = read_crop(slide, {.input_px = 8, .mpp = 0.5}, {20, 30});
  for (int y = 0; y < 8; ++y)
    for (int x = 0; x < 8; ++x) EXPECT_EQ(crop.at(x, y), image.at(16 + x, 26 + y));
}

TEST(Crop, OutsideTheSlideIsBackground) {
  const MemorySlide slide(Image(40, 40, {1, 2, 3}), {0.5, 0.5});
  const Image crop = read_crop(slide, {.input_px = 8, .mpp = 0.5}, {0, 20});
  EXPECT_EQ(crop.at(1, 4), (Rgb{255, 255, 255}));
  EXPECT_EQ(crop.at(6, 4), (Rgb{1, 2, 3}));
  EXPECT_EQ(read_crop(slide, {.input_px = 8, .mpp = 0.5}, {-300, -300}).at(3, 3),
            (Rgb{255, 255, 255}));
}

TEST(Crop, ExtentIsRoundedOutwardsWithTheAxesApart) {
  const MemorySlide slide(Image(10, 10), {0.25, 0.5});
  EXPECT_EQ(crop_extent(slide.info(), {.input_px = 10, .mpp = 0.5}, {100.5, 50}),
            (Level0Rect{90, 45, 21, 10}));
}

TEST(Crop, FocusFallsWithBlurAndNotWithContrast) {
  Image sharp(64, 64);
  Image faint(64, 64);
  Image blurred(64, 64);
  for (int y = 0; y < 64; ++y)
    for (int x = 0; x < 64; ++x)
      for (int c = 0; c < 3; ++c) {
        sharp.row(y)[3 * x + c] = x / 16 % 2 == 0 ? 40 : 200;
        faint.row(y)[3 * x + c] = x / 16 % 2 == 0 ? 100 : 140;
        const int to_edge = std::abs(x % 16 - 8);
        blurred.row(y)[3 * x + c] = static_cast<std::uint8_t>(40 + 20 * to_edge);
      }
  EXPECT_LT(crop_focus(blurred), 0.5 * crop_focus(sharp));
  EXPECT_NEAR(crop_focus(faint), crop_focus(sharp), 0.05 * crop_focus(sharp));
  EXPECT_EQ(crop_focus(Image(8, 8)), 0);
}

}  // namespace
}  // namespace cytocape
