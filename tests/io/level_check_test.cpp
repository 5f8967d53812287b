/// Coarser levels that show something else than the finest are not used, and said; levels that
/// differ as those of honest writers do stay.

#include "io/level_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/io/tiled_slide.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int kWide = 800;
constexpr int kHigh = 600;
constexpr int kFactor = 4;

/// Dark discs of 36 pixels on light ground, irregularly placed.
std::uint8_t shade_at(double x, double y) {
  for (int j = -1; j <= 1; ++j) {
    for (int i = -1; i <= 1; ++i) {
      const double column = std::floor(x / 90) + i;
      const double row = std::floor(y / 80) + j;
      const double dx = x - (column * 90 + 20 * std::sin(row * 3 + column));
      const double dy = y - (row * 80 + 20 * std::cos(column * 5 + row));
      if (dx * dx + dy * dy < 18 * 18) return 60;
    }
  }
  return 230;
}

template <class Shade>
Image picture_of(int width, int height, const Shade& shade) {
  Image out(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const std::uint8_t level = shade(x, y);
      for (int c = 0; c < 3; ++c) out.row(y)[3 * x + c] = level;
    }
  }
  return out;
}

/// As of a slide whose stain is pale.
std::uint8_t pale(std::uint8_t shade) {
  return static_cast<std::uint8_t>(230 - (230 - shade) / 4);
}

struct Coarse {
  const char* name;
  /// Of pixel (x, y) of a level of a fourth of the edges.
  std::uint8_t (*shade)(int x, int y);
  const char* notice = "";  ///< empty where the level is used
};

void PrintTo(const Coarse& coarse, std::ostream* out) {
  *out << coarse.name;
}

std::uint8_t mean_at(int x, int y) {
  unsigned sum = 0;
  for (int j = 0; j < kFactor; ++j) {
    for (int i = 0; i < kFactor; ++i) sum += shade_at(x * kFactor + i, y * kFactor + j);
  }
  return static_cast<std::uint8_t>(sum / (kFactor * kFactor));
}

const Coarse kCoarse[] = {
    {"Averaged", mean_at},
    {"EveryFourthPixel", [](int x, int y) { return shade_at(x * kFactor, y * kFactor); }},
    {"LastOfFourPixels", [](int x, int y) { return shade_at(x * kFactor + 3, y * kFactor + 3); }},
    {"MovedByAPixel", [](int x, int y) { return mean_at(x - 1, y + 1); }},
    {"Brighter", [](int x, int y) { return static_cast<std::uint8_t>(mean_at(x, y) + 20); }},
    {"MovedByTwoPixels", [](int x, int y) { return mean_at(x - 2, y); },
     "lies beside the next finer one, 2 pixels to the right and 0 down"},
    {"MovedBySixPixels", [](int x, int y) { return mean_at(x, y + 6); },
     "lies beside the next finer one, 0 pixels to the right and -6 down"},
    {"HalfWhite",
     [](int x, int y) { return x < kWide / kFactor / 2 ? mean_at(x, y) : std::uint8_t{255}; },
     "shows something else than the next finer one"},
    {"Black", [](int, int) { return std::uint8_t{0}; }, "shows something else"},
    {"OfAnotherPicture", [](int x, int y) { return mean_at(2 * x + 77, 2 * y); },
     "shows something else"},
    {"ACutOut", [](int x, int y) { return shade_at(x + 300, y + 200); }, "shows something else"},
};

/// Levels of the pale picture: no difference reaches the limit of a dark one.
const Coarse kPaleCoarse[] = {
    {"Averaged", [](int x, int y) { return pale(mean_at(x, y)); }},
    {"EveryFourthPixel", [](int x, int y) { return pale(shade_at(x * kFactor, y * kFactor)); }},
    {"MovedByAPixel", [](int x, int y) { return pale(mean_at(x - 1, y + 1)); }},
    {"Brighter", [](int x, int y) { return static_cast<std::uint8_t>(pale(mean_at(x, y)) + 20); }},
    {"Blank", [](int, int) { return std::uint8_t{230}; }, "shows something else"},
    {"HalfBlank",
     [](int x, int y) { return x < kWide / kFactor / 2 ? pale(mean_at(x, y)) : std::uint8_t{230}; },
     "shows something else"},
    {"MovedByTwelvePixels", [](int x, int y) { return pale(mean_at(x - 12, y)); },
     "shows something else"},
    {"Mirrored", [](int x, int y) { return pale(mean_at(kWide / kFactor - 1 - x, y)); },
     "shows something else"},
};

class LevelCheck : public ::testing::TestWithParam<Coarse> {};

/// A slide of three levels, the middle one `coarse`'s.
void check(const Coarse& param, std::uint8_t (*shown)(std::uint8_t)) {
  const testing::TempDir folder;
  const auto finest = picture_of(kWide, kHigh, [&](int x, int y) { return shown(shade_at(x, y)); });
  const auto coarse = picture_of(kWide / kFactor, kHigh / kFactor, param.shade);
  const auto right = picture_of(kWide / 16, kHigh / 16,
                                [&](int x, int y) { return shown(mean_at(x * 4 + 1, y * 4 + 1)); });
  const auto made = testing::make_tiled({{finest, {}, {}}, {coarse, {}, {}}, {right, {}, {}}},
                                        {.jpeg = false, .colours = {}});
  const auto slide = Slide::open(testing::write_bytes(folder / "a.tif", made.bytes));
  const auto& info = slide->info();
  const std::string notice = param.notice;
  if (notice.empty()) {
    EXPECT_THAT(info.notices, IsEmpty());
    ASSERT_EQ(info.levels.size(), 3U);
    EXPECT_EQ(slide->read(1, {0, 0, 50, 40}), testing::crop(coarse, {0, 0, 50, 40}));
    return;
  }
  EXPECT_THAT(info.notices, ElementsAre(HasSubstr("that of 200 x 150 pixels " + notice)));
  ASSERT_EQ(info.levels.size(), 2U);
  EXPECT_EQ(info.levels[1].size, (Size{50, 37}));
  EXPECT_EQ(slide->read(1, {0, 0, 50, 37}), right);
}

TEST_P(LevelCheck, UsesALevelThatShowsWhatTheFinestDoesAndNamesAnyOther) {
  check(GetParam(), [](std::uint8_t shade) { return shade; });
}

class PaleLevelCheck : public ::testing::TestWithParam<Coarse> {};

TEST_P(PaleLevelCheck, UsesALevelThatShowsWhatTheFinestDoesAndNamesAnyOther) {
  check(GetParam(), pale);
}

INSTANTIATE_TEST_SUITE_P(Each, PaleLevelCheck, ::testing::ValuesIn(kPaleCoarse),
                         [](const auto& test) { return std::string(test.param.name); });

INSTANTIATE_TEST_SUITE_P(Each, LevelCheck, ::testing::ValuesIn(kCoarse),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace cytocape
