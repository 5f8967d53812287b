#include "models/data/appearance.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <thread>
#include <vector>

#include "io/image.hpp"

namespace cytocape {
namespace {

constexpr double kMpp = 0.165;

/// Everything off; tests switch on what they look at.
AppearanceOptions no_variation() {
  return {.on = true,
          .stain_mixing = 0,
          .stain_gain = 0,
          .channel_gain = 0,
          .glass = 0,
          .glass_channel = 0,
          .blur_share = 0,
          .unsharp_share = 0,
          .noise_share = 0};
}

/// Glass with a square of stain in its middle, whose left half is darker.
Image stained(Rgb glass, Rgb light, Rgb dark) {
  Image image(48, 40, glass);
  for (int y = 10; y < 30; ++y)
    for (int x = 12; x < 36; ++x) {
      const Rgb colour = x < 24 ? dark : light;
      auto* pixel = image.row(y) + 3 * x;
      pixel[0] = colour.r;
      pixel[1] = colour.g;
      pixel[2] = colour.b;
    }
  return image;
}

Image stained_cell(Rgb glass = {240, 230, 220}) {
  Image image(48, 48, glass);
  const Image cell = stained(glass, {180, 120, 190}, {90, 50, 130});
  for (int y = 0; y < 40; ++y) std::copy_n(cell.row(y), 3 * 48, image.row(y + 4));
  return image;
}

Image recoloured(Image image, const AppearanceOptions& options, std::uint64_t seed,
                 double mpp = kMpp) {
  vary_appearance(image.row(0), image.width(), mpp, options, seed);
  return image;
}

double density(int value, int glass) {
  return std::log(static_cast<double>(glass) / std::max(value, 1));
}

TEST(VaryAppearance, SwitchedOffLeavesACropAsItIs) {
  AppearanceOptions options;
  options.on = false;
  EXPECT_EQ(recoloured(stained_cell(), options, 7), stained_cell());
}

TEST(VaryAppearance, WithNothingToVaryLeavesACropAsItIs) {
  const Image cell = stained_cell();
  EXPECT_EQ(recoloured(cell, no_variation(), 7), cell);
}

TEST(VaryAppearance, DependsOnTheSeedAlone) {
  const AppearanceOptions options;
  const Image once = recoloured(stained_cell(), options, 3);
  Image in_thread;
  std::thread([&] { in_thread = recoloured(stained_cell(), options, 3); }).join();
  EXPECT_EQ(once, in_thread);
  EXPECT_NE(once, recoloured(stained_cell(), options, 4));
}

TEST(VaryAppearance, AGainMultipliesTheDensityAboveTheCropsOwnGlass) {
  AppearanceOptions options = no_variation();
  options.stain_gain = 0.25;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Image cell = stained_cell();
    const Image out = recoloured(cell, options, seed);
    // The glass becomes white; what lies on it is as many times denser in all channels.
    EXPECT_EQ(out.at(1, 1), (Rgb{255, 255, 255}));
    const double gain = density(out.at(30, 24).g, 255) / density(cell.at(30, 24).g, 230);
    EXPECT_NEAR(density(out.at(30, 24).r, 255), gain * density(cell.at(30, 24).r, 240), 0.02);
    EXPECT_NEAR(density(out.at(16, 24).b, 255), gain * density(cell.at(16, 24).b, 220), 0.02);
  }
}

TEST(VaryAppearance, TheSameCellOnAnyGlassBecomesTheSameCrop) {
  AppearanceOptions options;
  options.blur_share = options.unsharp_share = options.noise_share = 0;
  Image on_dim = stained_cell();
  for (std::uint8_t& value : on_dim.pixels())
    value = static_cast<std::uint8_t>(std::lround(value * 0.8));
  const Image a = recoloured(stained_cell(), options, 5);
  const Image b = recoloured(on_dim, options, 5);
  for (std::size_t i = 0; i < a.pixels().size(); ++i)
    EXPECT_NEAR(a.pixels()[i], b.pixels()[i], 4) << i;
}

TEST(VaryAppearance, GlassIsDrawnWithinItsShare) {
  AppearanceOptions options = no_variation();
  options.glass = 0.14;
  std::set<int> seen;
  for (std::uint64_t seed = 0; seed < 200; ++seed)
    seen.insert(recoloured(stained_cell(), options, seed).at(1, 1).g);
  EXPECT_GE(*seen.begin(), static_cast<int>(255 * std::exp(-0.14)) - 1);
  EXPECT_LT(*seen.begin(), 226);
  EXPECT_GT(*seen.rbegin(), 252);
}

TEST(VaryAppearance, MixingLeavesAGreyStainGrey) {
  AppearanceOptions options = no_variation();
  options.stain_mixing = 0.13;
  Image image(32, 32, {200, 200, 200});
  for (int y = 8; y < 24; ++y)
    for (int x = 8; x < 24; ++x) std::fill_n(image.row(y) + 3 * x, 3, std::uint8_t{90});
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Rgb grey = recoloured(image, options, seed).at(16, 16);
    EXPECT_NEAR(grey.r, grey.g, 1) << seed;
    EXPECT_NEAR(grey.g, grey.b, 1) << seed;
  }
}

