#include "models/data/augment.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <thread>

#include "tests/models/data/unvaried.hpp"
#include "tests/tiling/memory_slide.hpp"
#include "tiling/crop.hpp"

namespace cytocape {
namespace {

using testing::unvaried;

constexpr Rgb kGrey{120, 120, 120};

void fill(Image& image, int left, int top, int width, int height, Rgb colour) {
  for (int y = top; y < top + height; ++y) {
    for (int x = left; x < left + width; ++x) {
      auto* pixel = image.row(y) + 3 * x;
      pixel[0] = colour.r;
      pixel[1] = colour.g;
      pixel[2] = colour.b;
    }
  }
}

/// Something different everywhere, smooth enough to survive resampling.
Image gradient(int width, int height) {
  Image image(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      fill(image, x, y, 1, 1,
           {static_cast<std::uint8_t>(40 + 120 * x / width),
            static_cast<std::uint8_t>(60 + 120 * y / height),
            static_cast<std::uint8_t>(90 + 60 * (x + y) / (width + height))});
    }
  }
  return image;
}

Image varied(const Image& image, int crop_px, int input_px, const AugmentOptions& options,
             std::uint64_t seed) {
  Image out(input_px, input_px);
  vary_crop(prepare_picture(image, crop_px, input_px, options), options, seed, input_px,
            out.row(0));
  return out;
}

struct Centroid {
  double x = 0;
  double y = 0;
  double weight = 0;
};

/// The centre of what is brighter than kGrey.
Centroid bright(const Image& image) {
  Centroid sum;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      const double weight = std::max(0, image.at(x, y).g - kGrey.g);
      sum.x += weight * (x + 0.5);
      sum.y += weight * (y + 0.5);
      sum.weight += weight;
    }
  }
  return {sum.x / sum.weight, sum.y / sum.weight, sum.weight};
}

int largest_difference(const Image& a, const Image& b) {
  int largest = 0;
  for (std::size_t i = 0; i < a.pixels().size(); ++i) {
    largest = std::max(largest, std::abs(int{a.pixels()[i]} - int{b.pixels()[i]}));
  }
  return largest;
}

TEST(CutCrop, TakesTheCentralSquareOfAnOblongImage) {
  Image image(50, 30, kGrey);
  fill(image, 20, 10, 10, 10, {255, 255, 255});
  EXPECT_EQ(cut_crop(image, 10, 10), Image(10, 10, {255, 255, 255}));
}

TEST(CutCrop, MovesTheCellByTheGivenPixels) {
  Image image(100, 80, kGrey);
  fill(image, 48, 38, 4, 4, {255, 255, 255});
  const Centroid moved = bright(cut_crop(image, 40, 40, {.x = 8, .y = -5}));
  EXPECT_NEAR(moved.x, 20 + 8, 1e-9);
  EXPECT_NEAR(moved.y, 20 - 5, 1e-9);
}

TEST(CutCrop, BeginsAtTheWholePixelBelowTheMiddleInLargeAndSmallImages) {
  EXPECT_EQ(crop_begin(363, 264), 49);
  EXPECT_EQ(crop_begin(250, 275), -13);
}

TEST(CutCrop, MirrorsBeyondTheImage) {
  const Image image = gradient(40, 40);
  const Image crop = cut_crop(image, 40, 40, {.x = 4, .y = 0});
  EXPECT_EQ(crop.at(4, 20), image.at(0, 20));
  EXPECT_EQ(crop.at(1, 20), image.at(3, 20));
}

/// Sharp everywhere: the weight of every source pixel shows.
Image speckled(int width, int height) {
  Image image(width, height);
  std::uint32_t state = 1;
  for (std::uint8_t& value : image.pixels()) {
    state = state * 1664525 + 1013904223;
    value = static_cast<std::uint8_t>(state >> 24);
  }
  return image;
}

TEST(CutCrop, IsTheCropThatIsReadFromASlideOfThatPicture) {
  const Image image = speckled(200, 160);
  const testing::MemorySlide slide(image, {0.25, 0.25});
  for (const double step : {0.5, 1.0, 1.5, 2.0}) {
    const CropSpec spec{.input_px = 48, .mpp = 0.25 * step};
    EXPECT_EQ(cut_crop(image, static_cast<int>(48 * step), 48), read_crop(slide, spec, {100, 80}))
        << step;
  }
}

TEST(VaryCrop, WithoutVariationIsTheCropTheClassifierSees) {
  const Image image = gradient(182, 164);
  // The classifier's crop at a whole reduction: any half-pixel slip would show in the gradient.
  EXPECT_LE(largest_difference(varied(image, 128, 64, unvaried(), 1), cut_crop(image, 128, 64)), 1);
}

TEST(VaryCrop, WithoutVariationIsToTheBitTheCropTheClassifierSeesWhateverIsLeftOver) {
  for (const int odd : {0, 1, 2, 3}) {
    const Image image = speckled(90 + odd, 84 - odd);
    EXPECT_EQ(varied(image, 66, 40, unvaried(), 1), cut_crop(image, 66, 40)) << odd;
  }
  // Smaller than the crop: what is beyond the edges is mirrored in both.
  const Image small = speckled(61, 55);
  EXPECT_EQ(varied(small, 66, 40, unvaried(), 1), cut_crop(small, 66, 40));
}

TEST(VaryCrop, OfAReducedPictureLiesWhereTheClassifiersCropDoesWhateverIsLeftOver) {
  for (const int odd : {0, 1, 2, 3}) {
    const Image image = gradient(182 + odd, 164 - odd);
    EXPECT_LE(largest_difference(varied(image, 128, 64, unvaried(), 1), cut_crop(image, 128, 64)),
              1)
        << odd;
  }
}

