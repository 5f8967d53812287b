#include "io/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace cytocape::detail {
namespace {

TEST(SplitMix64, GivesTheNumbersOfOtherImplementations) {
  // Of seed 1234567, as in the generator's collections of test values.
  SplitMix64 random(1234567);
  for (const std::uint64_t expected :
       {6457827717110365317ULL, 3203168211198807973ULL, 9817491932198370423ULL,
        4593380528125082431ULL, 16408922859458223821ULL})
    EXPECT_EQ(random.next(), expected);
}

struct Moments {
  double mean = 0;
  double variance = 0;
};

template <typename Draw>
Moments moments_of(const Draw& draw) {
  constexpr int kDraws = 200'000;
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double value = draw();
    sum += value;
    squares += value * value;
  }
  return {sum / kDraws, squares / kDraws - sum / kDraws * (sum / kDraws)};
}

TEST(SplitMix64, NormalDrawsHaveMeanZeroAndVarianceOne) {
  SplitMix64 random(1);
  const Moments normal = moments_of([&] { return random.normal(); });
  EXPECT_NEAR(normal.mean, 0, 0.01);
  EXPECT_NEAR(normal.variance, 1, 0.015);
}

TEST(SplitMix64, GammaDrawsHaveTheirShapeAsMeanAndVariance) {
  for (const double shape : {0.1, 0.9, 1.0, 30.5}) {
    SplitMix64 random(2);
    const Moments gamma = moments_of([&] { return random.gamma(shape); });
    EXPECT_NEAR(gamma.mean, shape, 0.02 * std::max(1.0, shape)) << shape;
    EXPECT_NEAR(gamma.variance, shape, 0.03 * std::max(1.0, shape)) << shape;
  }
}

TEST(SplitMix64, DrawsBelowABoundReachAllOfItAlike) {
  SplitMix64 random(3);
  std::vector<int> seen(7);
  for (int i = 0; i < 70'000; ++i) ++seen.at(random.below(7));
  for (const int count : seen) EXPECT_NEAR(count, 10'000, 400);
}

TEST(MixSeed, OtherPartsAndOtherSeedsGiveOtherStreams) {
  EXPECT_NE(mix_seed(1, 2), mix_seed(2, 1));
  EXPECT_NE(mix_seed(1, 2), mix_seed(1, 3));
  EXPECT_EQ(mix_seed(1, 2), mix_seed(1, 2));
}

}  // namespace
}  // namespace cytocape::detail