TEST(VaryAppearance, MixingTurnsAColouredStainsHue) {
  AppearanceOptions options = no_variation();
  options.stain_mixing = 0.13;
  double least = 1e9;
  double most = -1e9;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Rgb stain = recoloured(stained_cell(), options, seed).at(30, 24);
    const double hue = density(stain.g, 255) / density(stain.b, 255);
    least = std::min(least, hue);
    most = std::max(most, hue);
  }
  EXPECT_GT(most / least, 1.5);
}

/// Sum of squared differences of neighbours.
double detail_of(const Image& image) {
  double sum = 0;
  for (int y = 0; y < image.height(); ++y)
    for (int x = 1; x < image.width(); ++x)
      sum += std::pow(int{image.at(x, y).g} - int{image.at(x - 1, y).g}, 2);
  return sum;
}

TEST(VaryAppearance, BlursTheShareOfCropsThatItIsTold) {
  AppearanceOptions options = no_variation();
  options.blur_share = 0.6;
  int blurred = 0;
  const double sharp = detail_of(stained_cell());
  for (std::uint64_t seed = 0; seed < 300; ++seed)
    blurred += detail_of(recoloured(stained_cell(), options, seed)) < 0.9 * sharp ? 1 : 0;
  EXPECT_NEAR(blurred, 180, 35);
}

TEST(VaryAppearance, ABlurIsInMicrometresNotInPixels) {
  AppearanceOptions options = no_variation();
  options.blur_share = 1;
  options.blur_min_um = options.blur_max_um = 0.2;
  EXPECT_LT(detail_of(recoloured(stained_cell(), options, 1, 0.1)),
            0.8 * detail_of(recoloured(stained_cell(), options, 1, 0.25)));
}

TEST(VaryAppearance, UnsharpMaskingSharpensAndNoiseRoughens) {
  AppearanceOptions options = no_variation();
  options.unsharp_share = 1;
  EXPECT_GT(detail_of(recoloured(stained_cell(), options, 1)), 1.05 * detail_of(stained_cell()));
  options = no_variation();
  options.noise_share = 1;
  const Image noisy = recoloured(stained_cell(), options, 1);
  double sum = 0;
  double squares = 0;
  for (int x = 0; x < 48; ++x)
    for (int y = 0; y < 8; ++y) {
      const double difference = int{noisy.at(x, y).g} - 230;
      sum += difference / 384;
      squares += difference * difference / 384;
    }
  EXPECT_NEAR(sum, 0, 1);
  EXPECT_GT(squares, 0.01);
  EXPECT_LT(std::sqrt(squares), options.noise * 1.3);
}

TEST(VaryAppearance, AnEvenCropStaysEvenEvenWithoutLight) {
  AppearanceOptions options;
  options.noise_share = 0;
  for (const Rgb colour : {Rgb{0, 0, 0}, Rgb{255, 255, 255}, Rgb{1, 0, 255}})
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const Image out = recoloured(Image(16, 16, colour), options, seed);
      EXPECT_EQ(out, Image(16, 16, out.at(3, 5)));
    }
}

}  // namespace
}  // namespace cytocape
