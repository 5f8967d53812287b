#include "pipeline/criteria/counts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/criteria/slide_shares.hpp"
#include "tests/pipeline/criteria/case_facts.hpp"

namespace cytocape::criteria {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

SlideCounts slide(Specimen specimen, const std::string& id,
                  std::map<std::string, std::uint64_t> called) {
  return {.slide = id, .specimen = specimen, .status = Status::ok, .called = std::move(called)};
}

const CellGroup& blasts() {
  return cell_group("blast_equivalents");
}

TEST(CountGroup, SlidesOfOneSpecimenArePooled) {
  const std::map<std::string, std::uint64_t> called = {
      {"blast", 3}, {"promonocyte", 2}, {"lymphocyte", 95}};
  const auto sum =
      count_group({slide(Specimen::marrow, "y", called), slide(Specimen::marrow, "x", called),
                   slide(Specimen::blood, "z", called)},
                  Specimen::marrow, blasts());
  EXPECT_EQ(sum.count, 10U);
  EXPECT_EQ(sum.total, 200U);
  EXPECT_THAT(sum.slides, ElementsAre("x", "y"));
  EXPECT_TRUE(sum.unknown_parts.empty());
}

TEST(CountGroup, CellsOutsideTheDenominatorAreNotCounted) {
  const auto sum = count_group({slide(Specimen::blood, "x",
                                      {{"blast", 5},
                                       {"promonocyte", 0},
                                       {"lymphocyte", 95},
                                       {"normoblast", 40},
                                       {"smudge_cell", 30}})},
                               Specimen::blood, blasts());
  EXPECT_EQ(sum.total, 100U);
}

TEST(CountGroup, ASlideWhoseModelKnowsMoreIsPreferred) {
  const auto sum = count_group(
      {slide(Specimen::blood, "poor", {{"blast", 50}, {"lymphocyte", 50}}),
       slide(Specimen::blood, "rich", {{"blast", 1}, {"promonocyte", 1}, {"lymphocyte", 98}})},
      Specimen::blood, blasts());
  EXPECT_EQ(sum.count, 2U);
  EXPECT_THAT(sum.slides, ElementsAre("rich"));
  ASSERT_EQ(sum.left_out.size(), 1U);
  EXPECT_THAT(sum.left_out[0], HasSubstr("poor"));
}

TEST(CountGroup, ASlideThatIsNotOkIsLeftOutByItsStatus) {
  auto few = testing::example_slide(Specimen::blood);
  few.status = Status::insufficient;
  few.reasons = {"60 cells counted; 100 are needed"};
  const auto sum = count_group({few}, Specimen::blood, blasts());
  EXPECT_FALSE(sum.usable);
  ASSERT_EQ(sum.left_out.size(), 1U);
  EXPECT_EQ(sum.left_out[0], "slide pb-slide is insufficient") << "why stands with the slide";
}

/// 1000 blood cells, `blasts` of them blasts.
SlideCounts blood(const std::string& id, std::uint64_t blasts) {
  return slide(Specimen::blood, id,
               {{"blast", blasts}, {"promonocyte", 0}, {"lymphocyte", 1000 - blasts}});
}

TEST(CountGroup, TheClassifiersErrorWidensTheInterval) {
  auto one = blood("x", 80);
  const auto sampling = count_group({one}, Specimen::blood, blasts()).interval;
  one.errors["blast_equivalents"] = {.both = {0.03, 0.09}, .classifier = {0.04, 0.08}};
  const auto sum = count_group({one}, Specimen::blood, blasts());
  EXPECT_DOUBLE_EQ(sum.interval.low, 0.03);
  EXPECT_DOUBLE_EQ(sum.interval.high, sampling.high);
  EXPECT_DOUBLE_EQ(sum.classifier95->low, 0.04);
}

TEST(CountGroup, ASlideWithoutTheClassifiersErrorIsNamedAmongOthers) {
  auto with = blood("with", 80);
  with.errors["blast_equivalents"] = {.both = {0.03, 0.09}, .classifier = {0.04, 0.08}};
  EXPECT_THAT(count_group({with, blood("without", 80)}, Specimen::blood, blasts()).without_error,
              ElementsAre("without"));
  EXPECT_THAT(count_group({with}, Specimen::blood, blasts()).without_error, ElementsAre());
  EXPECT_THAT(
      count_group({blood("a", 80), blood("b", 80)}, Specimen::blood, blasts()).without_error,
      ElementsAre());
}

TEST(CountGroup, SlidesThatDifferByMoreThanChanceAreNotAveragedAway) {
  const auto sum = count_group({blood("few", 50), blood("many", 300)}, Specimen::blood, blasts());
  EXPECT_LT(sum.interval.low, 0.05);
  EXPECT_GT(sum.interval.high, 0.3);
  ASSERT_EQ(sum.dissent.size(), 2U);
  EXPECT_THAT(sum.dissent[0], HasSubstr("slide few alone: 5 %"));
  EXPECT_TRUE(
      count_group({blood("a", 50), blood("b", 60)}, Specimen::blood, blasts()).dissent.empty());
}

TEST(CountGroup, SlidesThatContradictEachOtherAreAsWideAsAllOfThem) {
  const auto few = blood("few", 10);
  const auto many = blood("many", 80);
  const auto sum = count_group({few, many}, Specimen::blood, blasts());
  EXPECT_DOUBLE_EQ(sum.interval.low, count_group({few}, Specimen::blood, blasts()).interval.low);
  EXPECT_DOUBLE_EQ(sum.interval.high, count_group({many}, Specimen::blood, blasts()).interval.high)
      << "though what the other says meets their sum";
}

TEST(CountGroup, ManyBlastsOnASlideThatKnowsLessAreHeard) {
  const auto poor = slide(Specimen::blood, "poor", {{"blast", 50}, {"lymphocyte", 50}});
  const auto sum = count_group({poor, blood("rich", 20)}, Specimen::blood, blasts());
  EXPECT_THAT(sum.slides, ElementsAre("rich"));
  EXPECT_DOUBLE_EQ(sum.interval.high, 1);
  ASSERT_EQ(sum.dissent.size(), 1U);
  EXPECT_THAT(sum.dissent[0], HasSubstr("poor"));
}

TEST(CountGroup, TheGreatestOfLowerBoundsHolds) {
  const auto one = slide(Specimen::blood, "one", {{"blast", 5}, {"lymphocyte", 95}});
  const auto other = slide(Specimen::blood, "other", {{"promonocyte", 80}, {"lymphocyte", 120}});
  const auto sum = count_group({one, other}, Specimen::blood, blasts());
  EXPECT_TRUE(sum.is_lower_bound());
  EXPECT_DOUBLE_EQ(sum.interval.low, count_group({other}, Specimen::blood, blasts()).interval.low);
}

TEST(CountGroup, WhatAModelMayHaveCountedHereIsNamed) {
  auto counts = testing::example_slide(Specimen::blood);
  counts.called.erase("promonocyte");
  EXPECT_THAT(count_group({counts}, Specimen::blood, cell_group("monocytes")).lookalikes,
              ElementsAre("promonocytes"));
}

TEST(CountGroup, OfNothingThereIsNoShare) {
  EXPECT_FALSE(count_group({slide(Specimen::blood, "x", {{"blast", 0}, {"promonocyte", 0}})},
                           Specimen::blood, blasts())
                   .usable);
}

TEST(Figures, NormoblastsArePer100LeukocytesAndOutsideThem) {
  auto counts = testing::example_slide(Specimen::blood);
  counts.called["normoblast"] = 10;
  const auto figure = normoblasts_per_100_leukocytes(counts);
  ASSERT_TRUE(figure.value.has_value());
  EXPECT_DOUBLE_EQ(*figure.value, 5.0);
  EXPECT_EQ(figure.numerator, 10U);
  EXPECT_EQ(figure.denominator, 200U);
  EXPECT_LT(figure.interval->low, 5.0);
  EXPECT_GT(figure.interval->high, 5.0);
}

TEST(Figures, TheMyeloidErythroidRatioLeavesOutLymphocytes) {
  const auto figure = myeloid_erythroid_ratio(slide(Specimen::marrow, "x",
                                                    {{"segmented_neutrophil", 100},
                                                     {"band_neutrophil", 40},
                                                     {"eosinophil", 20},
                                                     {"promyelocyte", 10},
                                                     {"myelocyte", 20},
                                                     {"metamyelocyte", 10},
                                                     {"monocyte", 50},
                                                     {"blast", 50},
                                                     {"lymphocyte", 99},
                                                     {"normoblast", 100}}));
  ASSERT_TRUE(figure.value.has_value()) << figure.gap;
  EXPECT_DOUBLE_EQ(*figure.value, 3.0);
}

TEST(Figures, OneUnknownGranulocyteLeavesNoMyeloidErythroidRatio) {
  auto counts = testing::example_slide(Specimen::marrow);
  counts.called["normoblast"] = 100;
  EXPECT_TRUE(myeloid_erythroid_ratio(counts).value.has_value());
  counts.called.erase("myelocyte");
  EXPECT_THAT(myeloid_erythroid_ratio(counts).gap, HasSubstr("myelocytes"));
}

TEST(Figures, AClassThatTheModelDoesNotKnowIsAGapAndNotZero) {
  auto counts = testing::example_slide(Specimen::blood);
  counts.called.erase("normoblast");
  const auto figure = normoblasts_per_100_leukocytes(counts);
  EXPECT_FALSE(figure.value.has_value());
  EXPECT_THAT(figure.gap, HasSubstr("normoblasts"));
}

TEST(Figures, AnInsufficientSlideHasNone) {
  auto counts = testing::example_slide(Specimen::marrow);
  counts.status = Status::insufficient;
  EXPECT_FALSE(myeloid_erythroid_ratio(counts).value.has_value());
}

TEST(CountsOf, AReportContributesEveryClassOfItsModel) {
  SlideReport report;
  report.slide.id = "x";
  report.specimen = Specimen::blood;
  report.status = Status::ok;
  report.differential = {{.name = "monocyte", .count = 7},
                         {.name = "smudge_cell", .in_denominator = false, .count = 3}};
  const auto counts = counts_of(report);
  EXPECT_EQ(counts.called,
            (std::map<std::string, std::uint64_t>{{"monocyte", 7}, {"smudge_cell", 3}}));
  EXPECT_EQ(counts.status, Status::ok);
}

}  // namespace
}  // namespace cytocape::criteria
