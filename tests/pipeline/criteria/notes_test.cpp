// What stands first under what is to be considered, and days that cannot be.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/criteria/criteria.hpp"
#include "tests/pipeline/criteria/case_facts.hpp"
#include "tests/pipeline/criteria/lab_rows.hpp"

namespace cytocape::criteria {
namespace {

using ::testing::AllOf;
using testing::case_of;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::read;
using testing::refusal;
using testing::result_of_rows;
using ::testing::StartsWith;

std::vector<std::string> first_notes(const std::string& rows, const std::string& begin) {
  std::vector<std::string> found;
  for (const auto& hint : plain(result_of_rows(rows).editions[0].hints))
    if (hint.starts_with(begin)) found.push_back(hint);
  return found;
}

TEST(Resolved, ARowThatDoesNotSettleAContradictionWithAKaryotypeSaysSo) {
  const auto result = result_of_rows(
      "a,bcr_abl1,no,,,2024-03-05,PCR\na,karyotype,\"46,XY,t(9;22)(q34;q11)[20]\",,,2024-03-05,\n"
      "a,resolved,bcr_abl1,,,2024-03-06,PCR stands\n");
  for (const auto& edition : result.editions)
    EXPECT_THAT(plain(edition.hints),
                Contains(AllOf(StartsWith("Row 4 (resolved, bcr_abl1) does not settle this: "),
                               HasSubstr("contradict each other: t(9;22)"),
                               HasSubstr("correct or leave out the row that is wrong."))));
  EXPECT_THAT(plain(result.readings.at("bcr_abl1").remarks),
              Contains(StartsWith("Row 4 (resolved")));
}

TEST(Resolved, ARowThatDoesNotSettleAnEarlierLeukaemiaNamesTheRowThatStays) {
  EXPECT_THAT(first_notes("a,bm_blasts,25,%,,2024-03-01,a\na,bm_blasts,3,%,,2024-06-01,b\n"
                          "a,resolved,bm_blasts,,,2024-06-02,recount\n",
                          "Row "),
              ElementsAre(AllOf(HasSubstr("Row 4 (resolved, bm_blasts) does not settle this"),
                                HasSubstr("25 % blasts in marrow (a, 2024-03-01)"),
                                HasSubstr("correct or leave out row 2"))));
}

TEST(Resolved, ARowWithNothingToSettleSaysSo) {
  for (const std::string item : {"amc", "monocytes", "anc", "pb_blasts", "bm_blasts"})
    EXPECT_THAT(first_notes("a," + item + ",2," + (item == "amc" || item == "anc" ? "G/L" : "%") +
                                ",,2024-03-01,\na,resolved," + item + ",,,,AB\n",
                            "Row "),
                ElementsAre("Row 3 (resolved, " + item +
                            ") does not settle this: nothing stands against what is given of " +
                            item + "."));
  for (const std::string item :
       {"cytogenetics", "bcr_abl1", "tk_fusion", "mpn_history", "mpn_now", "myeloid_sarcoma",
        "other_neoplasm", "cytotoxic_therapy", "predisposition"})
    EXPECT_THAT(
        first_notes("a," + item + ",no,,,2024-03-01,\na,resolved," + item + ",,,,AB\n", "Row "),
        ElementsAre(HasSubstr("nothing stands against")))
        << item;
}

TEST(Resolved, ARowThatSettlesIsNotCalledIdle) {
  for (const std::string item :
       {"cytogenetics", "bcr_abl1", "tk_fusion", "mpn_history", "mpn_now", "other_neoplasm"})
    EXPECT_THAT(first_notes("a," + item + ",yes,,,2023-03-01,\na," + item + ",no,,,2024-03-01,\n" +
                                "a,resolved," + item + ",,,,of another patient\n",
                            "Row "),
                IsEmpty())
        << item;
  EXPECT_THAT(first_notes("a,other_neoplasm,no,,,,\na,immunophenotype,no,,,,follicular lymphoma\n"
                          "a,resolved,other_neoplasm,,,,lymphoma of a relative\n",
                          "Row "),
              IsEmpty());
  EXPECT_THAT(first_notes("a,mpn_now,no,,,,not tested\na,resolved,mpn_now,,,,AB\n", "Row "),
              IsEmpty());
}

TEST(EarlierCounts, InAHigherGradesRangeStandFirst) {
  const auto notes = [](const char* facts) {
    return plain(evaluate(case_of(facts), published_rules()).editions[1].hints);
  };
  EXPECT_THAT(notes("was_pb_blasts=12"),
              Contains(AllOf(StartsWith("An earlier count in blood lies above the range of CMML-1"),
                             HasSubstr("Earlier: 12 % blasts in blood (LIS, 2023-03-01)."))));
  EXPECT_THAT(notes("was_bm_blasts=10"), Contains(StartsWith("An earlier count in marrow")));
  for (const auto* facts : {"was_pb_blasts=4.9", "was_bm_blasts=9.9", "was_pb_blasts=20",
                            "was_bm_blasts=18 bm=- bm_blasts=15@1000"})
    EXPECT_THAT(notes(facts), Each(Not(StartsWith("An earlier count in")))) << facts;
}

TEST(FarApart, CountsOfMoreThanHalfAYearApartStandFirst) {
  EXPECT_THAT(first_notes("a,bm_blasts,3,%,,2023-08-30,a\na,wbc,12,G/L,,2024-03-01,\n", "Counts"),
              ElementsAre("Counts that were taken 184 days apart are combined: blasts and blast "
                          "equivalents in marrow of 2023-08-30, and leukocytes (WBC) of "
                          "2024-03-01."));
  EXPECT_THAT(first_notes("a,bm_blasts,3,%,,2023-09-03,a\na,wbc,12,G/L,,2024-03-01,\n", "Counts"),
              IsEmpty());
  EXPECT_THAT(
      first_notes("a,mutation,3,%,TET2,2020-01-01,a\na,wbc,12,G/L,,2024-03-01,\n", "Counts"),
      IsEmpty());
}

TEST(FarApart, TheDayOfASlidesSpecimenIsOneOfTheDays) {
  auto facts = case_of("wbc=12");
  facts.slides = {testing::example_slide(Specimen::blood)};
  facts.findings.numbers.at("wbc").from.date = "2024-03-01";
  const auto far_apart = [&](const char* day) {
    facts.slides.front().day = day;
    std::vector<std::string> found;
    for (const auto& note : plain(evaluate(facts, published_rules()).editions[0].hints))
      if (note.starts_with("Counts")) found.push_back(note);
    return found;
  };
  EXPECT_THAT(far_apart("2023-08-30"),
              ElementsAre(HasSubstr("184 days apart are combined: blood slide ")));
  for (const auto* day : {"2023-09-03", "2024-03-01", "", "1890-01-01"})
    EXPECT_THAT(far_apart(day), IsEmpty()) << day;
  facts.slides.front().status = Status::insufficient;
  EXPECT_THAT(far_apart("2023-08-30"), IsEmpty()) << "it is not used";
}

TEST(Resolved, WhatNothingContradictsIsAnIdleDecision) {
  const std::string rows = "a,pb_blasts,2,%,,2024-03-01,smear\n";
  EXPECT_THAT(result_of_rows(rows).idle_decisions, IsEmpty());
  EXPECT_THAT(
      result_of_rows(rows + "a,resolved,pb_blasts,,,2024-03-02,recounted (AB)\n").idle_decisions,
      ElementsAre("pb_blasts"));
}

TEST(FarApart, AMutationThatSupportsNothingHidesNoOldSupport) {
  const std::string old = "a,mutation,40,%,TET2,2015-01-01,a\na,wbc,12,G/L,,2024-03-01,\n";
  for (const auto* newer :
       {"", "a,mutation,28,%,KIT D816V,2024-03-01,a\n", "a,mutation,50,%,DDX41,2024-03-01,a\n",
        "a,mutation,1.1,%,SRSF2,2024-03-01,a\n"})
    EXPECT_THAT(first_notes(old + newer, "Found"), ::testing::SizeIs(1)) << newer;
  EXPECT_THAT(first_notes(old + "a,mutation,30,%,SRSF2,2024-03-01,a\n", "Found"), IsEmpty());
}

TEST(Persistence, AnAnswerThatIsOlderThanACountWithoutMonocytosisIsNone) {
  const std::string counts = "a,amc,0.2,10*9/L,,2023-11-10,\na,amc,3.1,10*9/L,,2024-03-01,\n";
  EXPECT_TRUE(read(counts + "a,persistence,yes,,,2023-06-01,\n").at("a").low_monocytes);
  EXPECT_FALSE(read(counts + "a,persistence,yes,,,2024-03-01,\n").at("a").low_monocytes);
  EXPECT_FALSE(read(counts + "a,persistence,yes,,,,\n").at("a").low_monocytes);
}

TEST(Days, BeforeTheBirthOfThePatientAreRefusedWithTheAge) {
  EXPECT_THAT(
      refusal("a,age,72,years,,2024-03-01,\na,bm_blasts,3,%,,1924-03-01,\n"),
      AllOf(
          HasSubstr("row 3: date \"1924-03-01\": expected a day of the patient's life, from 1951-"),
          HasSubstr("the age of 72 years in row 2 (2024-03-01); check both")));
  EXPECT_THAT(
      refusal("a,age,72,years,,,\na,bm_blasts,3,%,,1924-03-01,\na,wbc,12,G/L,,2024-03-01,\n"),
      AllOf(HasSubstr("without a date: as of the newest row, 2024-03-01"),
            HasSubstr("or give the age its date")));
  EXPECT_THAT(refusal("a,age,18,months,,2024-03-01,\na,mpn_history,no,,,2021-03-01,\n"),
              HasSubstr("row 3: date \"2021-03-01\""));
  EXPECT_EQ(refusal("a,age,72,years,,2024-03-01,\na,cytotoxic_therapy,yes,,,1951-03-02,\n"),
            "no error");
}

TEST(Days, OfCountsHalfACenturyBeforeTheNewestAreRefused) {
  EXPECT_THAT(refusal("a,wbc,12,G/L,,2024-03-01,\na,bm_blasts,3,%,,1924-03-01,\n"),
              HasSubstr("row 3: date \"1924-03-01\": expected a day within 50 years of the case's "
                        "newest row (2024-03-01); check the year"));
  EXPECT_EQ(refusal("a,wbc,12,G/L,,2024-03-01,\na,cytotoxic_therapy,yes,,,1964-03-01,\n"),
            "no error");
}

}  // namespace
}  // namespace cytocape::criteria
