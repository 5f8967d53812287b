#include "pipeline/statistics/statistics.hpp"

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

void PrintTo(const WilsonCase& one, std::ostream* out) {
  *out << one.count << " of " << one.total;
}

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

TEST(CellsToDecide, TheCountFoundDecidesAndOneFewerDoesNot) {
  // 4 % of 200: the interval crosses 5 %.
  const auto cells = cells_to_decide(8, 200, 0.05);
  ASSERT_TRUE(cells.has_value());
  EXPECT_GT(*cells, 200U);
  const auto share_of = [](std::uint64_t n) { return wilson95(n / 25, n); };
  EXPECT_LT(share_of((*cells / 25 + 1) * 25)->high, 0.05);
  EXPECT_GT(share_of((*cells / 25 - 1) * 25)->high, 0.05);
}

TEST(CellsToDecide, AShareOnTheThresholdIsNeverDecided) {
  EXPECT_FALSE(cells_to_decide(10, 200, 0.05).has_value());
  EXPECT_FALSE(cells_to_decide(0, 0, 0.05).has_value());
}

TEST(CellsToDecide, ADecidedCountNeedsNoMore) {
  EXPECT_EQ(cells_to_decide(0, 200, 0.05), 200U);
}

TEST(Ratio95, IsTheOddsOfTheShareWithItsInterval) {
  const auto ratio = ratio95(300, 100);
  ASSERT_TRUE(ratio.has_value());
  EXPECT_DOUBLE_EQ(ratio->value, 3.0);
  const auto share = wilson95(300, 400);
  EXPECT_NEAR(ratio->interval.low, share->low / (1 - share->low), 1e-12);
  EXPECT_NEAR(ratio->interval.high, share->high / (1 - share->high), 1e-12);
}

TEST(Ratio95, OverNothingThereIsNone) {
  EXPECT_FALSE(ratio95(5, 0).has_value());
  EXPECT_EQ(ratio95(0, 5)->interval.low, 0.0);
}

Called example_counts() {
  // The third class is outside the count.
  return {.called = {100, 90, 10},
          .confusion = {{90, 10, 0}, {20, 180, 0}, {0, 1, 99}},
          .counted = {true, true, false}};
}

TEST(CorrectedShares, AreTheCorrectedFractionsOfTheCountedClasses) {
  const auto fractions = corrected_fractions(example_counts().called, example_counts().confusion);
  const auto shares = corrected_shares(example_counts(), {{0}, {1}, {0, 1}});
  ASSERT_EQ(shares.size(), 3U);
  EXPECT_NEAR(shares[0].value, fractions[0] / (fractions[0] + fractions[1]), 1e-12);
  EXPECT_NEAR(shares[2].value, 1.0, 1e-12);
  EXPECT_NEAR(shares[2].both.low, 1.0, 1e-12);
}

TEST(CorrectedShares, EachErrorIsItsOwnAndBothTogetherAreWider) {
  const auto share = corrected_shares(example_counts(), {{0}})[0];
  for (const auto& interval : {share.sampling, share.classifier, share.both}) {
    EXPECT_LT(interval.low, share.value);
    EXPECT_GT(interval.high, share.value);
  }
  const auto width = [](const Interval& interval) { return interval.high - interval.low; };
  EXPECT_GT(width(share.both), width(share.sampling));
  EXPECT_GT(width(share.both), width(share.classifier));
}

TEST(CorrectedShares, SamplingErrorShrinksWithCellsAndClassifierErrorWithValidation) {
  const auto width = [](const Interval& interval) { return interval.high - interval.low; };
  const auto few = corrected_shares(example_counts(), {{0}})[0];
  auto counts = example_counts();
  for (auto& count : counts.called) count *= 100;
  const auto many_cells = corrected_shares(counts, {{0}}, {.seed = 1, .replicates = 100})[0];
  EXPECT_LT(width(many_cells.sampling), 0.2 * width(few.sampling));
  EXPECT_GT(width(many_cells.classifier), 0.5 * width(few.classifier));
  counts = example_counts();
  for (auto& row : counts.confusion)
    for (auto& count : row) count *= 100;
  const auto much_validation = corrected_shares(counts, {{0}}, {.seed = 1, .replicates = 100})[0];
  EXPECT_LT(width(much_validation.classifier), 0.2 * width(few.classifier));
}

TEST(CorrectedShares, OneSeedGivesTheSameNumbersAndAnotherSeedOthers) {
  const auto low = [](std::uint64_t seed) {
    return corrected_shares(example_counts(), {{0}}, {.seed = seed, .replicates = 200})[0].both.low;
  };
  EXPECT_EQ(low(7), low(7));
  EXPECT_NE(low(7), low(8));
}

TEST(CorrectedShares, AClassifierWithoutErrorsInManyImagesLeavesLittleButSamplingError) {
  const auto share = corrected_shares(
      {.called = {40, 160}, .confusion = {{500, 0}, {0, 500}}, .counted = {true, true}}, {{0}},
      {.seed = 1, .replicates = 2000})[0];
  const auto wilson = wilson95(40, 200);
  EXPECT_NEAR(share.sampling.low, wilson->low, 0.01);
  EXPECT_NEAR(share.sampling.high, wilson->high, 0.01);
  EXPECT_NEAR(share.classifier.low, 0.2, 0.01);
  EXPECT_NEAR(share.classifier.high, 0.2, 0.01);
}

