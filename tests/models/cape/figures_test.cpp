#include "models/cape/figures.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace cytocape {
namespace {

/// Called 0, 1, 1, 0 for the truths 0, 1, 0, 0; class 2 is neither met nor called.
Probabilities four_cells() {
  return {3, {0.8, 0.1, 0.1, 0.2, 0.6, 0.2, 0.3, 0.4, 0.3, 0.5, 0.25, 0.25}, {0, 1, 0, 0}};
}

TEST(Figures, LeaveAClassThatWasNeverMetOutOfTheMacroF1) {
  // Class 0: 2 right, 3 met, 2 called; class 1: 1 right, 1 met, 2 called.
  EXPECT_DOUBLE_EQ(measure(four_cells()).macro_f1, (4.0 / 5 + 2.0 / 3) / 2);
}

TEST(Figures, BrierScoreIsTheSquaredDistanceToTheTruth) {
  const double by_hand =
      (0.04 + 0.01 + 0.01) + (0.04 + 0.16 + 0.04) + (0.49 + 0.16 + 0.09) + (0.25 + 0.0625 + 0.0625);
  EXPECT_NEAR(measure(four_cells()).brier, by_hand / 4, 1e-12);
}

TEST(Figures, OfNoCellAreZeroAndNotNaN) {
  const Figures figures = measure({.classes = 2, .value = {}, .labels = {}});
  EXPECT_EQ(figures.accuracy, 0);
  EXPECT_EQ(figures.macro_f1, 0);
  EXPECT_EQ(figures.ece, 0);
  EXPECT_EQ(figures.brier, 0);
}

TEST(Reliability, CountsACertainCallInTheLastBin) {
  const auto bins = reliability({2, {1, 0, 0.5, 0.5}, {0, 1}});
  EXPECT_EQ(bins.back().count, 1);
  EXPECT_EQ(bins.back().right, 1);
  EXPECT_DOUBLE_EQ(bins.back().mean_confidence, 1);
  EXPECT_EQ(bins[7].count, 1);
  EXPECT_EQ(bins[7].right, 0);
}

TEST(RiskCoverage, TakesTheSurestCallsFirst) {
  const auto curve = risk_coverage(four_cells());
  ASSERT_EQ(curve.size(), 4U);
  EXPECT_EQ(curve[2].risk, 0);
  EXPECT_DOUBLE_EQ(curve[2].coverage, 0.75);
  EXPECT_DOUBLE_EQ(curve[2].confidence, 0.5);
  EXPECT_DOUBLE_EQ(curve[3].risk, 0.25);
  EXPECT_DOUBLE_EQ(area_under(curve), 0.25 / 4);
}

TEST(RiskCoverage, LetsCallsOfEqualConfidenceInTogether) {
  // Nothing tells the wrong one of the first two from the right one.
  const auto curve = risk_coverage({2, {0.9, 0.1, 0.9, 0.1, 0.6, 0.4}, {0, 1, 0}});
  ASSERT_EQ(curve.size(), 2U);
  EXPECT_DOUBLE_EQ(curve[0].coverage, 2.0 / 3);
  EXPECT_DOUBLE_EQ(curve[0].risk, 0.5);
}

TEST(Bootstrap, SurroundsTheFiguresAndRepeatsItself) {
  Probabilities many{.classes = 2, .value = {}, .labels = {}};
  for (int i = 0; i < 200; ++i) {
    many.value.insert(many.value.end(), {0.8, 0.2});
    many.labels.push_back(i % 5 == 0 ? 1 : 0);
  }
  const Figures figures = measure(many);
  const auto intervals = bootstrap95(many, 1);
  EXPECT_LT(intervals.nll.low, figures.nll);
  EXPECT_GT(intervals.nll.high, figures.nll);
  EXPECT_LT(intervals.brier.low, figures.brier);
  EXPECT_GT(intervals.brier.high, figures.brier);
  EXPECT_LE(intervals.macro_f1.low, figures.macro_f1);
  EXPECT_GE(intervals.macro_f1.high, figures.macro_f1);
  // The mean of 200 coins of .2 has a standard error of .028; the Brier score moves by .6 of it.
  EXPECT_NEAR(intervals.brier.high - intervals.brier.low, 2 * 1.96 * 1.2 * 0.0283, 0.02);
  EXPECT_EQ(bootstrap95(many, 1).nll.low, intervals.nll.low);
  EXPECT_NE(bootstrap95(many, 2).nll.low, intervals.nll.low);
}

}  // namespace
}  // namespace cytocape
