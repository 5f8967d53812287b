// What stands first on the page, in the terminal and in JSON, and what a conclusion says of it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/criteria/criteria.hpp"
#include "tests/pipeline/criteria/case_facts.hpp"
#include "tests/pipeline/criteria/lab_rows.hpp"

namespace cytocape::criteria {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using testing::case_of;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::read;
using testing::result_of_rows;
using ::testing::StartsWith;

CaseResult result_with(const std::string& line) {
  return evaluate(case_of(line), published_rules());
}

std::vector<std::string> plain_hints(const EditionResult& edition) {
  return plain(edition.hints);
}

const CriterionResult& row_of(const EditionResult& edition, const std::string& id) {
  for (const auto& row : edition.criteria)
    if (row.id == id) return row;
  throw std::out_of_range("no criterion " + id);
}

TEST(Alerts, BlastsOf20PerCentOnAnEarlierDayAreAskedAboutFirst) {
  const auto result = result_of_rows(
      "a,bm_blasts,25,%,,2023-03-01,smear review\na,bm_blasts,4,%,,2024-03-01,smear review\n");
  EXPECT_THAT(result.alerts,
              ElementsAre("To be resolved first: 25 % blasts in marrow (smear review, 2023-03-01) "
                          "on an earlier day are acute leukaemia until shown otherwise: is this "
                          "remission, or acute leukaemia still? Inform a haematologist promptly."));
  for (const auto& edition : result.editions)
    EXPECT_EQ(row_of(edition, "no_earlier_leukaemia").state, State::indeterminate);
}

TEST(Alerts, TwentyPerCentThatASlideOrTheIntervalLeavesOpenAreSaidFirst) {
  for (const auto* line : {"bm_blasts=25", "bm=- bm_blasts=22@500"}) {
    const auto result = result_with(line);
    EXPECT_THAT(result.alerts,
                ElementsAre(AllOf(StartsWith("To be resolved first: 2"),
                                  HasSubstr("blasts in marrow"), HasSubstr("fewer are possible"),
                                  HasSubstr("Urgent: haematologist today."))))
        << line;
    EXPECT_THAT(result.editions[0].sentence, HasSubstr("undecided")) << line;
  }
  EXPECT_THAT(result_with("bm=- bm_blasts=18@500").alerts, IsEmpty());
}

TEST(Alerts, ASlideThatIsNotUsedAndShows20PerCentIsToBeLookedAtAgainWhereNobodyCounted) {
  EXPECT_THAT(result_with("nothing pb.status=insufficient pb.myeloblast=150").alerts,
              ElementsAre(AllOf(StartsWith("Look again: blood slide pb-slide is insufficient"),
                                HasSubstr("(150 of 200 cells, 75 %)"),
                                HasSubstr("Acute leukaemia is to be excluded"))));
  EXPECT_THAT(result_with("nothing pb.status=failed pb.myeloblast=150").alerts,
              ElementsAre(Not(HasSubstr("150"))));
  EXPECT_THAT(result_with("nothing pb.status=insufficient pb.myeloblast=45").alerts,
              ElementsAre(HasSubstr("(45 of 200 cells, 22.5 %)")));
  EXPECT_THAT(result_with("nothing pb.status=insufficient pb.myeloblast=35").alerts, IsEmpty());
}

TEST(Alerts, BcrAbl1IsSaidFirstWithoutACallForToday) {
  const auto result = result_with("bcr_abl1=yes");
  EXPECT_THAT(result.alerts, ElementsAre(AllOf(StartsWith("BCR::ABL1 is present"),
                                               HasSubstr("tyrosine-kinase inhibitors treat it"),
                                               HasSubstr("Inform a haematologist promptly."))));
  EXPECT_THAT(result.editions[0].sentence,
              AllOf(StartsWith("Not classified as CMML by WHO 2022. BCR::ABL1 is present"),
                    Not(HasSubstr("today"))));
}

TEST(Alerts, AFusionOfATyrosineKinaseIsSaidFirst) {
  EXPECT_THAT(result_with("tk_fusion=yes").alerts,
              ElementsAre(AllOf(StartsWith("A tyrosine-kinase fusion is present"),
                                HasSubstr("imatinib"), HasSubstr("promptly"))));
  EXPECT_THAT(result_with("tk_fusion=- cytogenetics=- karyotype=46,XX,t(5;12)(q32;p13)[20]").alerts,
              ElementsAre(StartsWith("A tyrosine-kinase fusion is present")));
}

TEST(Alerts, AKaryotypeThatContradictsAnAnswerSaysWhyNothingIsDecided) {
  const auto result = result_with("cytogenetics=- karyotype=46,XX,t(9;22)(q34;q11.2)[20]");
  EXPECT_THAT(result.alerts,
              ElementsAre(AllOf(StartsWith("To be resolved first: BCR::ABL1 is not decided: the "
                                           "answer no (LIS, 2024-03-01) and what is found "
                                           "elsewhere contradict each other: t(9;22)(q34;q11.2)"),
                                HasSubstr("means BCR::ABL1"), HasSubstr("promptly"))));
  EXPECT_THAT(result.editions[0].sentence, HasSubstr("undecided"));
}

/// As result_from, with a blood slide of 40 myeloblasts among 200 cells.
CaseResult result_beside_slide(const std::string& rows) {
  auto facts = case_of("nothing pb.myeloblast=40");
  facts.findings = read(rows).at("a");
  return evaluate(facts, published_rules());
}

TEST(Resolved, APersonsBlastsStandAgainstTheSlidesWithTheReason) {
  const std::string blasts = "a,pb_blasts,2,%,,2024-03-01,smear\n";
  const auto open = result_beside_slide(blasts);
  EXPECT_EQ(open.readings.at("pb_blasts").basis, Basis::disputed);
  const auto resolved = result_beside_slide(
      blasts + "a,resolved,pb_blasts,,,2024-03-02,lymphocytes were called blasts (AB)\n");
  const auto& reading = resolved.readings.at("pb_blasts");
  EXPECT_EQ(reading.basis, Basis::exact);
  EXPECT_EQ(reading.value, 2);
  EXPECT_THAT(plain(reading.remarks),
              Contains(AllOf(HasSubstr("by a person's decision"),
                             HasSubstr("lymphocytes were called blasts (AB), 2024-03-02"))));
}

TEST(Resolved, TheNewestAnswerStandsAgainstAnOlderYes) {
  const auto result = result_of_rows(
      "a,bcr_abl1,yes,,,2023-03-01,PCR\na,bcr_abl1,no,,,2024-03-01,PCR\n"
      "a,resolved,bcr_abl1,,,2024-03-02,sample of another patient (AB)\n");
  EXPECT_EQ(result.readings.at("bcr_abl1").answer, Choice::no);
  EXPECT_THAT(plain(result.readings.at("bcr_abl1").remarks),
              Contains(HasSubstr("sample of another patient")));
  EXPECT_THAT(result.alerts, IsEmpty());
}

TEST(Alerts, ManyBlastsOfTooFewCellsAreSaidThoughTheyAreNotUsed) {
  EXPECT_THAT(result_with("bm=- bm_blasts=90@50").alerts,
              Contains(AllOf(StartsWith("90 % blasts in marrow of 50 cells"),
                             HasSubstr("Acute leukaemia is to be excluded now"))));
  EXPECT_THAT(result_with("bm=- bm_blasts=19.9@50").alerts, IsEmpty());
}

TEST(Alerts, AnswersThatContradictEachOtherSayWhyNothingIsDecided) {
  const auto result =
      result_of_rows("a,bcr_abl1,yes,,,2023-03-01,PCR\na,bcr_abl1,no,,,2024-03-01,PCR\n");
  EXPECT_THAT(result.alerts, ElementsAre(HasSubstr("answers contradict each other")));
}

TEST(Alerts, AYesThatIsDeniedLaterIsToBeResolvedFirstWhateverItExcludesCmmlFor) {
  for (const std::string item :
       {"bcr_abl1", "tk_fusion", "mpn_history", "mpn_now", "myeloid_sarcoma", "other_neoplasm"}) {
    const auto rows =
        "a," + item + ",yes,,,2023-03-01,chart\na," + item + ",no,,,2024-03-01,chart\n";
    EXPECT_THAT(
        result_of_rows(rows).alerts,
        ElementsAre(AllOf(StartsWith("To be resolved first: "), HasSubstr(" is not decided: "),
                          HasSubstr("no (row 3, 2024-03-01) against yes (row 2, 2023-03-01)"),
                          HasSubstr("Inform a haematologist promptly."))))
        << item;
    if (item == "myeloid_sarcoma") continue;
    EXPECT_THAT(
        result_of_rows(rows + "a,resolved," + item + ",,,2024-03-02,of another patient\n").alerts,
        IsEmpty())
        << item;
  }
}

TEST(Alerts, AYesThatIsDeniedLaterStaysOneBesideAWordThatSpeaksForIt) {
  const auto result = result_of_rows(
      "a,other_neoplasm,yes,,,2023-03-01,\na,other_neoplasm,no,,,2024-03-01,\n"
      "a,immunophenotype,no,,,2024-03-01,follicular lymphoma\n");
  EXPECT_THAT(result.alerts, Contains(HasSubstr("Another haematopoietic neoplasm is not decided")));
}

TEST(Alerts, AMutationOfAcuteLeukaemiaThatIsDeniedLaterIsToBeResolvedFirst) {
  const auto result =
      result_of_rows("a,mutation,40,%,NPM1,2023-03-01,NGS\na,mutation,no,,,2024-03-01,NGS\n");
  EXPECT_THAT(result.alerts,
              ElementsAre(AllOf(StartsWith("To be resolved first: NPM1"),
                                HasSubstr("denied later for all genes"), HasSubstr("today"))));
  EXPECT_EQ(row_of(result.editions[0], "no_aml_at_any_count").state, State::indeterminate);
}

TEST(Mutations, OfMpnAndVexasThatAreDeniedLaterLeaveOpenWhatTheyWouldDefine) {
  const auto result = result_of_rows(
      "a,mutation,60,%,JAK2,2023-03-01,NGS\na,mutation,60,%,UBA1,2023-03-01,NGS\n"
      "a,mutation,no,,,2024-03-01,NGS\n");
  EXPECT_EQ(row_of(result.editions[0], "no_mpn_driver").state, State::indeterminate);
  EXPECT_EQ(row_of(result.editions[0], "no_vexas_alone").state, State::indeterminate);
}

TEST(Conclusions, WhatIsNotConfirmedHasASubtypeAndAGradeOnlyIfItIsCmml) {
  const auto result =
      result_with("cytogenetics=- karyotype=46,XX,inv(16)(p13q22)[20]").editions[1].sentence;
  EXPECT_THAT(result, HasSubstr("CMML possible, not confirmed; if CMML, subtype MD-CMML, grade "
                                "CMML-1"));
}

TEST(Alerts, WhatIsNotAskedForOrSaidToBeUnknownIsNoAlert) {
  EXPECT_THAT(result_with("bcr_abl1=- tk_fusion=-").alerts, IsEmpty());
  EXPECT_THAT(result_with("bcr_abl1=unknown tk_fusion=unknown mpn_now=unknown").alerts, IsEmpty());
}

TEST(Alerts, WhatIsUrgentTodayStandsBeforeWhatIsPrompt) {
  const auto alerts = result_with("bcr_abl1=yes bm=- bm_blasts=25@500").alerts;
  ASSERT_EQ(alerts.size(), 2U);
  EXPECT_THAT(alerts[0], HasSubstr("today"));
  EXPECT_THAT(alerts[1], HasSubstr("promptly"));
}

TEST(Alerts, WhatOneEditionRaisesIsNotLostBesideWhatAnotherExcludes) {
  const auto alerts = result_with("mutation=KMT2A::MLLT3:? mutation=NPM1:30").alerts;
  EXPECT_THAT(alerts, Contains(HasSubstr("KMT2A::MLLT3 defines")));
  EXPECT_THAT(alerts, Contains(AllOf(StartsWith("To be resolved first"), HasSubstr("NPM1"))));
}

TEST(Alerts, AnUnusedSlideThatShowsMoreIsToBeLookedAtAgain) {
  const auto result = result_with(
      "bm_blasts=5@1000 bm.n=106 bm.status=insufficient bm.monocyte=0 bm.myeloblast=19");
  EXPECT_THAT(result.alerts,
              ElementsAre("Look again: marrow slide bm-slide is insufficient and not used, but "
                          "shows clearly more blasts (19 of 106 cells, 17.9 %) than were given."));
  EXPECT_THAT(result.editions[0].code, "cmml/md/cmml_1");
  EXPECT_THAT(
      result_with("bm_blasts=5@1000 bm.n=106 bm.status=insufficient bm.monocyte=0 bm.myeloblast=40")
          .alerts,
      ElementsAre(AllOf(StartsWith("Look again: marrow slide bm-slide is insufficient"),
                        HasSubstr("20 % of blasts or more (40 of 106 cells, 37.7 %)"),
                        HasSubstr("Urgent: haematologist today."))));
  EXPECT_THAT(result_with("bm_blasts=8@1000 bm.n=106 bm.status=insufficient").alerts, IsEmpty());
}

TEST(Alerts, ASlideThatShowsAcuteLeukaemiaBesideALowNumberOfTheFileIsSaidFirst) {
  const auto result = result_with("bm_blasts=3 bm.myeloblast=200");
  EXPECT_THAT(
      result.alerts,
      ElementsAre("Look again: marrow slide bm-slide shows 40 % of blasts (35.8 to 44.4) of "
                  "500 cells, the file says 3 % (row 2, 2024-03-01). Acute leukaemia is to "
                  "be excluded now. Urgent: haematologist today."));
  for (const auto& edition : result.editions) EXPECT_THAT(edition.code, StartsWith("open"));
}

TEST(Alerts, ASlideThatShowsClearlyMoreAndAHigherGradeIsToBeLookedAtAgain) {
  EXPECT_THAT(result_with("bm_blasts=3 bm.myeloblast=75").alerts,
              ElementsAre(AllOf(StartsWith("Look again: marrow slide bm-slide shows 15 %"),
                                HasSubstr("the file says 3 %"), HasSubstr("promptly"))));
  EXPECT_THAT(result_with("bm_blasts=3 bm.myeloblast=40").alerts, IsEmpty()) << "the same grade";
  EXPECT_THAT(result_with("bm_blasts=9 bm.myeloblast=52").alerts, IsEmpty()) << "not clearly more";
}

TEST(Alerts, OneOfSeveralSlidesThatShowsAcuteLeukaemiaIsSaidFirst) {
  const auto alone = AllOf(StartsWith("Look again: blood slide pb-slide-2 shows 30 % of blasts"),
                           HasSubstr("of 200 cells"), HasSubstr("Urgent: haematologist today."));
  EXPECT_THAT(result_with("pb.myeloblast=4 pb2.myeloblast=60 pb2.monocyte=40").alerts,
              ElementsAre(AllOf(alone, HasSubstr("the slides together show 16 % of 400 cells"))));
  EXPECT_THAT(result_with("pb_blasts=1 pb.myeloblast=4 pb2.myeloblast=60 pb2.monocyte=40").alerts,
              ElementsAre(AllOf(alone, HasSubstr("the file says 1 % (row 2, 2024-03-01)"))));
}

TEST(Resolved, ASlideThatAPersonSetAsideIsTheFirstToConsider) {
  const std::string blasts = "a,pb_blasts,2,%,,2024-03-01,smear\n";
  const std::string decision = "lymphocytes were called blasts (AB)\n";
  const auto after = result_beside_slide(blasts + "a,resolved,pb_blasts,,,2024-03-02," + decision);
  EXPECT_THAT(after.alerts, IsEmpty());
  for (const auto& edition : after.editions)
    EXPECT_EQ(
        edition.hints.front().plain(),
        "Set aside by a person (row 3, lymphocytes were called blasts (AB), 2024-03-02): blood "
        "slide pb-slide shows 20 % of blasts (15 to 26.1) of 200 cells, the file says 2 % "
        "(row 2, 2024-03-01).");
}

TEST(Resolved, ADecisionOlderThanTheCountSettlesNothing) {
  const auto before = result_beside_slide(
      "a,pb_blasts,2,%,,2024-03-01,smear\na,resolved,pb_blasts,,,2023-03-02,recounted AB\n");
  EXPECT_EQ(before.readings.at("pb_blasts").basis, Basis::disputed);
  EXPECT_THAT(before.alerts, Contains(HasSubstr("the file says 2 % (row 2, 2024-03-01)")));
}

TEST(Alerts, OfAFailedSlideNoNumberIsTold) {
  const auto result =
      result_with("bm_blasts=8@1000 bm.n=106 bm.status=failed bm.monocyte=0 bm.myeloblast=40");
  EXPECT_THAT(result.alerts, ElementsAre(AllOf(HasSubstr("bm-slide is failed"),
                                               Not(HasSubstr("37")), Not(HasSubstr("106")))));
  for (const auto& remark : plain(result.readings.at("bm_blasts").remarks))
    EXPECT_THAT(remark, Not(HasSubstr("106")));
}

TEST(SaidUnknown, StandsInTheRowOfEveryItem) {
  const auto result = result_of_rows(
      "a,mpn_now,unknown,,,2024-03-01,chart\na,bcr_abl1,,,,2024-03-02,PCR\n"
      "a,reactive_cause,unknown,,,,\na,wbc,unknown,,,,\n");
  const auto& who = result.editions[0];
  EXPECT_THAT(row_of(who, "no_mpn_now").sentence.plain(),
              HasSubstr("not known, said to be unknown (row 2, 2024-03-01)"));
  EXPECT_THAT(row_of(who, "no_bcr_abl1").sentence.plain(),
              HasSubstr("said to be unknown (row 3, 2024-03-02)"));
  EXPECT_THAT(row_of(who, "no_known_inflammation").sentence.plain(), HasSubstr("(row 4)"));
  EXPECT_THAT(row_of(who, "md").sentence.plain(), HasSubstr("said to be unknown (row 5)"));
}

TEST(SaidUnknown, LeavesOpenWhatFollowsFromSeveralItems) {
  const auto result = result_of_rows(
      "a,age,unknown,,,,\na,other_neoplasm,unknown,,,,\na,mutation,unknown,,NPM1,,\n"
      "a,karyotype,unknown,,,,\na,mutation,unknown,,KMT2A-r,,\na,mutation,unknown,,TET2,,\n"
      "a,mutation,3,%,ASXL1,,\na,reactive_cause,unknown,,,,\n");
  const auto& who = result.editions[0];
  EXPECT_THAT(row_of(who, "adult").sentence.plain(), HasSubstr("said to be unknown (row 2)"));
  EXPECT_THAT(row_of(who, "no_neoplasm_beside").sentence.plain(),
              HasSubstr("said to be unknown (row 3)"));
  EXPECT_THAT(row_of(who, "no_bystander_clone").sentence.plain(),
              HasSubstr("said to be unknown (row 9)"));
  EXPECT_EQ(row_of(who, "no_aml_at_any_count").state, State::indeterminate);
  const auto aml = row_of(who, "no_aml_at_any_count").sentence.plain();
  EXPECT_THAT(aml, HasSubstr("row 4 says unknown of NPM1, which"));
  EXPECT_THAT(aml, HasSubstr("row 5 says unknown of the karyotype: give"));
  EXPECT_THAT(aml, HasSubstr("row 6 says unknown of KMT2A-r"));
}

TEST(SaidUnknown, IsTheFirstToConsiderWhereItLeavesAnEditionOpen) {
  for (const auto& [facts, label] :
       {std::pair{"age=unknown", "age in years (row 2, 2024-03-01)"},
        std::pair{"other_neoplasm=unknown", "another haematopoietic neoplasm (row 2, 2024-03-01)"},
        std::pair{"mpn_now=unknown", "myeloproliferative neoplasm found now (row 2, 2024-03-01)"},
        std::pair{"unknown=NPM1", "NPM1 (row 2, 2024-03-01)"},
        std::pair{"karyotype=unknown cytogenetics=-", "karyotype (ISCN) (row 2, 2024-03-01)"}}) {
    const auto result = result_with(facts);
    for (const auto& edition : result.editions) {
      ASSERT_FALSE(edition.hints.empty()) << facts;
      EXPECT_EQ(edition.hints.front().plain(),
                "Said to be unknown, and left open until it is told: " + std::string(label) + ".");
    }
  }
}

TEST(SaidUnknown, IsNotToBeConsideredWhereNothingHangsOnIt) {
  for (const auto* facts : {"age=unknown bcr_abl1=yes", "unknown=TET2 mutation=SRSF2:40",
                            "dysplasia_megakaryocytic=unknown", "pregnancy=unknown"})
    for (const auto& edition : result_with(facts).editions)
      EXPECT_THAT(plain_hints(edition), Each(Not(HasSubstr("Said to be unknown")))) << facts;
}

TEST(SaidUnknown, AnAnswerOfAnyDayStandsBeforeIt) {
  const auto result =
      result_of_rows("a,mpn_now,no,,,2023-03-01,\na,mpn_now,unknown,,,2024-03-01,\n");
  EXPECT_EQ(row_of(result.editions[0], "no_mpn_now").state, State::met);
  EXPECT_EQ(row_of(result_of_rows("a,wbc,5,G/L,,,\n").editions[0], "no_mpn_now").state, State::met);
}

TEST(Hints, OfAChildSpeakOfJuvenileMyelomonocyticLeukaemiaAlone) {
  const auto result = result_with("age=2 mutation=PTPN11:40 amc=0.8 wbc=5 persistence=brief");
  for (const auto& edition : result.editions) {
    EXPECT_THAT(edition.sentence, HasSubstr("juvenile myelomonocytic leukaemia (JMML)"));
    EXPECT_THAT(edition.sentence, Not(HasSubstr("Urgent")));
    EXPECT_THAT(plain_hints(edition), Contains(HasSubstr("consider juvenile myelomonocytic")));
    EXPECT_THAT(
        plain_hints(edition),
        Each(Not(AnyOf(HasSubstr("CHIP"), HasSubstr("CCUS"), HasSubstr("oligomonocytic")))));
  }
  EXPECT_THAT(result.alerts, IsEmpty());
}

TEST(Hints, ADriverOfMpnSaysThatMpnIsToBeExcluded) {
  const auto result = result_with("mutation=JAK2-V617F:60");
  for (const auto& edition : result.editions) {
    EXPECT_THAT(row_of(edition, "no_mpn_driver").sentence.plain(),
                HasSubstr("JAK2-V617F 60 %: MPN with monocytosis is to be excluded"));
    EXPECT_THAT(plain_hints(edition), Contains(HasSubstr("MPN with monocytosis rather than CMML")));
  }
}

TEST(Conclusions, AnOpenGradeNamesTheCountThatDecides) {
  const auto who = [](const std::string& line) { return result_with(line).editions[0].sentence; };
  EXPECT_THAT(who("bm=-"), HasSubstr("undecided: CMML possible, not confirmed; if CMML, subtype "
                                     "MD-CMML, grade CMML-1 or CMML-2: "
                                     "the blast count in marrow decides."));
  EXPECT_THAT(who("bm=- pb=- pb_blasts=12@200"),
              HasSubstr("grade CMML-2, unless blasts are 20 % or more: the blast count in marrow "
                        "decides."));
  EXPECT_THAT(who("wbc=- anc=1.0"),
              HasSubstr("CMML, subtype MD-CMML or MP-CMML (the leukocyte count decides)"));
  EXPECT_THAT(who("pb=- bm=- pb_blasts=4@200 bm_blasts=9@500"),
              HasSubstr("the blast counts in blood and marrow decide. CMML-1 by the count as "
                        "reported (blasts and blast equivalents in blood 4 % of 200 cells and "));
}

TEST(Conclusions, OfSeveralPossibleDiseasesTheGradeIsOfCmml) {
  EXPECT_THAT(result_with("dysplasia_erythroid=no marrow_cmml=- haemoglobin=- platelets=-")
                  .editions[1]
                  .sentence,
              HasSubstr("CMML, CCMUS or CMUS possible, none confirmed; if CMML, subtype MD-CMML"));
}

}  // namespace
}  // namespace cytocape::criteria
