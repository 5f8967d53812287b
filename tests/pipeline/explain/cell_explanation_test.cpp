/// The numbers of an explanation: shares, sums, scales and their rounding.

#include "pipeline/explain/cell_explanation.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "pipeline/explain/printed_shares.hpp"

namespace cytocape {
namespace {

/// Three classes on 1 x 2 positions; p = 0.6, 0.3, 0.1.
ClassMaps example_maps() {
  return {.count = 1,
          .classes = 3,
          .height = 1,
          .width = 2,
          .map = {0.1, 0.2, 0.15, 0.45, 0.04, 0.06},
          .probability = {0.3, 0.6, 0.1},
          .ordinary = {0.25, 0.7, 0.05}};
}

ClassLogits example_logits() {
  return {.count = 1,
          .classes = 3,
          .height = 1,
          .width = 2,
          .ordinary = {3, -1, 7, 8, -5, -6},
          .cape = {3, 0, -3, 3, 0, 0}};
}

/// Left patch: half nucleus, half cytoplasm. Right patch: a quarter cytoplasm, the rest outside.
CellRegionMap example_regions() {
  using enum CellRegion;
  return {8, 1, {nucleus, nucleus, cytoplasm, cytoplasm, cytoplasm, outside, outside, outside}};
}

CellExplanation explain_example(const ClassChoice& choice) {
  return explain_cell({.maps = example_maps(), .logits = example_logits()}, example_regions(),
                      choice);
}

TEST(CellExplanation, SharesOfRegionsAreTheMapWeighedByPixels) {
  const auto cell = explain_example({});
  EXPECT_NEAR(cell.region_share[1][0], 0.15 * 0.5, 1e-15);
  EXPECT_NEAR(cell.region_share[1][1], 0.15 * 0.5 + 0.45 * 0.25, 1e-15);
  EXPECT_NEAR(cell.region_share[1][2], 0.45 * 0.75, 1e-15);
}

TEST(CellExplanation, RegionsOfAClassSumToItsProbability) {
  const auto cell = explain_example({});
  double all = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    const auto& row = cell.region_share[c];
    const double sum = std::accumulate(row.begin(), row.end(), 0.0);
    EXPECT_NEAR(sum, cell.probability[c], 1e-9);
    all += sum;
  }
  EXPECT_NEAR(all, 1, 1e-9);
}

TEST(CellExplanation, OneScaleEndsAtTheLargestShareOfAnyShownClass) {
  EXPECT_DOUBLE_EQ(explain_example({.top = 2}).scale_max, 0.45);
  // Even where only lesser classes were asked for, the top one is shown and sets the scale.
  EXPECT_DOUBLE_EQ(explain_example({.top = 1, .compared = {0, 2}}).scale_max, 0.45);
}

TEST(CellExplanation, ShowsTheTopClassesAndThoseCompared) {
  EXPECT_EQ(explain_example({.top = 2}).shown, (std::vector<int>{1, 0}));
  EXPECT_EQ(explain_example({.top = 1, .compared = {2, 1}}).shown, (std::vector<int>{1, 2}));
  EXPECT_EQ(explain_example({.top = 50}).shown, (std::vector<int>{1, 0, 2}));
}

TEST(CellExplanation, ComparesTheTwoMostProbableUnlessTold) {
  EXPECT_EQ(explain_example({.top = 1}).compared, (std::pair{1, 0}));
  EXPECT_EQ(explain_example({.compared = {2, 0}}).compared, (std::pair{2, 0}));
}

TEST(CellExplanation, DifferenceIsAntisymmetricAndSumsToThatOfTheProbabilities) {
  const auto one = explain_example({.compared = {0, 1}});
  const auto other = explain_example({.compared = {1, 0}});
  ASSERT_EQ(one.difference.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(one.difference[i], -other.difference[i]);
  EXPECT_EQ(one.difference_max, other.difference_max);
  EXPECT_NEAR(one.difference[0] + one.difference[1], 0.3 - 0.6, 1e-9);
  EXPECT_NEAR(one.difference_max, 0.25, 1e-15);
}

TEST(CellExplanation, CamAndMuCapeAreInLogitsOfAllClassesInTheModelsOrder) {
  const auto cell = explain_example({.top = 2});
  EXPECT_EQ(cell.cam, (std::vector<std::vector<double>>{{3, 0}, {7, 8}, {0, 0}}));
  // The scales are 1: A + W is the class's logit and the mean of all, 0 and 1.
  EXPECT_EQ(cell.mu_cape, (std::vector<std::vector<double>>{{3, 1}, {0, 4}, {0, 1}}));
}

/// A view of 1 x 2 positions and two classes whose every number tells the view.
CellMaps one_view(double view) {
  const auto f = [view](double value) { return static_cast<float>(10 * view + value); };
  return {.maps = {.count = 1,
                   .classes = 2,
                   .height = 1,
                   .width = 2,
                   .map = {view, view + 0.25, view + 0.5, view + 0.75},
                   .probability = {2 * view + 0.25, 2 * view + 1.25},
                   .ordinary = {view, 1 - view}},
          .logits = {.count = 1,
                     .classes = 2,
                     .height = 1,
                     .width = 2,
                     .ordinary = {f(0), f(1), f(2), f(3)},
                     .cape = {f(4), f(5), f(6), f(7)}},
          .scales = {},
          .learned_map = {},
          .learned_probability = {}};
}

TEST(ShiftedViews, LieEvenlyAroundThePatchsMiddle) {
  EXPECT_EQ(shift_of(0, 1), 0);
  EXPECT_EQ(shift_of(0, 2), -0.25);
  EXPECT_EQ(shift_of(1, 2), 0.25);
  EXPECT_DOUBLE_EQ(shift_of(2, 3), 1.0 / 3);
}

TEST(ShiftedViews, AreInterleavedByWhatTheySawAndSumToTheirMean) {
  std::vector<CellMaps> views;
  for (int view = 0; view < 4; ++view) views.push_back(one_view(view));
  const auto fine = interleave(views, 2);
  EXPECT_EQ(fine.maps.height, 2);
  EXPECT_EQ(fine.maps.width, 4);
  // The first row has the views shifted up, left and right in turns; the second those shifted down.
  const std::vector<float> wanted{0, 10, 1, 11, 20, 30, 21, 31};
  EXPECT_EQ(std::vector<float>(fine.logits.ordinary.begin(), fine.logits.ordinary.begin() + 8),
            wanted);
  for (std::size_t c = 0; c < 2; ++c) {
    const auto begin = fine.maps.map.begin() + static_cast<std::ptrdiff_t>(8 * c);
    EXPECT_NEAR(std::accumulate(begin, begin + 8, 0.0), fine.maps.probability[c], 1e-12);
  }
  EXPECT_NEAR(fine.maps.ordinary[0], 1.5, 1e-12);
}

TEST(Apportion, SumsToTheTotalAndStaysWithinOneUnit) {
  const std::vector<double> thirds{1 / 3.0, 1 / 3.0, 1 / 3.0};
  EXPECT_EQ(apportion(thirds, 1000), (std::vector<std::int64_t>{334, 333, 333}));
  std::vector<double> many;
  for (int i = 0; i < 97; ++i) many.push_back(i * i % 31 + 0.37);
  const double sum = std::accumulate(many.begin(), many.end(), 0.0);
  const auto units = apportion(many, 613);
  EXPECT_EQ(std::accumulate(units.begin(), units.end(), std::int64_t{0}), 613);
  for (std::size_t i = 0; i < many.size(); ++i)
    EXPECT_LT(std::abs(static_cast<double>(units[i]) - many[i] / sum * 613), 1);
}

TEST(Apportion, SharesOfNothingStillSumToTheTotal) {
  EXPECT_EQ(apportion(std::vector<double>{0, 0}, 0), (std::vector<std::int64_t>{0, 0}));
  EXPECT_EQ(apportion(std::vector<double>{0, 0}, 7), (std::vector<std::int64_t>{7, 0}));
}

TEST(Apportion, PrintsTenthsWithTheirSign) {
  EXPECT_EQ(tenths(7), "0.7");
  EXPECT_EQ(tenths(-123), "-12.3");
  EXPECT_EQ(signed_tenths(4), "+0.4");
  EXPECT_EQ(signed_tenths(-4), "-0.4");
  EXPECT_EQ(signed_tenths(0), "0.0");
}

TEST(PrintedShares, RowsAndTheWholeAddUpAsPrinted) {
  const auto printed = print_shares(explain_example({}));
  EXPECT_EQ(printed.p(0), 300);
  EXPECT_EQ(printed.p(1), 600);
  EXPECT_EQ(printed.p(2), 100);
  // 0.0750, 0.1875 and 0.3375 of 0.6: the fourth digits 5 tie, the first of them goes up.
  EXPECT_EQ(printed.region[1][0] + printed.region[1][1] + printed.region[1][2], 600);
  EXPECT_EQ(printed.region[1][0], 75);
  EXPECT_EQ(printed.order, (std::vector<int>{1, 0, 2}));
}

TEST(PrintedShares, DifferenceIsAntisymmetricAsPrinted) {
  const auto printed = print_shares(explain_example({}));
  const auto one = printed.difference(1, 0);
  const auto other = printed.difference(0, 1);
  std::int64_t sum = 0;
  for (std::size_t r = 0; r < one.size(); ++r) {
    EXPECT_EQ(one[r], -other[r]);
    sum += one[r];
  }
  EXPECT_EQ(sum, 300);
}

}  // namespace
}  // namespace cytocape
