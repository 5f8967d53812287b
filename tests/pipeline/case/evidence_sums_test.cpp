#include "pipeline/case/evidence_sums.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <random>

namespace cytocape {
namespace {

constexpr int kClasses = 3;
constexpr int kHeight = 2;
constexpr int kWidth = 4;

SlideInfo slide_of(std::int64_t width, std::int64_t height) {
  SlideInfo info;
  info.levels = {SlideLevel{.size = {width, height}}};
  info.mpp = {0.25, 0.5};
  return info;
}

std::vector<double> random_map(std::mt19937_64& random) {
  std::vector<double> map(kClasses * kHeight * kWidth);
  std::uniform_real_distribution<double> uniform(0, 1);
  for (auto& value : map) value = uniform(random);
  const double sum = std::accumulate(map.begin(), map.end(), 0.0);
  for (auto& value : map) value /= sum;
  return map;
}

TEST(EvidenceSums, EachShareGoesToTheSquareThatHoldsItsPatch) {
  // A crop of 10 um spans 40 x 20 level-0 pixels; its 4 x 2 patches are 10 x 10 pixels.
  EvidenceSums sums(slide_of(100, 50), {.input_px = 10, .mpp = 1}, kClasses, 10);
  std::vector<double> map(kClasses * kHeight * kWidth);
  map[1 * kHeight * kWidth + 0 * kWidth + 3] = 1;  // class 1, top right patch
  sums.add({.x = 50, .y = 25}, map, kHeight, kWidth);
  const auto grid = sums.mean(1);
  EXPECT_EQ(grid.edge, 10);
  EXPECT_EQ(grid.width, 10);
  EXPECT_EQ(grid.height, 5);
  // The patch's centre: x = 50 + 15, y = 25 - 5.
  EXPECT_EQ(grid.value[static_cast<std::size_t>((1 * 5 + 2) * 10 + 6)], 1.0);
  EXPECT_EQ(std::accumulate(grid.value.begin(), grid.value.end(), 0.0), 1.0);
}

TEST(EvidenceSums, AnyRectangleHoldsTheSharesOfTheCellsInIt) {
  std::mt19937_64 random(5);
  const auto info = slide_of(4000, 1500);
  const CropSpec crop{.input_px = 32, .mpp = 0.4};
  EvidenceSums sums(info, crop, kClasses, 64);
  std::uniform_real_distribution<double> x(0, 4000);
  std::uniform_real_distribution<double> y(0, 1500);
  struct Share {
    double x, y, value;
    int class_index;
  };
  std::vector<Share> shares;
  constexpr int kCells = 500;
  for (int k = 0; k < kCells; ++k) {
    const Level0Point centre{x(random), y(random)};
    const auto map = random_map(random);
    sums.add(centre, map, kHeight, kWidth);
    for (int c = 0; c < kClasses; ++c)
      for (int i = 0; i < kHeight; ++i)
        for (int j = 0; j < kWidth; ++j)
          shares.push_back({centre.x + ((j + 0.5) / kWidth - 0.5) * 32 * 0.4 / 0.25,
                            centre.y + ((i + 0.5) / kHeight - 0.5) * 32 * 0.4 / 0.5,
                            map[static_cast<std::size_t>((c * kHeight + i) * kWidth + j)] / kCells,
                            c});
  }
  const auto grid = sums.mean(kCells);
  const auto index = [&](double position, int count) {
    return std::clamp(static_cast<int>(std::floor(position / static_cast<double>(grid.edge))), 0,
                      count - 1);
  };
  for (int trial = 0; trial < 50; ++trial) {
    const int x0 = static_cast<int>(random() % static_cast<unsigned>(grid.width));
    const int x1 = x0 + static_cast<int>(random() % static_cast<unsigned>(grid.width - x0));
    const int y0 = static_cast<int>(random() % static_cast<unsigned>(grid.height));
    const int y1 = y0 + static_cast<int>(random() % static_cast<unsigned>(grid.height - y0));
    const int c = trial % kClasses;
    double from_grid = 0;
    for (int row = y0; row <= y1; ++row)
      for (int column = x0; column <= x1; ++column)
        from_grid +=
            grid.value[static_cast<std::size_t>((c * grid.height + row) * grid.width + column)];
    double from_cells = 0;
    for (const auto& share : shares) {
      const int column = index(share.x, grid.width);
      const int row = index(share.y, grid.height);
      if (share.class_index == c && column >= x0 && column <= x1 && row >= y0 && row <= y1)
        from_cells += share.value;
    }
    EXPECT_NEAR(from_grid, from_cells, 1e-9);
  }
}

TEST(EvidenceSums, SharesBeyondTheSlideAreNotLost) {
  EvidenceSums sums(slide_of(100, 50), {.input_px = 10, .mpp = 1}, kClasses, 10);
  std::mt19937_64 random(9);
  sums.add({.x = 1, .y = 49}, random_map(random), kHeight, kWidth);
  const auto grid = sums.mean(1);
  EXPECT_NEAR(std::accumulate(grid.value.begin(), grid.value.end(), 0.0), 1.0, 1e-12);
}

TEST(EvidenceSums, NoCellsGiveZeroAndNotNan) {
  const EvidenceSums sums(slide_of(100, 50), {.input_px = 10, .mpp = 1}, kClasses, 10);
  for (const auto value : sums.mean(0).value) EXPECT_EQ(value, 0.0);
}

}  // namespace
}  // namespace cytocape
