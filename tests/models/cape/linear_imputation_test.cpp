#include "models/cape/linear_imputation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace cytocape {
namespace {

constexpr PictureShape kShape{24, 17};

std::size_t place(int x, int y) {
  return static_cast<std::size_t>(y * kShape.width + x);
}

/// Red rises to the right, green downwards, blue is even.
std::vector<std::uint8_t> slope() {
  std::vector<std::uint8_t> rgb;
  for (int y = 0; y < kShape.height; ++y)
    for (int x = 0; x < kShape.width; ++x)
      for (const int value : {10 * x, 15 * y, 77}) rgb.push_back(static_cast<std::uint8_t>(value));
  return rgb;
}

TEST(LinearImputation, FillsASlopeAsItWas) {
  const auto whole = slope();
  std::vector<std::uint8_t> kept(place(0, kShape.height), 1);
  auto holed = whole;
  for (int y = 3; y < 13; ++y)
    for (int x = 5; x < 20; ++x) {
      kept[place(x, y)] = 0;
      for (std::size_t c = 0; c < 3; ++c) holed[3 * place(x, y) + c] = 255;
    }
  impute_linearly(holed, kShape, kept, 0, 1);
  for (std::size_t i = 0; i < whole.size(); ++i)
    EXPECT_NEAR(int{holed[i]}, int{whole[i]}, 1) << "pixel " << i / 3;
}

TEST(LinearImputation, EveryMissingPixelIsTheWeightedMeanOfItsNeighboursAtTheEdgeToo) {
  // A column of every third pixel is known: most neighbours are unknown themselves.
  std::vector<std::uint8_t> rgb = slope();
  std::vector<std::uint8_t> kept(place(0, kShape.height), 0);
  for (std::size_t i = 0; i < kept.size(); i += 3) kept[i] = 1;
  impute_linearly(rgb, kShape, kept, 0, 1);
  const auto red = [&](int x, int y) { return double{1} * rgb[3 * place(x, y)]; };
  // The corner's three neighbours: 1/6, 1/6 and 1/12 of 5/12.
  ASSERT_EQ(kept[place(23, 16)] + kept[place(10, 8)], 0);
  EXPECT_NEAR(red(23, 16), (2 * red(22, 16) + 2 * red(23, 15) + red(22, 15)) / 5, 1);
  const double across = red(9, 7) + red(11, 7) + red(9, 9) + red(11, 9);
  const double beside = red(9, 8) + red(11, 8) + red(10, 7) + red(10, 9);
  EXPECT_NEAR(red(10, 8), (2 * beside + across) / 12, 1);
}

TEST(LinearImputation, LeavesWhatIsKeptAndAddsTheNoiseThatIsAskedFor) {
  std::vector<std::uint8_t> rgb(3 * place(0, kShape.height), 100);
  std::vector<std::uint8_t> kept(place(0, kShape.height), 0);
  for (std::size_t i = 0; i < kept.size(); i += 2) kept[i] = 1;
  auto again = rgb;
  impute_linearly(rgb, kShape, kept, 4, 7);
  double squares = 0;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (kept[i] != 0) {
      EXPECT_EQ(rgb[3 * i], 100);
      continue;
    }
    squares += std::pow(rgb[3 * i] - 100.0, 2) / (static_cast<double>(kept.size()) / 2);
  }
  EXPECT_NEAR(std::sqrt(squares), 4, 1);
  impute_linearly(again, kShape, kept, 4, 7);
  EXPECT_EQ(again, rgb);
}

TEST(LinearImputation, OfNothingIsTheMiddleGrey) {
  auto rgb = slope();
  const std::vector<std::uint8_t> kept(place(0, kShape.height), 0);
  impute_linearly(rgb, kShape, kept, 0, 1);
  EXPECT_EQ(rgb, std::vector<std::uint8_t>(rgb.size(), 128));
}

}  // namespace
}  // namespace cytocape