/// 50 blasts of 300 cells by a model of three classes that validation never saw err, with `images`
/// of each class.
CorrectedShare without_errors(std::int64_t images) {
  return corrected_shares({.called = {50, 150, 100},
                           .confusion = {{images, 0, 0}, {0, images, 0}, {0, 0, images}},
                           .counted = {true, true, true}},
                          {{0}}, {.seed = 1, .replicates = 2000})[0];
}

TEST(CorrectedShares, NoErrorInFewImagesIsNoCertaintyThatThereIsNone) {
  // 3.7 / n is the exact upper limit of an error that none of n images showed.
  for (const std::int64_t images : {20, 50, 200}) {
    const auto share = without_errors(images);
    const double rare = 3.7 / static_cast<double>(images);
    EXPECT_LT(share.classifier.low, share.value - 0.1 * rare) << images;
    EXPECT_GT(share.classifier.high, share.value + 0.02 * rare) << images;
    EXPECT_GT(share.classifier.low, share.value - 1.2 * rare) << images;
    EXPECT_LT(share.classifier.high, share.value + 1.2 * rare) << images;
  }
  const auto width = [](const Interval& interval) { return interval.high - interval.low; };
  EXPECT_GT(width(without_errors(20).classifier), 3 * width(without_errors(200).classifier));
}

TEST(CorrectedShares, AShareThatErrorsAloneMayExplainReachesDownToNone) {
  // 2 of 202 called so, where 1 of 50 images of the other class was.
  const auto share = corrected_shares(
      {.called = {2, 200}, .confusion = {{40, 0}, {1, 49}}, .counted = {true, true}}, {{0}})[0];
  EXPECT_EQ(share.classifier.low, 0) << "and not a billionth of a billionth";
  EXPECT_EQ(share.both.low, 0);
}

TEST(CorrectedShares, AnIntervalHoldsItsOwnValue) {
  const auto shares =
      corrected_shares({.called = {0, 10, 190, 0},
                        .confusion = {{5, 1, 0, 0}, {0, 8, 1, 0}, {0, 0, 9, 2}, {1, 0, 0, 7}},
                        .counted = {true, true, true, true}},
                       {{0}, {1}, {2}, {3}, {0, 3}});
  ASSERT_EQ(shares.size(), 5U);
  for (const auto& share : shares)
    for (const auto& interval : {share.sampling, share.classifier, share.both}) {
      EXPECT_LE(interval.low, share.value);
      EXPECT_GE(interval.high, share.value);
    }
}

TEST(CorrectedShares, NoCellOfAGroupIsNotTakenForNoneInTheBlood) {
  const auto share = corrected_shares(
      {.called = {0, 200}, .confusion = {{500, 0}, {0, 500}}, .counted = {true, true}}, {{0}})[0];
  EXPECT_EQ(share.value, 0);
  EXPECT_NEAR(share.sampling.high, wilson95(0, 200)->high, 1e-12);
  EXPECT_NEAR(share.both.high, wilson95(0, 200)->high, 1e-12);
  EXPECT_EQ(share.both.low, 0);
}

TEST(CorrectedShares, WithoutValidationThereAreNone) {
  auto counts = example_counts();
  counts.confusion[0] = {0, 0, 0};
  EXPECT_TRUE(corrected_shares(counts, {{0}}).empty());
}

TEST(McNemar, IsTheTwoSidedBinomialOfCellsThatOneAloneCallsRightly) {
  // 2 of 12: 2 (1 + 12 + 66) / 4096.
  EXPECT_NEAR(mcnemar_exact(2, 10), 158.0 / 4096, 1e-12);
  EXPECT_NEAR(mcnemar_exact(10, 2), 158.0 / 4096, 1e-12);
}

TEST(McNemar, AnEvenSplitAndNoneAtAllSayNothing) {
  EXPECT_EQ(mcnemar_exact(5, 5), 1);
  EXPECT_EQ(mcnemar_exact(0, 0), 1);
}

TEST(McNemar, ManyCellsNeitherOverflowNorVanish) {
  EXPECT_NEAR(mcnemar_exact(50'000, 50'000), 1, 1e-6);
  EXPECT_LT(mcnemar_exact(0, 100'000), 1e-300);
}

/// Drawing few cells anew draws none or the same again.
TEST(CorrectedShares, AreNeverNarrowerThanSamplingLeavesThem) {
  const std::vector<std::vector<std::int64_t>> confusion{{190, 10}, {10, 190}};
  for (const std::uint64_t cells : {5U, 27U, 100U, 500U})
    for (const std::uint64_t of : {0U, 1U, 3U})
      for (const bool verified : {false, true}) {
        const std::vector<std::uint64_t> counts{of, cells - of}, none{0, 0};
        const auto shares = corrected_shares({.called = verified ? none : counts,
                                              .confusion = confusion,
                                              .counted = {true, true},
                                              .verified = verified ? counts : none},
                                             {{0}});
        ASSERT_EQ(shares.size(), 1U);
        // Of the share that it is corrected to.
        const auto share = static_cast<std::uint64_t>(
            std::floor(shares[0].value * static_cast<double>(cells) + 1e-9));
        const auto least = *wilson95(share, cells);
        EXPECT_LE(shares[0].both.low, shares[0].value);
        EXPECT_GE(shares[0].both.high, least.high - 1e-9) << of << " of " << cells;
        EXPECT_GE(shares[0].sampling.high, least.high - 1e-9) << of << " of " << cells;
        if (!verified) continue;
        EXPECT_NEAR(shares[0].both.low, wilson95(of, cells)->low, 1e-12);
        EXPECT_NEAR(shares[0].both.high, wilson95(of, cells)->high, 1e-12);
      }
}

}  // namespace
}  // namespace cytocape