TEST(VaryCrop, ATurnedCropIsAboutAsSharpAsTheOneTheClassifierSees) {
  AugmentOptions options = unvaried();
  options.rotate = true;
  double turned = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    turned += crop_focus(varied(speckled(120, 120), 66, 40, options, seed)) / 20;
  const double straight = crop_focus(cut_crop(speckled(120, 120), 66, 40));
  EXPECT_NEAR(turned / straight, 1, 0.15);
}

TEST(VaryCrop, DependsOnTheSeedAlone) {
  const Image image = gradient(90, 90);
  const AugmentOptions options;
  const Image once = varied(image, 60, 32, options, 11);
  Image in_thread;
  std::thread([&] { in_thread = varied(image, 60, 32, options, 11); }).join();
  EXPECT_EQ(once, in_thread);
  EXPECT_NE(once, varied(image, 60, 32, options, 12));
}

TEST(VaryCrop, ShiftReachesItsShareOfTheEdgeOnAllSidesAndNoFarther) {
  Image image(300, 300, kGrey);
  fill(image, 146, 146, 8, 8, {255, 255, 255});
  AugmentOptions options = unvaried();
  options.shift = 0.2;
  double left = 0, right = 0, up = 0, down = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Centroid at = bright(varied(image, 100, 50, options, seed));
    left = std::min(left, at.x - 25);
    right = std::max(right, at.x - 25);
    up = std::min(up, at.y - 25);
    down = std::max(down, at.y - 25);
  }
  for (const double reach : {-left, right, -up, down}) {
    EXPECT_GT(reach, 0.9 * 0.2 * 50);
    EXPECT_LT(reach, 0.2 * 50 + 0.3);
  }
}

TEST(VaryCrop, AShiftedCropShowsTheRealSurroundings) {
  // Black beyond the unshifted crop, grey within: mirrored filling would never be black.
  Image image(200, 200, {0, 0, 0});
  fill(image, 50, 50, 100, 100, kGrey);
  AugmentOptions options = unvaried();
  options.shift = 0.2;
  int with_black = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Image crop = varied(image, 100, 50, options, seed);
    with_black += std::any_of(crop.pixels().begin(), crop.pixels().end(),
                              [](std::uint8_t value) { return value == 0; });
  }
  EXPECT_GE(with_black, 18);
}

TEST(VaryCrop, RotationFlipAndScaleKeepTheCentre) {
  Image image(201, 173, kGrey);
  // The crop's middle: half a pixel before the image's, where an odd number is left over.
  fill(image, 97, 83, 6, 6, {255, 255, 255});
  AugmentOptions options = unvaried();
  options.rotate = options.flip = true;
  options.scale_min = 0.8;
  options.scale_max = 1.3;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Centroid at = bright(varied(image, 64, 64, options, seed));
    EXPECT_NEAR(at.x, 32, 0.2) << seed;
    EXPECT_NEAR(at.y, 32, 0.2) << seed;
  }
}

TEST(VaryCrop, ScaleIsTheCellsMagnification) {
  Image image(200, 200, kGrey);
  fill(image, 90, 90, 20, 20, {255, 255, 255});
  AugmentOptions options = unvaried();
  const double plain = bright(varied(image, 100, 100, options, 1)).weight;
  options.scale_min = options.scale_max = 1.5;
  EXPECT_NEAR(bright(varied(image, 100, 100, options, 1)).weight / plain, 2.25, 0.05);
}

TEST(VaryCrop, FlipMirrorsHalfOfTheCrops) {
  Image image(100, 100, kGrey);
  fill(image, 60, 48, 4, 4, {255, 255, 255});
  AugmentOptions options = unvaried();
  options.flip = true;
  int right = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Centroid at = bright(varied(image, 64, 64, options, seed));
    EXPECT_NEAR(std::abs(at.x - 32), 12, 0.1);
    EXPECT_NEAR(at.y, 32, 0.1);
    right += at.x > 32;
  }
  EXPECT_GT(right, 30);
  EXPECT_LT(right, 70);
}

TEST(VaryCrop, SaturationAndContrastLeaveAnEvenGreyAsItIs) {
  AugmentOptions options = unvaried();
  options.saturation = 0.9;
  options.contrast = 0.9;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    EXPECT_LE(largest_difference(varied(Image(64, 64, kGrey), 32, 32, options, seed),
                                 Image(32, 32, kGrey)),
              1);
  }
}

TEST(VaryCrop, BrightnessStaysWithinItsShare) {
  AugmentOptions options = unvaried();
  options.brightness = 0.15;
  std::set<int> seen;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    seen.insert(varied(Image(64, 64, {100, 100, 100}), 32, 32, options, seed).at(9, 9).r);
  }
  EXPECT_GE(*seen.begin(), 85);
  EXPECT_LT(*seen.begin(), 87);
  EXPECT_LE(*seen.rbegin(), 115);
  EXPECT_GT(*seen.rbegin(), 113);
}

TEST(PreparePicture, KeepsTheCropsScaleWhenItReduces) {
  const CellPicture picture = prepare_picture(gradient(361, 363), 264, 128, unvaried());
  EXPECT_EQ(picture.crop_edge, 132);
  EXPECT_EQ(picture.pixels.width(), 180);
}

TEST(PreparePicture, DropsWhatNoVariationCanShow) {
  const CellPicture picture = prepare_picture(gradient(2000, 500), 100, 100, unvaried());
  EXPECT_LE(picture.pixels.width(), 144);
  EXPECT_GE(picture.pixels.width(), 141);
  EXPECT_EQ(picture.pixels.width(), picture.pixels.height());
}

}  // namespace
}  // namespace cytocape
