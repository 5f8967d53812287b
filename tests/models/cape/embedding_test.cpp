#include "models/cape/embedding.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace cytocape::detail {
namespace {

/// Around (1, 0, 0), varying along the second axis alone.
const EmbeddingStatistics kLine{.mean = {1, 0, 0}, .directions = {0, 1, 0}};

double strangeness_of(std::vector<float> embedding) {
  return strangeness(kLine, embedding);
}

TEST(Strangeness, IsTheShareOfTheSquaredDistanceOutsideTheDirections) {
  EXPECT_DOUBLE_EQ(strangeness_of({1, 3, 4}), 16.0 / 25);
  EXPECT_DOUBLE_EQ(strangeness_of({1, -7, 0}), 0);
  EXPECT_DOUBLE_EQ(strangeness_of({2, 0, -5}), 1);
}

TEST(Strangeness, HasNoScale) {
  EXPECT_DOUBLE_EQ(strangeness_of({1, 3, 4}), strangeness_of({1, 30, 40}));
}

TEST(Strangeness, IsAMultipleOfTheTrainingCells) {
  auto statistics = kLine;
  statistics.residual = 0.25;
  EXPECT_DOUBLE_EQ(strangeness(statistics, std::vector<float>{1, 3, 4}), 4 * 16.0 / 25);
}

TEST(Strangeness, OfTheMeanItselfIsNone) {
  EXPECT_EQ(strangeness_of({1, 0, 0}), 0);
}

TEST(Strangeness, OfDistancesGrowsWithTheCellsDistance) {
  auto statistics = kLine;
  statistics.kind = Residual::distance;
  statistics.residual = 4;
  EXPECT_DOUBLE_EQ(strangeness(statistics, std::vector<float>{1, 3, 4}), 16.0 / 4);
  EXPECT_DOUBLE_EQ(strangeness(statistics, std::vector<float>{1, 30, 40}), 1600.0 / 4);
  EXPECT_EQ(strangeness(statistics, std::vector<float>{1, 0, 0}), 0);
}

TEST(Strangeness, TakesEveryFeatureInWhateverTheirNumber) {
  for (const std::size_t features : {7U, 8U, 21U}) {
    EmbeddingStatistics statistics{.mean = std::vector<float>(features, 0),
                                   .directions = std::vector<float>(features, 0)};
    statistics.directions[features - 1] = 1;
    std::vector<float> embedding(features, 1);
    const auto count = static_cast<double>(features);
    EXPECT_DOUBLE_EQ(strangeness(statistics, embedding), (count - 1) / count);
  }
}

TEST(StrangeThreshold, OneInTwentyExceedsIt) {
  std::vector<double> values(100);
  std::iota(values.rbegin(), values.rend(), 1.0);
  EXPECT_EQ(strange_threshold(values), 95);
  EXPECT_EQ(strange_threshold({0.25}), 0.25);
}

// python3 -c "from scipy.stats import binom; print(binom.ppf(.999, 100, q))" with the Wilson limits
// q = .06289 of 960 cells, .07114 of 400, .05115 of 100000.
TEST(StrangeShareLimit, LeavesRoomForSmallValidationSplits) {
  EXPECT_DOUBLE_EQ(strange_share_limit(100000), 0.13);
  EXPECT_DOUBLE_EQ(strange_share_limit(960), 0.15);
  EXPECT_DOUBLE_EQ(strange_share_limit(400), 0.16);
}

// python3 -c "from scipy.stats import binom; print(binom.ppf(.999, cells, q))" with the least q
// whose limit of 100 cells is 16: .06701.
TEST(StrangeShareLimit, OfASmallSlideLeavesRoomForChance) {
  EXPECT_DOUBLE_EQ(strange_share_limit_of(0.16, 24), 6.0 / 24);
  EXPECT_DOUBLE_EQ(strange_share_limit_of(0.16, 5), 3.0 / 5);
  EXPECT_DOUBLE_EQ(strange_share_limit_of(0.16, 50), 10.0 / 50);
}

TEST(StrangeShareLimit, OfAHundredCellsAndMoreIsTheModels) {
  for (const std::size_t cells : {std::size_t{100}, std::size_t{250}, std::size_t{100000}})
    EXPECT_DOUBLE_EQ(strange_share_limit_of(0.16, cells), 0.16);
  EXPECT_DOUBLE_EQ(strange_share_limit_of(0.16, 0), 0.16);
}

}  // namespace
}  // namespace cytocape::detail
