#include "tiling/locate_grid.hpp"

#include <gtest/gtest.h>

#include "io/errors.hpp"
#include "memory_slide.hpp"

namespace cytocape {
namespace {

SlideInfo pyramid(Mpp mpp) {
  SlideInfo slide;
  slide.path = "slide.svs";
  slide.levels = {
      {{8000, 6000}, {1, 1}, {}}, {{2000, 1500}, {4, 4}, {}}, {{500, 375}, {16, 16}, {}}};
  slide.mpp = mpp;
  return slide;
}

TEST(LocateGrid, TakesTheCoarsestLevelAndWholeFactorsNotCoarserThanTheTarget) {
  const LocateScale scale = choose_locate_scale(pyramid({0.25, 0.1}), 1.0);
  EXPECT_EQ(scale.level, 1);
  EXPECT_EQ(scale.shrink_x, 1);
  EXPECT_EQ(scale.shrink_y, 2);
  EXPECT_DOUBLE_EQ(scale.mpp.x, 1.0);
  EXPECT_DOUBLE_EQ(scale.mpp.y, 0.8);
  EXPECT_EQ(scale.to_level0, (Downsample{4, 8}));
  EXPECT_EQ(scale.size, (Size{2000, 750}));
}

TEST(LocateGrid, ALevelThatIsTooCoarseOnOneAxisIsNotRead) {
  EXPECT_EQ(choose_locate_scale(pyramid({0.2, 0.3}), 1.0).level, 0);
}

TEST(LocateGrid, ACoarseSlideIsReadAsItIs) {
  const LocateScale scale = choose_locate_scale(pyramid({1.5, 1.2}), 1.0);
  EXPECT_EQ(scale.level, 0);
  EXPECT_EQ(scale.shrink_x * scale.shrink_y, 1);
}

TEST(LocateGrid, RefusesASlideTooCoarseToTellCellsApart) {
  EXPECT_THROW((void)choose_locate_scale(pyramid({0.5, 1.7}), 1.0), SlideError);
}

TEST(LocateGrid, AveragesWholePixelsAndOfPartialOnesWhatLiesOnTheSlide) {
  Image image(5, 3, {10, 10, 10});
  for (int y = 0; y < 3; ++y) image.row(y)[3 * 4] = 90;  // red of the last column
  const testing::MemorySlide slide(image, {0.5, 0.5});
  const LocateScale scale = choose_locate_scale(slide.info(), 1.0);
  const Image got = read_locate(slide, scale, {0, 0, 4, 2});
  EXPECT_EQ(got.at(0, 0), (Rgb{10, 10, 10}));
  EXPECT_EQ(got.at(2, 1), (Rgb{90, 10, 10}));
  EXPECT_EQ(got.at(3, 0), (Rgb{255, 255, 255}));
}

/// Shrinks as a codec would that takes means, and tells by how much it was asked to.
class ShrinkingSlide : public testing::MemorySlide {
 public:
  using MemorySlide::MemorySlide;
  [[nodiscard]] int largest_reduction(int) const override { return 8; }
  [[nodiscard]] Image read_reduced(int level, int factor, const LevelRect& rect) const override {
    asked_ = factor;
    Image out(static_cast<int>(rect.width), static_cast<int>(rect.height));
    for (int y = 0; y < out.height(); ++y) {
      for (int x = 0; x < out.width(); ++x) {
        const auto square =
            read(level, {(rect.x + x) * factor, (rect.y + y) * factor, factor, factor});
        unsigned sum = 0;
        for (std::size_t i = 0; i < square.pixels().size(); i += 3) sum += square.pixels()[i];
        const auto count = static_cast<unsigned>(factor * factor);
        for (std::size_t c = 0; c < 3; ++c)
          out.row(y)[3 * static_cast<std::size_t>(x) + c] =
              static_cast<std::uint8_t>((sum + count / 2) / count);
      }
    }
    return out;
  }
  mutable int asked_ = 0;
};

TEST(LocateGrid, LetsTheCodecShrinkByWhatDividesBothFactors) {
  Image image(240, 120);
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x)
      for (int c = 0; c < 3; ++c)
        image.row(y)[3 * x + c] = static_cast<std::uint8_t>((x / 12 * 37 + y / 12 * 11) % 251);
  const ShrinkingSlide slide(image, {0.1, 0.1});
  const struct {
    int shrink_x, shrink_y, by_codec;
  } cases[] = {{8, 8, 8}, {4, 8, 4}, {12, 4, 4}, {2, 2, 1}, {3, 8, 1}, {6, 6, 1}};
  for (const auto& c : cases) {
    LocateScale scale = choose_locate_scale(slide.info(), 1.0);
    scale.shrink_x = c.shrink_x;
    scale.shrink_y = c.shrink_y;
    const auto got = read_locate(slide, scale, {0, 0, 240 / c.shrink_x, 120 / c.shrink_y});
    EXPECT_EQ(slide.asked_, c.by_codec) << c.shrink_x << " x " << c.shrink_y;
    // All of its squares of 12 pixels are of one colour each.
    if (c.shrink_x == 12) {
      EXPECT_EQ(got.at(3, 5), image.at(40, 22));
    }
  }
}

TEST(LocateGrid, AWindowIsTheSamePixelsWhereverItStarts) {
  Image image(97, 61);
  for (std::size_t i = 0; i < image.pixels().size(); ++i)
    image.pixels()[i] = static_cast<std::uint8_t>(i * i * 31 % 251);
  const testing::MemorySlide slide(image, {0.3, 0.2});
  const LocateScale scale = choose_locate_scale(slide.info(), 1.0);
  const Image whole = read_locate(slide, scale, {0, 0, scale.size.width, scale.size.height});
  const Image part = read_locate(slide, scale, {7, 3, 11, 5});
  for (int y = 0; y < 5; ++y)
    for (int x = 0; x < 11; ++x) EXPECT_EQ(part.at(x, y), whole.at(x + 7, y + 3));
}

TEST(LocateGrid, PositionsScaleByEachAxis) {
  const LocateScale scale = choose_locate_scale(pyramid({0.25, 0.1}), 1.0);
  EXPECT_EQ(to_level0(scale, 10.5, 10.5), (Level0Point{42, 84}));
  EXPECT_EQ(to_level0(scale, LocateRect{10, 10, 2, 3}), (Level0Rect{40, 80, 8, 24}));
}

}  // namespace
}  // namespace cytocape
