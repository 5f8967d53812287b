#include "tiling/resample.hpp"

#include <gtest/gtest.h>

namespace cytocape {
namespace {

/// One row of grey values, `height` times.
Image grey_rows(const std::vector<int>& row, int height) {
  Image image(static_cast<int>(row.size()), height);
  for (int y = 0; y < height; ++y)
    for (std::size_t i = 0; i < image.stride(); ++i)
      image.row(y)[i] = static_cast<std::uint8_t>(row[i / 3]);
  return image;
}

TEST(Resampler, ShrinksToTheMeanOfWhatEachPixelCovers) {
  const Resampler resampler({.begin = 0, .step = 2.5, .count = 2},
                            {.begin = 0, .step = 1, .count = 1});
  const Image out = resampler.apply(grey_rows({10, 20, 30, 40, 50}, 1));
  EXPECT_EQ(out, grey_rows({18, 42}, 1));
}

TEST(Resampler, EnlargesBetweenTheCentresOfPixels) {
  const Resampler resampler({.begin = 1, .step = 0.5, .count = 4},
                            {.begin = 0, .step = 1, .count = 1});
  EXPECT_EQ(resampler.source().x, 0) << "half a pixel before the first";
  EXPECT_EQ(resampler.source().width, 4);
  EXPECT_EQ(resampler.apply(grey_rows({0, 40, 80, 120}, 1)), grey_rows({30, 50, 70, 90}, 1));
}

TEST(Resampler, TakesEachAxisByItsOwnStep) {
  const Resampler resampler({.begin = 3, .step = 1, .count = 3},
                            {.begin = -1, .step = 2, .count = 2});
  const auto source = resampler.source();
  EXPECT_EQ(source.x, 3);
  EXPECT_EQ(source.y, -1);
  EXPECT_EQ(source.width, 3);
  EXPECT_EQ(source.height, 4);
  EXPECT_EQ(resampler.apply(grey_rows({7, 8, 9}, 4)), grey_rows({7, 8, 9}, 2));
}

TEST(Resampler, RoundsToTheNearest) {
  const Resampler resampler({.begin = 0, .step = 4, .count = 2},
                            {.begin = 0, .step = 1, .count = 1});
  EXPECT_EQ(resampler.apply(grey_rows({0, 0, 0, 1, 1, 1, 1, 0}, 1)), grey_rows({0, 1}, 1));
}

}  // namespace
}  // namespace cytocape
