// Fusions, mutations and karyotypes as a laboratory writes them, and what is said of them.

#include "pipeline/criteria/genetics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/criteria/criteria.hpp"
#include "pipeline/criteria/readings.hpp"
#include "tests/pipeline/criteria/case_facts.hpp"
#include "tests/pipeline/criteria/lab_rows.hpp"

namespace cytocape::criteria {
namespace {

using ::testing::AllOf;
using testing::case_of;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::read;
using testing::refusal;
using ::testing::SizeIs;
using ::testing::StartsWith;

CaseResult result_of(const std::string& line) {
  return evaluate(case_of(line), published_rules());
}

CaseResult result_of_rows(const std::string& rows) {
  return evaluate({.id = "a", .findings = read(rows).at("a"), .slides = {}}, published_rules());
}

TEST(Conclusions, AcutePromyelocyticLeukaemiaIsSaidFirstAndUrgently) {
  const auto result = result_of("mutation=PML::RARA:? mutation=TET2:41");
  EXPECT_THAT(result.editions[0].sentence,
              AllOf(StartsWith("Not classified as CMML by WHO 2022. PML::RARA defines acute "
                               "promyelocytic leukaemia in WHO 2022 whatever the blast count."),
                    HasSubstr("Urgent: haematologist today.")));
  ASSERT_THAT(result.alerts, Not(IsEmpty()));
  EXPECT_THAT(result.alerts.front(), StartsWith("PML::RARA defines acute promyelocytic leukaemia"));
  EXPECT_THAT(result.agreement, Not(HasSubstr("agree")));
}

TEST(Conclusions, TwentyPerCentOfBlastsAreSaidFirst) {
  const auto result = result_of("bm=- bm_blasts=25@500");
  EXPECT_THAT(
      result.editions[0].sentence,
      HasSubstr("25 % blasts in marrow (500 cells). Acute leukaemia is to be excluded now."));
  EXPECT_THAT(result.alerts, SizeIs(1));
  for (const auto& edition : result.editions)
    for (const auto& hint : edition.hints)
      EXPECT_THAT(std::string(hint), Not(HasSubstr("CMML-2 needs blood and marrow")));
}

TEST(Conclusions, AFusionThatIsOpenIsToBeClearedUpFirst) {
  EXPECT_THAT(result_of("mutation=NPM1:40").alerts,
              ElementsAre(AllOf(StartsWith("To be resolved first: NPM1"),
                                HasSubstr("ICC 2022 asks for 10 %"))));
  EXPECT_THAT(result_of("").alerts, IsEmpty());
}

TEST(Conclusions, ACountWhoseIntervalReachesTheNextGradeSaysSo) {
  const auto sentence = result_of("pb=- pb_blasts=4@500").editions[0].sentence;
  EXPECT_THAT(sentence,
              HasSubstr("CMML-1 by the count as reported (4 % of 500 cells); its interval, "
                        "2.6 to 6.1 %, reaches CMML-2."));
}

TEST(Conclusions, AShareOfAnUnknownNumberOfCellsIsNoMoreCertain) {
  const auto sentence = result_of("pb=- pb_blasts=4").editions[0].sentence;
  EXPECT_THAT(sentence, HasSubstr("CMML-1 by the count as reported (4 %, of a number of cells that "
                                  "is not given)"));
}

TEST(Conclusions, ACountWhoseIntervalReaches20PerCentSaysSo) {
  const auto sentence = result_of("bm=- bm_blasts=18@500").editions[0].sentence;
  EXPECT_THAT(sentence, HasSubstr("CMML-2, unless blasts are 20 % or more"));
}

TEST(Genetics, ARearrangementInTheSourceOfCytogeneticsIsRaised) {
  const auto result = result_of_rows("a,cytogenetics,yes,,,,\"46,XX,inv(16)(p13q22)[20]\"\n");
  EXPECT_THAT(result.alerts, Contains(HasSubstr("CBFB::MYH11")));
  EXPECT_EQ(result.readings.at("cytogenetics").basis, Basis::unknown);
  EXPECT_THAT(result.readings.at("cytogenetics").gap.plain(),
              HasSubstr("write the karyotype as the item karyotype"));
  EXPECT_THAT(result_of_rows("a,cytogenetics,no,,,,FISH: no inv(16)\n").alerts, IsEmpty());
}

TEST(Genetics, AKaryotypeUnderMutationIsRefusedWithItsItemAndFusion) {
  EXPECT_THAT(refusal("a,mutation,yes,,inv(16),,\n"),
              AllOf(HasSubstr("item karyotype"), HasSubstr("CBFB::MYH11")));
  EXPECT_THAT(refusal("a,karyotype,yes,,,,\n"), HasSubstr("ISCN"));
  EXPECT_THAT(refusal("a,iscn,46 XX,,,,\n"), HasSubstr("did you mean karyotype?"));
}

TEST(Genetics, APanelWithoutMutationsDoesNotDenyAFusion) {
  const auto result =
      result_of_rows("a,mutation,yes,,PML::RARA,2024-03-01,FISH\na,mutation,no,,,2024-03-01,NGS\n");
  EXPECT_EQ(result.readings.at("mutation").value, 0);
  EXPECT_EQ(result.editions[0].code, "none");
}

TEST(Genetics, AFusionOnceFoundStays) {
  const auto rows =
      "a,karyotype,\"46,XX,t(15;17)(q24;q21)[20]\",,,2023-03-01,\n"
      "a,karyotype,46 XX [20],,,2024-03-01,\n";
  EXPECT_EQ(result_of_rows(rows).editions[0].code, "none");
}

TEST(Genetics, AGeneThatWasTestedAndIsNotMutatedCompletesAScore) {
  const auto known = [](const std::string& rows) { return result_of_rows(rows).editions[0].hints; };
  EXPECT_THAT(known("a,mutation,30,%,ASXL1,,\na,mutation,no,,RUNX1,,\n"),
              Contains(HasSubstr("of the genes of CPSS-Mol NRAS and SETBP1 are not reported")));
  EXPECT_THAT(known("a,mutation,no,,,,\n"), Contains(HasSubstr("CPSS-Mol are complete")));
}

TEST(Genetics, PersistenceThatWasObservedTooBrieflyIsNotNo) {
  const auto result = result_of_rows("a,persistence,brief,,,2024-03-01,LIS\n");
  EXPECT_EQ(result.readings.at("persistence").basis, Basis::unknown);
  EXPECT_THAT(result.editions[0].hints, Contains(HasSubstr("count again after three months")));
}

TEST(Genetics, AnAgeHasAUnit) {
  EXPECT_THAT(refusal("a,age,70,,,,\n"), HasSubstr("years or months"));
  EXPECT_EQ(read("a,age,30,months,,,\n").at("a").numbers.at("age").value, 2.5);
}

TEST(Hints, OfNewItemsAreShown) {
  const auto hints = [](const std::string& line) { return result_of(line).editions[0].hints; };
  EXPECT_THAT(hints("eosinophils=1.5"), Contains(HasSubstr("FIP1L1::PDGFRA by FISH")));
  EXPECT_THAT(hints("eosinophils=1.4"), Not(Contains(HasSubstr("FIP1L1::PDGFRA"))));
  EXPECT_THAT(hints("mutation=JAK2:55"), Contains(HasSubstr("MPN with monocytosis rather")));
  EXPECT_THAT(hints("mutation=JAK2:10"), Not(Contains(HasSubstr("MPN with monocytosis rather"))));
  EXPECT_THAT(hints("mutation=KIT-D816V:10"), Contains(HasSubstr("SM-CMML")));
  EXPECT_THAT(hints("mutation=TET2:41 mutation=SRSF2:30 amc=0.4 pb=-"),
              Contains(HasSubstr("highly typical")));
  EXPECT_THAT(hints("mutation=MYD88:20"), Contains(HasSubstr("additional lymphoid neoplasm")));
  EXPECT_THAT(hints("mutation=UBA1:60"), Contains(HasSubstr("VEXAS")));
  EXPECT_THAT(hints("amc=0.8 wbc=5"), Contains(HasSubstr("oligomonocytic")));
  EXPECT_THAT(hints("amc=0.3 wbc=5 pb=- pb_blasts=0@500"), Contains(HasSubstr("CHIP")));
  for (const auto* item : {"cytotoxic_therapy", "predisposition", "growth_factor", "steroids",
                           "pregnancy", "fibrosis", "splenomegaly"})
    EXPECT_GT(hints(std::string(item) + "=yes").size(), hints("").size()) << item;
}

TEST(Forecasts, AreOfTheThresholdThatIsAskedForAlone) {
  // 2 % and 5 %: ICC's increased blasts are no part of the grade.
  const auto cells = [](const EditionResult& edition) {
    std::set<std::uint64_t> found;
    for (const auto& decision : edition.decisions)
      for (const auto& need : decision.confirm)
        if (need.input == "pb_blasts" && need.cells) found.insert(*need.cells);
    return found;
  };
  const auto result = result_of("pb=- pb_blasts=3@200");
  EXPECT_THAT(cells(result.editions[0]), SizeIs(1));
  EXPECT_EQ(cells(result.editions[0]), cells(result.editions[1]));
}

}  // namespace
}  // namespace cytocape::criteria
