#include "models/cape/explanation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace cytocape {
namespace {

/// Two crops, two classes, one row of two positions. Only the second crop is asked for.
ClassLogits example() {
  return {.count = 2,
          .classes = 2,
          .height = 1,
          .width = 2,
          .ordinary = {9, 9, 9, 9, 1, -2, -3, 4},
          .cape = {9, 9, 9, 9, 2, 0, 0, 1}};
}

TEST(Explanation, CamKeepsWhatSpeaksForTheClass) {
  EXPECT_EQ(cam_of(example(), 1, 0), (std::vector<double>{1, 0}));
  EXPECT_EQ(cam_of(example(), 1, 1), (std::vector<double>{0, 4}));
}

TEST(Explanation, CapeSumsToOneOverClassesAndPositions) {
  const auto map = cape_of(example(), 1, {});
  ASSERT_EQ(map.size(), 4U);
  EXPECT_NEAR(std::accumulate(map.begin(), map.end(), 0.0), 1, 1e-15);
  // W = (1, 0.5), so the first position has e / (e + sqrt e); its classes share it as softmax(2,
  // 0).
  const double share = std::exp(1.0) / (std::exp(1.0) + std::exp(0.5));
  EXPECT_NEAR(map[0], share / (1 + std::exp(-2.0)), 1e-15);
}

TEST(Explanation, MuCapeAddsClassAndPositionParts) {
  // M / exp(t1) + mean / exp(t2) with t1 = log 2, t2 = log 4.
  const auto map = mu_cape_of(example(), 1, 0, {std::log(2.0), std::log(4.0)});
  EXPECT_NEAR(map[0], 2 / 2.0 + 1 / 4.0, 1e-12);
  EXPECT_NEAR(map[1], 0 / 2.0 + 0.5 / 4.0, 1e-12);
}

TEST(Explanation, MuCapeIsNeverNegative) {
  auto logits = example();
  for (float& value : logits.cape) value = -1;
  EXPECT_EQ(mu_cape_of(logits, 1, 1, {}), (std::vector<double>{0, 0}));
}

}  // namespace
}  // namespace cytocape
