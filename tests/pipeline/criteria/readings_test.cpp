#include "pipeline/criteria/readings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/pipeline/criteria/case_facts.hpp"

namespace cytocape::criteria {
namespace {

using testing::case_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Readings, AbsoluteMonocytesAreWbcTimesTheSlidesShareWithItsInterval) {
  const auto amc = read_case(case_of("nothing wbc=8 pb.monocyte=50")).at("amc");
  EXPECT_EQ(amc.basis, Basis::counted);
  EXPECT_DOUBLE_EQ(*amc.value, 2.0);
  const auto share = read_case(case_of("nothing wbc=8 pb.monocyte=50")).at("monocytes");
  EXPECT_DOUBLE_EQ(amc.interval->low, 0.08 * share.interval->low);
  EXPECT_DOUBLE_EQ(amc.interval->high, 0.08 * share.interval->high);
  EXPECT_EQ(amc.count, 50U);
  EXPECT_EQ(amc.total, 200U);
}

TEST(Readings, TheLaboratorysPercentageIsTakenBeforeTheSlides) {
  const auto readings = read_case(case_of("nothing wbc=8 monocytes=20 pb.monocyte=50"));
  EXPECT_EQ(readings.at("monocytes").basis, Basis::exact);
  EXPECT_DOUBLE_EQ(*readings.at("amc").value, 1.6);
  EXPECT_EQ(readings.at("amc").basis, Basis::exact);
}

TEST(Readings, AmcAndWbcOfOneDayGiveThePercentage) {
  EXPECT_DOUBLE_EQ(*read_case(case_of("nothing wbc=8 amc=2")).at("monocytes").value, 25.0);
}

TEST(Readings, AmcAndWbcOfTwoDaysAreNotDivided) {
  auto facts = case_of("nothing wbc=8 amc=2 pb.monocyte=20");
  facts.findings.numbers.at("amc").from.date = "2024-01-01";
  const auto monocytes = read_case(facts).at("monocytes");
  EXPECT_EQ(monocytes.basis, Basis::counted);
  EXPECT_DOUBLE_EQ(*monocytes.value, 10.0);
}

TEST(Readings, AnUnknownPartOfTheMonocytesMakesTheAbsoluteCountALowerBound) {
  const auto amc = read_case(case_of("nothing wbc=8 pb.unknown=immature_monocyte")).at("amc");
  EXPECT_EQ(amc.basis, Basis::lower_bound);
  EXPECT_THAT(amc.gap, HasSubstr("immature monocytes"));
}

TEST(Readings, NeutrophilsAreSegmentedAndBand) {
  const auto anc =
      read_case(case_of("nothing wbc=10 pb.band_neutrophil=20 pb.lymphocyte=100")).at("anc");
  EXPECT_DOUBLE_EQ(*anc.value, 3.0);  // 40 segmented and 20 band of 200
}

TEST(Readings, AbsoluteMonocytesOlderThanTheWbcAreNotUsed) {
  auto facts = case_of("nothing wbc=8 amc=0.1 pb.monocyte=20");
  facts.findings.numbers.at("amc").from.date = "2015-01-01";
  const auto amc = read_case(facts).at("amc");
  EXPECT_EQ(amc.basis, Basis::counted);
  EXPECT_DOUBLE_EQ(*amc.value, 0.8);
  EXPECT_THAT(amc.remarks,
              ::testing::Contains(HasSubstr("0.1 x 10^9/L (LIS, 2015-01-01) is older")));
}

/// WBC and AMC of one day are 10 and 3; the share of monocytes is 8 %, of `day`.
Reading share_beside_amc(const std::string& day) {
  auto facts = case_of("nothing wbc=10 amc=3 monocytes=8");
  facts.findings.numbers.at("monocytes").from.date = day;
  return read_case(facts).at("monocytes");
}

TEST(Readings, APercentageThatAmcAndWbcOfItsDayContradictIsDisputed) {
  for (const char* day : {"2024-03-01", ""}) {
    const auto monocytes = share_beside_amc(day);
    EXPECT_EQ(monocytes.basis, Basis::disputed) << day;
    EXPECT_DOUBLE_EQ(monocytes.interval->low, 8);
    EXPECT_DOUBLE_EQ(monocytes.interval->high, 30);
  }
}

TEST(Readings, APercentageOlderThanAmcAndWbcIsNamedAndNotUsed) {
  const auto monocytes = share_beside_amc("2023-01-01");
  EXPECT_DOUBLE_EQ(*monocytes.value, 30);
  EXPECT_THAT(monocytes.remarks, ElementsAre(HasSubstr("8 % (LIS, 2023-01-01) is older")));
}

TEST(Readings, APercentageNewerThanAmcAndWbcIsTaken) {
  const auto monocytes = share_beside_amc("2024-06-01");
  EXPECT_EQ(monocytes.basis, Basis::exact);
  EXPECT_DOUBLE_EQ(*monocytes.value, 8);
}

TEST(Readings, AnAmcNewerThanTheWbcIsNotContradictedByTheirProduct) {
  auto facts = case_of("nothing wbc=8 monocytes=10 amc=2 pb.monocyte=20");
  facts.findings.numbers.at("amc").from.date = "2024-06-01";
  const auto amc = read_case(facts).at("amc");
  EXPECT_EQ(amc.basis, Basis::exact);
  EXPECT_DOUBLE_EQ(*amc.value, 2);
  EXPECT_THAT(amc.remarks, ::testing::Contains(HasSubstr("0.8 x 10^9/L")));
}

TEST(Readings, AnUndatedAmcCountsAsOfTheDayOfTheWbc) {
  auto facts = case_of("nothing wbc=10 amc=3");
  facts.findings.numbers.at("amc").from.date = "";
  EXPECT_DOUBLE_EQ(*read_case(facts).at("monocytes").value, 30);
}

TEST(Readings, BlastsThatTheModelDoesNotKnowMayBeAmongItsMonocytes) {
  const std::string slide = "nothing pb.monocyte=60 pb.unknown=promonocyte+monoblast+blast";
  const auto alone = read_case(case_of(slide)).at("monocytes");
  const auto beside = read_case(case_of(slide + " pb_blasts=19")).at("monocytes");
  EXPECT_DOUBLE_EQ(beside.interval->low, alone.interval->low - 19);
  EXPECT_DOUBLE_EQ(beside.interval->high, alone.interval->high);
  EXPECT_THAT(beside.remarks, ::testing::Contains(HasSubstr("allows for the blasts of 19 %")));
  const auto known = read_case(case_of("nothing pb.monocyte=60 pb_blasts=19")).at("monocytes");
  EXPECT_DOUBLE_EQ(known.interval->low, alone.interval->low) << "a model that knows blasts";
}

TEST(Readings, WhatALaterRowSaidOfANumberIsToldBesideIt) {
  auto facts = case_of("nothing wbc=9");
  facts.findings.remarks["wbc"] = {"row 3 of 2024-03-01 says unknown"};
  EXPECT_THAT(read_case(facts).at("wbc").remarks, ElementsAre(HasSubstr("row 3")));
}

TEST(Readings, APersonsShareOfSoManyCellsHasTheIntervalOfACount) {
  auto facts = case_of("nothing bm_blasts=19");
  facts.findings.numbers.at("bm_blasts").cells = 200;
  const auto blasts = read_case(facts).at("bm_blasts");
  EXPECT_EQ(blasts.basis, Basis::counted);
  EXPECT_EQ(blasts.count, 38U);
  EXPECT_NEAR(blasts.interval->low, 14.2, 0.1);  // Wilson, 38 of 200
  EXPECT_NEAR(blasts.interval->high, 25.0, 0.1);
}

TEST(Readings, WbcAndAShareOfAnotherDayAreNotMultiplied) {
  auto facts = case_of("nothing wbc=8 monocytes=35");
  facts.findings.numbers.at("monocytes").from.date = "2019-01-01";
  const auto amc = read_case(facts).at("amc");
  EXPECT_EQ(amc.basis, Basis::unknown);
  EXPECT_THAT(amc.gap, HasSubstr("different days"));
}

TEST(Readings, ASlippedDecimalPointIsSeenInTheProductOfOneDay) {
  const auto amc = read_case(case_of("nothing wbc=16 monocytes=30 amc=0.48")).at("amc");
  EXPECT_EQ(amc.basis, Basis::disputed);
  EXPECT_DOUBLE_EQ(amc.interval->low, 0.48);
  EXPECT_DOUBLE_EQ(amc.interval->high, 4.8);
}

TEST(Readings, NeutrophilsThatTheSlideContradictsAreDisputed) {
  const auto anc = read_case(case_of("nothing wbc=10 anc=0.3 pb.monocyte=40")).at("anc");
  EXPECT_EQ(anc.basis, Basis::disputed);
  EXPECT_THAT(anc.remarks, ::testing::Contains(HasSubstr("0.3 x 10^9/L (LIS, 2024-03-01)")));
}

TEST(Readings, BlastsCountedByAPersonGoBeforeTheSlidesAndAContradictionIsSaid) {
  const auto readings = read_case(case_of("nothing pb_blasts=1 pb.myeloblast=20"));
  EXPECT_EQ(readings.at("pb_blasts").basis, Basis::disputed);
  EXPECT_EQ(readings.at("pb_blasts").value, 1);
  EXPECT_EQ(readings.at("pb_blasts").interval->low, 1);
  EXPECT_GT(readings.at("pb_blasts").interval->high, 10);
  ASSERT_EQ(readings.at("pb_blasts").remarks.size(), 1U);
  EXPECT_THAT(readings.at("pb_blasts").remarks.front(), HasSubstr("contradicts"));
  const auto alike = read_case(case_of("nothing bm_blasts=1 pb.myeloblast=20"));
  EXPECT_EQ(alike.at("bm_blasts").basis, Basis::exact);
  EXPECT_EQ(alike.at("pb_blasts").basis, Basis::counted);
}

TEST(Readings, ALowerBoundContradictsOnlyWhatLiesBelowIt) {
  const auto blasts = [](const std::string& given) {
    return read_case(case_of("nothing pb.myeloblast=40 pb.unknown=promonocyte pb_blasts=" + given))
        .at("pb_blasts");
  };
  EXPECT_EQ(blasts("5").basis, Basis::disputed);
  const auto above = blasts("60");
  EXPECT_EQ(above.basis, Basis::exact);
  EXPECT_THAT(above.remarks, ElementsAre(HasSubstr("count beside it: 20 % counted")));
}

TEST(Readings, WhatIsMissingSaysWhy) {
  const auto readings = read_case(case_of("nothing bm.status=incomplete"));
  EXPECT_THAT(readings.at("pb_blasts").gap, HasSubstr("no blood slide"));
  EXPECT_THAT(readings.at("bm_blasts").gap, HasSubstr("incomplete"));
  EXPECT_THAT(readings.at("amc").gap, HasSubstr("neither AMC nor WBC"));
  EXPECT_EQ(readings.at("bcr_abl1").basis, Basis::unknown);
}

TEST(Readings, SourcesNameWhoAndWhen) {
  EXPECT_EQ(describe({.file = "labs.csv", .row = 3, .date = "2024-03-01", .source = "LIS"}),
            "LIS, 2024-03-01");
  EXPECT_EQ(describe({.file = "labs.csv", .row = 3, .date = "", .source = ""}), "labs.csv");
  EXPECT_EQ(describe({}), "source not given");
}

}  // namespace
}  // namespace cytocape::criteria
