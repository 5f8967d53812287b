#include "pipeline/statistics/method_comparison.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace cytocape {
namespace {

/// Peak flow of 17 people by two meters, l/min (Bland and Altman, Lancet 1986, table 1, first
/// readings).
std::vector<MeasuredPair> peak_flow() {
  constexpr std::array<double, 17> kWright{494, 395, 516, 434, 476, 557, 413, 442, 650,
                                           433, 417, 656, 267, 478, 178, 423, 427};
  constexpr std::array<double, 17> kMini{512, 430, 520, 428, 500, 600, 364, 380, 658,
                                         445, 432, 626, 260, 477, 259, 350, 451};
  std::vector<MeasuredPair> pairs;
  for (std::size_t i = 0; i < kWright.size(); ++i) pairs.push_back({kWright[i], kMini[i]});
  return pairs;
}

std::vector<MeasuredPair> swapped(std::vector<MeasuredPair> pairs) {
  for (auto& pair : pairs) std::swap(pair.reference, pair.measured);
  return pairs;
}

TEST(StudentT, AgreesWithPrintedTables) {
  EXPECT_NEAR(student_t95(1), 12.706, 0.0005);
  EXPECT_NEAR(student_t95(2), 4.303, 0.0005);
  EXPECT_NEAR(student_t95(3), 3.182, 0.0005);
  EXPECT_NEAR(student_t95(9), 2.262, 0.0005);
  EXPECT_NEAR(student_t95(30), 2.042, 0.0005);
  EXPECT_NEAR(student_t95(299), 1.968, 0.0005);
}

TEST(BlandAltmanLimits, AreThoseOfThePaper) {
  const auto found = bland_altman(peak_flow());
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->bias, 2.1, 0.05);
  EXPECT_NEAR(found->deviation, 38.8, 0.05);
  // The paper takes 2 deviations, not 1.96.
  EXPECT_NEAR(found->bias + 2 * found->deviation, 79.6, 0.1);
  EXPECT_NEAR(found->bias95.low, -17.814, 0.001);
  EXPECT_NEAR(found->limits.low, -73.861, 0.001);
  EXPECT_NEAR(found->low95.high, -73.861 + 34.756, 0.001);
  EXPECT_NEAR(found->high95.high, 78.096 + 34.756, 0.001);
}

TEST(BlandAltmanLimits, WantThreePairs) {
  EXPECT_FALSE(bland_altman({{1, 2}, {2, 3}}));
  EXPECT_TRUE(bland_altman({{1, 2}, {2, 3}, {4, 4}}));
}

/// Expected: the paper's definition in 20 lines of Python.
TEST(PassingBablokLine, AgreesWithTheDefinition) {
  const auto found = passing_bablok(peak_flow());
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->slope, 1.0648148, 1e-6);
  EXPECT_NEAR(found->slope95.low, 0.8370787, 1e-6);
  EXPECT_NEAR(found->slope95.high, 1.3968254, 1e-6);
  EXPECT_NEAR(found->intercept, -24.3055556, 1e-4);
  EXPECT_NEAR(found->intercept95.low, -178.0317460, 1e-4);
  EXPECT_NEAR(found->intercept95.high, 82.9382022, 1e-4);
}

TEST(PassingBablokLine, IsTheSameWhicheverMethodIsTheReference) {
  const auto one = passing_bablok(peak_flow());
  const auto other = passing_bablok(swapped(peak_flow()));
  ASSERT_TRUE(one && other);
  EXPECT_NEAR(other->slope, 1 / one->slope, 1e-3);
  EXPECT_NEAR(other->slope95.low, 1 / one->slope95.high, 1e-9);
  EXPECT_NEAR(other->slope95.high, 1 / one->slope95.low, 1e-9);
}

TEST(PassingBablokLine, FindsALineThatOutliersLeave) {
  std::vector<MeasuredPair> pairs;
  for (int i = 0; i < 20; ++i) pairs.push_back({1.0 * i, 2 + 1.5 * i});
  pairs.push_back({3, 90});
  const auto found = passing_bablok(pairs);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->slope, 1.5, 1e-12);
  EXPECT_NEAR(found->intercept, 2, 1e-12);
}

TEST(PassingBablokLine, IsNoneOfFewPairsAndOfAReferenceThatDoesNotVary) {
  auto pairs = peak_flow();
  pairs.resize(9);
  EXPECT_FALSE(passing_bablok(pairs));
  EXPECT_FALSE(passing_bablok(std::vector<MeasuredPair>(12, MeasuredPair{5, 6})));
  std::vector<MeasuredPair> upright;
  for (int i = 0; i < 12; ++i) upright.push_back({5, 1.0 * i});
  EXPECT_FALSE(passing_bablok(upright));
}

/// Expected: cohens_kappa of statsmodels 0.15.0.
TEST(CohenKappa, AgreesWithStatsmodels) {
  const auto found = cohen_kappa({{40, 5, 1}, {6, 30, 4}, {0, 3, 11}});
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->value, 0.6905537459, 1e-9);
  EXPECT_NEAR(found->interval.low, 0.5662817366, 1e-6);
  EXPECT_NEAR(found->interval.high, 0.8148257553, 1e-6);
  EXPECT_NEAR(found->agreement, 0.81, 1e-12);
}

TEST(CohenKappa, IsNoneOfFewSpecimensAndWhereThereIsOneCategoryOnly) {
  EXPECT_FALSE(cohen_kappa({{4, 1}, {1, 3}}));
  EXPECT_TRUE(cohen_kappa({{4, 1}, {2, 3}}));
  EXPECT_FALSE(cohen_kappa({{12, 0}, {0, 0}}));
  EXPECT_FALSE(cohen_kappa({{0, 0}, {0, 0}}));
  EXPECT_FALSE(cohen_kappa({}));
}

}  // namespace
}  // namespace cytocape
