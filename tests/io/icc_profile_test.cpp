/// Colours of a slide with an ICC profile, in whatever file it stands, against arithmetic by hand.

#include "io/icc_profile.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <lcms2.h>
#include <vips/vips.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <thread>

#include "io/errors.hpp"
#include "io/image_codec.hpp"
#include "tests/io/tiled_slide.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using testing::TempDir;

constexpr double kGamma = 2.2;

std::string saved(cmsHPROFILE profile) {
  cmsUInt32Number size = 0;
  cmsSaveProfileToMem(profile, nullptr, &size);
  std::string bytes(size, '\0');
  cmsSaveProfileToMem(profile, bytes.data(), &size);
  cmsCloseProfile(profile);
  return bytes;
}

/// Primaries of Adobe RGB (1998), white D65, gamma 2.2.
std::string wide_profile() {
  const cmsCIExyY white{0.3127, 0.3290, 1};
  const cmsCIExyYTRIPLE primaries{{0.64, 0.33, 1}, {0.21, 0.71, 1}, {0.15, 0.06, 1}};
  auto* curve = cmsBuildGamma(nullptr, kGamma);
  std::array<cmsToneCurve*, 3> curves{curve, curve, curve};
  auto bytes = saved(cmsCreateRGBProfile(&white, &primaries, curves.data()));
  cmsFreeToneCurve(curve);
  return bytes;
}

int srgb_of(double light) {
  light = std::clamp(light, 0.0, 1.0);
  const double value =
      light <= 0.0031308 ? 12.92 * light : 1.055 * std::pow(light, 1 / 2.4) - 0.055;
  return static_cast<int>(std::lround(255 * value));
}

/// Adobe RGB to sRGB, both of white D65, by the matrix between their primaries.
std::array<int, 3> by_hand(const Rgb& p) {
  const double r = std::pow(p.r / 255.0, kGamma);
  const double g = std::pow(p.g / 255.0, kGamma);
  const double b = std::pow(p.b / 255.0, kGamma);
  return {srgb_of(1.39836 * r - 0.39836 * g), srgb_of(g), srgb_of(-0.04293 * g + 1.04293 * b)};
}

const Image& picture() {
  static const Image image = testing::waves(200, 130);
  return image;
}

void expect_mapped(const Image& image) {
  ASSERT_EQ(image.width(), picture().width());
  for (int y = 0; y < image.height(); y += 7) {
    for (int x = 0; x < image.width(); x += 5) {
      const auto expected = by_hand(picture().at(x, y));
      const auto found = image.at(x, y);
      ASSERT_NEAR(found.r, expected[0], 2) << x << ", " << y;
      ASSERT_NEAR(found.g, expected[1], 2) << x << ", " << y;
      ASSERT_NEAR(found.b, expected[2], 2) << x << ", " << y;
    }
  }
}

fs::path tiled_with(const fs::path& path, const std::string& profile) {
  const testing::TiledKind kind{.jpeg = false, .colours = {}};
  const auto at = testing::make_tiled({{picture(), {}, {{34675, {0}, 1, 7}}}}, kind).bytes.size();
  const auto made =
      testing::make_tiled({{picture(), {}, {{34675, {at}, profile.size(), 7}}}}, kind);
  return testing::write_bytes(path, made.bytes + profile);
}

fs::path png_with(const fs::path& path, const std::string& profile) {
  auto pixels = picture();
  start_image_libraries();
  VipsImage* image =
      vips_image_new_from_memory(pixels.pixels().data(), pixels.pixels().size(), pixels.width(),
                                 pixels.height(), 3, VIPS_FORMAT_UCHAR);
  image->Type = VIPS_INTERPRETATION_sRGB;
  vips_image_set_blob_copy(image, VIPS_META_ICC_NAME, profile.data(), profile.size());
  EXPECT_EQ(vips_pngsave(image, path.c_str(), nullptr), 0) << vips_error_buffer();
  g_object_unref(image);
  return path;
}

std::unique_ptr<Slide> open(const fs::path& path, const std::string& reader = {},
                            IccUse use = IccUse::apply) {
  return Slide::open(path, {.mpp = Mpp{0.25, 0.5}, .reader = reader, .icc = use});
}

Image whole(const Slide& slide) {
  return slide.read(0, {0, 0, picture().width(), picture().height()});
}

TEST(IccProfile, IsAppliedByEveryReaderAndRecorded) {
  const TempDir folder;
  const auto tiled = tiled_with(folder / "a.tif", wide_profile());
  const auto png = png_with(folder / "a.png", wide_profile());
  for (const auto& [path, reader] :
       {std::pair{tiled, "tiff"}, {tiled, "openslide"}, {tiled, "libvips"}, {png, "libvips"}}) {
    SCOPED_TRACE(path.string() + " by " + reader);
    const auto slide = open(path, reader);
    EXPECT_EQ(slide->info().reader, reader);
    EXPECT_THAT(slide->info().icc, StartsWith("applied: "));
    expect_mapped(whole(*slide));
    const LevelRect part{33, 21, 50, 40};
    EXPECT_EQ(slide->read(0, part), testing::crop(whole(*slide), part));
    EXPECT_EQ(slide->read(0, {500, 500, 2, 2}), Image(2, 2)) << "background stays white";
  }
  expect_mapped(read_image(png));
}

TEST(IccProfile, IsIgnoredWhereASettingSaysSo) {
  const TempDir folder;
  const auto slide = open(tiled_with(folder / "a.tif", wide_profile()), "", IccUse::ignore);
  EXPECT_EQ(whole(*slide), picture());
  EXPECT_THAT(slide->info().icc, StartsWith("ignored: "));
}

TEST(IccProfile, OfSrgbChangesNothing) {
  const TempDir folder;
  const auto slide = open(tiled_with(folder / "a.tif", saved(cmsCreate_sRGBProfile())));
  EXPECT_EQ(whole(*slide), picture());
  EXPECT_THAT(slide->info().icc, StartsWith("sRGB: "));
  EXPECT_THAT(slide->info().notices, IsEmpty());
}

TEST(IccProfile, ThatCannotBeUsedIsSaidAndChangesNothing) {
  const TempDir folder;
  auto* linear = cmsBuildGamma(nullptr, 1);
  const cmsCIExyY white{0.3127, 0.3290, 1};
  const auto grey = saved(cmsCreateGrayProfile(&white, linear));
  cmsFreeToneCurve(linear);
  auto cut = wide_profile();
  cut.resize(cut.size() / 3);
  for (const auto& [profile, why] : {std::pair{grey, "is none of RGB pictures"},
                                     {cut, "is damaged"},
                                     {std::string(200, '?'), "is damaged"}}) {
    const auto slide = open(tiled_with(folder / "a.tif", profile));
    EXPECT_EQ(whole(*slide), picture());
    EXPECT_EQ(slide->info().icc, std::string("not applied: it ") + why);
    EXPECT_THAT(slide->info().notices, ElementsAre(HasSubstr(why)));
  }
}

TEST(IccProfile, IsAppliedInManyThreadsAlike) {
  const TempDir folder;
  const auto slide = open(tiled_with(folder / "a.tif", wide_profile()));
  const auto all = whole(*slide);
  std::atomic<int> wrong = 0;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        const LevelRect rect{(t * 31 + i * 7) % 100, (t * 17 + i * 5) % 60, 90, 60};
        if (slide->read(0, rect) != testing::crop(all, rect)) ++wrong;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace cytocape
