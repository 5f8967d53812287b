#include "pipeline/criteria/readings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/wording/sources.hpp"
#include "tests/pipeline/criteria/case_facts.hpp"

namespace cytocape::criteria {
namespace {

using testing::case_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using wording::describe;

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
    EXPECT_DOUBLE_EQ(monocytes.interval->high, 100 * 3.5 / 9.5) << "by the digits written";
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
  const auto blasts = read_case(case_of("nothing pb_blasts=19@200")).at("pb_blasts");
  EXPECT_EQ(blasts.basis, Basis::counted);
  EXPECT_EQ(blasts.count, 38U);
  EXPECT_NEAR(blasts.interval->low, 14.2, 0.1);  // Wilson, 38 of 200
  EXPECT_NEAR(blasts.interval->high, 25.0, 0.1);
  EXPECT_THAT(blasts.remarks, ::testing::IsEmpty());
}

TEST(Readings, APersonsShareOfTooFewCellsIsAnInsufficientCount) {
  const auto enough = read_case(
      case_of("nothing pb_blasts=8@100 monocytes=8@100 bm_blasts=8@300 classical_monocytes=96@50"));
  const auto few = read_case(case_of("nothing pb_blasts=8@99 monocytes=8@99 bm_blasts=8@299"));
  EXPECT_EQ(enough.at("classical_monocytes").basis, Basis::counted) << "by flow";
  for (const auto* input : {"pb_blasts", "monocytes", "bm_blasts"}) {
    EXPECT_EQ(enough.at(input).basis, Basis::counted) << input;
    EXPECT_EQ(few.at(input).basis, Basis::unknown) << input;
    EXPECT_THAT(few.at(input).gap, HasSubstr("an insufficient count, 8 % of")) << input;
    EXPECT_THAT(few.at(input).gap, HasSubstr("are required")) << input;
  }
}

TEST(Readings, APersonsShareIsHeldToTheNumberThatTheSlidesWereHeldTo) {
  auto facts = case_of("nothing pb_blasts=8@150");
  facts.least_cells[Specimen::blood] = 200;
  EXPECT_EQ(read_case(facts).at("pb_blasts").basis, Basis::unknown);
}

TEST(Readings, AnInsufficientCountLeavesTheSlidesCountAndIsNamed) {
  const auto readings =
      read_case(case_of("nothing pb_blasts=30@10 monocytes=50@10 wbc=10 pb.myeloblast=2"));
  for (const auto* input : {"pb_blasts", "monocytes"}) {
    EXPECT_EQ(readings.at(input).total, 200U) << input;
    EXPECT_THAT(readings.at(input).remarks,
                ::testing::Contains(HasSubstr("not used: an insufficient count")))
        << input;
  }
  EXPECT_DOUBLE_EQ(*readings.at("amc").value, 2) << "WBC x the slide's share";
}

TEST(Readings, AShareOfAnUnknownNumberOfCellsSaysSo) {
  EXPECT_THAT(read_case(case_of("nothing bm_blasts=4")).at("bm_blasts").remarks,
              ElementsAre(HasSubstr("number of cells counted is not given")));
  EXPECT_THAT(read_case(case_of("nothing wbc=4")).at("wbc").remarks, ::testing::IsEmpty());
}

TEST(Readings, BlastsThatStandInForASlideThatIsNotOkNameIt) {
  const auto blasts =
      read_case(case_of("nothing bm_blasts=4 bm.status=incomplete bm.myeloblast=10"))
          .at("bm_blasts");
  EXPECT_EQ(blasts.basis, Basis::exact);
  EXPECT_THAT(
      blasts.remarks,
      ::testing::Contains(HasSubstr(
          "slide bm-slide is incomplete: its own count is not used (10 of 500 cells, 2 %)")));
}

TEST(Readings, ASlideThatIsNotOkAndShowsClearlyMoreBlastsIsARemarkAlone) {
  const auto blasts = [](const std::string& cells) {
    return read_case(case_of("nothing bm_blasts=4@500 bm.status=incomplete bm.myeloblast=" + cells))
        .at("bm_blasts");
  };
  const auto alike = blasts("30");
  const auto many = blasts("300");
  EXPECT_EQ(many.basis, Basis::counted);
  EXPECT_EQ(many.interval->low, alike.interval->low);
  EXPECT_EQ(many.interval->high, alike.interval->high);
  EXPECT_THAT(many.remarks, ::testing::Contains(HasSubstr("(seen, not used): look again")));
  EXPECT_THAT(alike.remarks, ::testing::Not(::testing::Contains(HasSubstr("look again"))));
}

TEST(Readings, AGoodSlideDisputesAPersonsBlastsWhereTheIntervalsDoNotMeet) {
  const auto blasts = [](const std::string& cells) {
    return read_case(case_of("nothing bm_blasts=8@500 bm.myeloblast=" + cells)).at("bm_blasts");
  };
  EXPECT_EQ(blasts("55").basis, Basis::counted);
  const auto more = blasts("100");
  EXPECT_EQ(more.basis, Basis::disputed);
  EXPECT_EQ(more.interval->low, blasts("55").interval->low) << "more blasts seen lower no bound";
}

/// WBC and a second value as a laboratory wrote them, of one day.
Readings written(const std::string& wbc, const std::string& code, const std::string& value) {
  return read_case(case_of("nothing wbc=" + wbc + " " + code + "=" + value));
}

TEST(Readings, AQuotientIsAsWideAsTheDigitsWrittenAllow) {
  const auto share = written("5", "amc", "0.5").at("monocytes");
  EXPECT_EQ(share.basis, Basis::exact);
  EXPECT_DOUBLE_EQ(*share.value, 10);
  EXPECT_DOUBLE_EQ(share.interval->low, 100 * 0.45 / 5.5);
  EXPECT_DOUBLE_EQ(share.interval->high, 100 * 0.55 / 4.5);
  const auto finer = written("5.000", "amc", "0.5000").at("monocytes");
  EXPECT_LT(finer.interval->high - finer.interval->low, 0.1);
}

TEST(Readings, AProductIsAsWideAsTheDigitsWrittenAllow) {
  const auto amc = written("5", "monocytes", "10").at("amc");
  EXPECT_DOUBLE_EQ(amc.interval->low, 4.5 * 9.5 / 100);
  EXPECT_DOUBLE_EQ(amc.interval->high, 5.5 * 10.5 / 100);
  EXPECT_FALSE(written("5", "monocytes", "10").at("monocytes").interval.has_value())
      << "a value is taken as it is written";
}

TEST(Readings, TheAbsoluteCountKeepsTheRemarksOfItsShare) {
  const std::string slide =
      "nothing wbc=10 pb_blasts=8 pb.monocyte=32 pb.unknown=immature_monocyte+promonocyte";
  const auto amc = read_case(case_of(slide)).at("amc");
  EXPECT_THAT(amc.remarks, ::testing::Contains(HasSubstr("allows for the blasts of 8 %")));
  EXPECT_THAT(amc.gap, HasSubstr("does not know immature monocytes, and may have counted "
                                 "promonocytes here: the lower end allows for the blasts of 8 %"));
}

TEST(Readings, HypogranularNeutrophilsAreSaidBesideDysplasiaAndAnswerNothing) {
  const auto readings = read_case(
      case_of("dysplasia_granulocytic=- pb.hypogranular_neutrophil=30 pb.monocyte=40 bm=-"));
  const auto& dysplasia = readings.at("dysplasia_granulocytic");
  EXPECT_FALSE(dysplasia.answer.has_value());
  EXPECT_THAT(dysplasia.remarks,
              ::testing::Contains(HasSubstr("30 hypogranular of 160 neutrophils")));
  EXPECT_TRUE(read_case(case_of("pb.monocyte=40")).at("dysplasia_granulocytic").remarks.empty());
}

TEST(Readings, HypogranularNeutrophilsCountAsNeutrophils) {
  const auto anc = [](const char* facts) { return read_case(case_of(facts)).at("anc").value; };
  EXPECT_EQ(anc("nothing wbc=10 pb.monocyte=40 pb.hypogranular_neutrophil=60"),
            anc("nothing wbc=10 pb.monocyte=40"));
}

TEST(Readings, DaysAreThoseOfWhatIsTaken) {
  auto facts = case_of("nothing wbc=8 amc=0.1 pb.monocyte=20 sex=male");
  facts.findings.numbers.at("amc").from.date = "2015-01-01";
  const auto known = read_whole_case(facts);
  EXPECT_THAT(known.days.at("amc"), ElementsAre("2024-03-01")) << "the product of the WBC";
  EXPECT_FALSE(known.days.contains("monocytes")) << "a slide's day is not known";
  EXPECT_THAT(known.days.at("sex"), ElementsAre("2024-03-01"));
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
  EXPECT_DOUBLE_EQ(amc.interval->high, 16.5 * 30.5 / 100) << "by the digits written";
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
  EXPECT_THAT(readings.at("pb_blasts").remarks, ::testing::Contains(HasSubstr("contradicts")));
  const auto alike = read_case(case_of("nothing bm_blasts=1 pb.myeloblast=20"));
  EXPECT_EQ(alike.at("bm_blasts").basis, Basis::exact);
  EXPECT_EQ(alike.at("pb_blasts").basis, Basis::counted);
}

TEST(Readings, EachSlideIsHeldAgainstAPersonsBlastsByItself) {
  const std::string one = "nothing pb_blasts=1 pb.myeloblast=60";
  for (const auto* other : {" pb2.myeloblast=2", " pb2.myeloblast=60"}) {
    const auto blasts = read_case(case_of(one + other)).at("pb_blasts");
    EXPECT_EQ(blasts.basis, Basis::disputed) << other;
    EXPECT_GE(blasts.interval->high, read_case(case_of(one)).at("pb_blasts").interval->high);
  }
}

TEST(Readings, EachSlideIsHeldAgainstTheLaboratorysMonocytesByItself) {
  const auto basis = [](const std::string& slides) {
    const auto readings = read_case(case_of("nothing monocytes=30 wbc=10 anc=4 " + slides));
    return std::pair(readings.at("monocytes").basis, readings.at("anc").basis);
  };
  EXPECT_EQ(basis("pb.monocyte=60 pb.lymphocyte=60"), std::pair(Basis::exact, Basis::exact));
  EXPECT_EQ(basis("pb.monocyte=30 pb.lymphocyte=20 pb2.monocyte=90 pb2.lymphocyte=100"),
            std::pair(Basis::disputed, Basis::disputed));
}

TEST(Readings, SlidesThatAgreeAreNotHeldAgainstTheirSum) {
  const auto readings = read_case(case_of("nothing wbc=10 pb.monocyte=60 pb2.monocyte=75"));
  EXPECT_EQ(readings.at("monocytes").basis, Basis::counted);
  EXPECT_EQ(readings.at("amc").basis, Basis::counted);
}

TEST(Readings, ALowerBoundContradictsOnlyWhatLiesBelowIt) {
  const auto blasts = [](const std::string& given) {
    return read_case(case_of("nothing pb.myeloblast=40 pb.unknown=promonocyte pb_blasts=" + given))
        .at("pb_blasts");
  };
  EXPECT_EQ(blasts("5").basis, Basis::disputed);
  const auto above = blasts("60");
  EXPECT_EQ(above.basis, Basis::exact);
  EXPECT_THAT(above.remarks, ::testing::Contains(HasSubstr("count for comparison: 20 % counted")));
}

TEST(Readings, ALowerBoundDisputesAPersonsZeroByWhatItSawAlone) {
  const auto blasts =
      read_case(case_of("nothing pb.myeloblast=8 pb.unknown=promonocyte pb_blasts=0"))
          .at("pb_blasts");
  EXPECT_EQ(blasts.basis, Basis::disputed);
  EXPECT_EQ(blasts.interval->low, 0);
  EXPECT_GT(blasts.interval->high, 4);
  EXPECT_LT(blasts.interval->high, 20);
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
