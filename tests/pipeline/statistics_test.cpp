#include "pipeline/statistics.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <numeric>

namespace cytocape {
namespace {

struct WilsonCase {
  std::uint64_t count;
  std::uint64_t total;
  double low_percent;
  double high_percent;
};

/// Percentages as printed in tables of the Wilson interval, to one decimal.
class Wilson : public ::testing::TestWithParam<WilsonCase> {};

TEST_P(Wilson, AgreesWithPublishedTables) {
  const auto& expected = GetParam();
  const auto interval = wilson95(expected.count, expected.total);
  ASSERT_TRUE(interval.has_value());
  EXPECT_NEAR(100 * interval->low, expected.low_percent, 0.05);
  EXPECT_NEAR(100 * interval->high, expected.high_percent, 0.05);
}

INSTANTIATE_TEST_SUITE_P(
    CountsOfADifferential, Wilson,
    ::testing::Values(WilsonCase{5, 100, 2.2, 11.2}, WilsonCase{10, 100, 5.5, 17.4},
                      WilsonCase{20, 100, 13.3, 28.9}, WilsonCase{10, 200, 2.7, 9.0},
                      WilsonCase{20, 200, 6.6, 14.9}, WilsonCase{40, 200, 15.0, 26.1},
                      WilsonCase{25, 500, 3.4, 7.3}, WilsonCase{50, 500, 7.7, 12.9},
                      WilsonCase{100, 500, 16.7, 23.7}, WilsonCase{50, 1000, 3.8, 6.5},
                      WilsonCase{100, 1000, 8.3, 12.0}, WilsonCase{200, 1000, 17.6, 22.6}),
    [](const auto& test) { return fmt::format("{}Of{}", test.param.count, test.param.total); });

TEST(Wilson95, NothingCountedHasNoInterval) {
  EXPECT_FALSE(wilson95(0, 0).has_value());
}

TEST(Wilson95, NoneOfManyStartsAtZeroAndStaysAboveIt) {
  const auto interval = wilson95(0, 100);
  ASSERT_TRUE(interval.has_value());
  EXPECT_EQ(interval->low, 0.0);
  EXPECT_GT(interval->high, 0.0);
}

TEST(CorrectedFractions, AKnownMixtureIsRecovered) {
  // 30 % of a, 70 % of b; a is called b in 10 %, b is called a in 20 %.
  const std::vector<std::vector<std::int64_t>> confusion = {{90, 10}, {20, 80}};
  const auto corrected = corrected_fractions({410, 590}, confusion);
  ASSERT_EQ(corrected.size(), 2U);
  EXPECT_NEAR(corrected[0], 0.3, 1e-6);
  EXPECT_NEAR(corrected[1], 0.7, 1e-6);
}

TEST(CorrectedFractions, AnImpossibleCountStaysAFraction) {
  // Fewer calls of a than b's errors alone would make: the answer is none of a, not less than none.
  const auto corrected = corrected_fractions({10, 990}, {{90, 10}, {20, 80}});
  ASSERT_EQ(corrected.size(), 2U);
  EXPECT_NEAR(corrected[0], 0.0, 1e-3);
  EXPECT_NEAR(std::accumulate(corrected.begin(), corrected.end(), 0.0), 1.0, 1e-12);
}

TEST(CorrectedFractions, WithoutValidationOfAClassThereIsNone) {
  EXPECT_TRUE(corrected_fractions({1, 1}, {{5, 1}, {0, 0}}).empty());
  EXPECT_TRUE(corrected_fractions({1, 1}, {}).empty());
  EXPECT_TRUE(corrected_fractions({0, 0}, {{5, 1}, {1, 5}}).empty());
}

}  // namespace
}  // namespace cytocape
