// Fusions, mutations and karyotypes as a laboratory writes them, and what is said of them.

#include "pipeline/criteria/genetics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "pipeline/criteria/criteria.hpp"
#include "pipeline/criteria/genes.hpp"
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
using testing::result_of_rows;
using ::testing::SizeIs;
using ::testing::StartsWith;

CaseResult result_of(const std::string& line) {
  return evaluate(case_of(line), published_rules());
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
  EXPECT_THAT(sentence,
              HasSubstr("CMML-1 by the count as reported (4 %, number of cells not given)"));
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

TEST(Genetics, AnAnswerThatItsOwnSourceContradictsIsOpen) {
  for (const auto& [item, rows] : std::map<std::string, std::string>{
           {"tk_fusion", "a,tk_fusion,no,,,,ETV6::PDGFRB found\n"},
           {"bcr_abl1", "a,bcr_abl1,no,,,,BCR-ABL1 p210 positive\n"},
           {"cytogenetics", "a,cytogenetics,no,,,,\"45,XX,-7[20]\"\n"}}) {
    const auto reading = result_of_rows(rows).readings.at(item);
    EXPECT_FALSE(reading.answer) << item;
    EXPECT_THAT(reading.gap.plain(), HasSubstr("contradict each other")) << item;
  }
}

TEST(Genetics, AnAnswerWhoseSourceNamesTheTestOrDeniesStands) {
  for (const auto* source : {"RT-PCR BCR::ABL1", "BCR::ABL1 not detected", "no BCR::ABL1",
                             "FISH panel BCR/ABL1 and PDGFRB", "negative for t(9;22)"})
    EXPECT_EQ(result_of_rows(std::string("a,bcr_abl1,no,,,,") + source + "\n")
                  .readings.at("bcr_abl1")
                  .answer,
              Choice::no)
        << source;
}

TEST(Genetics, AnySourceThatNamesAnotherDiseaseIsRaisedBesideItsValue) {
  for (const auto& [rows, fusion] : std::map<std::string, std::string>{
           {"a,marrow_cmml,yes,,,,AML M4 with inv(16)\n", "CBFB::MYH11"},
           {"a,mutation,no,,,,PML::RARA positive\n", "PML::RARA"},
           {"a,mutation,no,,KMT2A-r,,KMT2A rearranged\n", "KMT2A"},
           {"a,karyotype,\"46,XY[20]\",,,,FISH KMT2A rearranged\n", "KMT2A"},
           {"a,wbc,12,10*9/L,,,known APL\n", "PML::RARA"}})
    EXPECT_THAT(result_of_rows(rows).alerts, Contains(HasSubstr(fusion))) << rows;
  EXPECT_THAT(result_of_rows("a,marrow_cmml,yes,,,,AML M4 with inv(16)\n")
                  .readings.at("marrow_cmml")
                  .remarks,
              Contains("the source of row 2 names inv(16) (CBFB::MYH11)"));
  EXPECT_THAT(result_of_rows("a,marrow_cmml,yes,,,,no sign of APL\n").alerts, IsEmpty());
}

TEST(Genetics, AGeneAloneThatIsKnownForItsRearrangementsIsAskedAbout) {
  for (const auto* gene :
       {"NUP98", "RARA", "MECOM", "EVI1", "DEK", "CBFB", "NUP214", "MYH11", "RUNX1T1"}) {
    const auto result = result_of_rows(std::string("a,mutation,yes,,") + gene + ",,NGS\n");
    EXPECT_THAT(result.alerts, Contains(AllOf(HasSubstr("may be a mutation or a rearrangement"),
                                              HasSubstr("-r or "))))
        << gene;
    EXPECT_THAT(result.readings.at("mutation").gap.plain(),
                HasSubstr("known here for its rearrangements"))
        << gene;
  }
  EXPECT_EQ(result_of_rows("a,mutation,yes,,PDGFRB,,\na,tk_fusion,no,,,,\n")
                .readings.at("tk_fusion")
                .basis,
            Basis::unknown);
}

TEST(Genetics, AGeneThatIsJoinedToAnySymbolIsAFusion) {
  for (const auto* fusion :
       {"TTMV-RARA", "NPM-RARA", "PRKAR1A-RARA", "H2AFZ-MECOM", "NUP98-HOXD13", "NUP98/JARID1A",
        "PEBP2B-MYH11", "AML1-MTG16", "RUNX1-USP42", "MYST3-CREBBP", "MOZ-TIF2", "NPM-MLF1",
        "HLXB9-ETV6", "ETO2-GLIS2", "OTT1-MAL", "MLL-MAML2", "MLL-LARG", "MLL/AF17", "MLL-p300"})
    EXPECT_FALSE(fused_genes(fusion).empty()) << fusion;
  for (const auto* fusion : {"TTMV-RARA", "MLL-LARG", "RUNX1-USP42"}) {
    const auto result = result_of_rows(std::string("a,mutation,yes,,") + fusion + ",,RNA\n");
    EXPECT_FALSE(result.alerts.empty()) << fusion;
    EXPECT_FALSE(result.readings.at("mutation").value) << fusion;
  }
  for (const auto* variant :
       {"FLT3-ITD", "KMT2A-PTD", "JAK2-V617F", "KIT-D816V", "RUNX1-R201fs", "NPM1-A", "ETV6-del",
        "CEBPA-dm", "RUNX1-p.R201*", "PDGFRA-D842V", "JAK2-exon12", "SRSF2-P95H"})
    EXPECT_TRUE(fused_genes(variant).empty()) << variant;
}

TEST(Genetics, SeveralGenesInARowAreRefused) {
  for (const auto* genes : {"TET2, ASXL1", "TET2/ASXL1", "KRAS;NRAS", "PML, RARA"})
    for (const auto* value : {"yes", "no"})
      EXPECT_THAT(refusal(std::string("a,mutation,") + value + ",,\"" + genes + "\",,NGS\n"),
                  HasSubstr("one gene a row"))
          << genes << value;
  for (const auto* fusion : {"PML/RARA", "AML1-ETO", "CBFbeta-MYH11", "PML/RARalpha"})
    EXPECT_FALSE(names_several_genes(fusion)) << fusion;
}

TEST(Genetics, AVariantMayBeWrittenIntoItsGene) {
  for (const auto& [written, gene] : std::map<std::string, std::string>{{"JAK2V617F", "JAK2"},
                                                                        {"MPLW515L", "MPL"},
                                                                        {"KITD816V", "KIT"},
                                                                        {"MYD88L265P", "MYD88"},
                                                                        {"RHOAG17V", "RHOA"},
                                                                        {"NPM1c", "NPM1"},
                                                                        {"NPM", "NPM1"},
                                                                        {"FLT3ITD", "FLT3"},
                                                                        {"CALRdel52", "CALR"},
                                                                        {"NPM1mutA", "NPM1"},
                                                                        {"VEXAS", "UBA1"}})
    EXPECT_EQ(read_gene(written).gene, gene) << written;
}

TEST(Genetics, WordsForARearrangementMakeItOne) {
  for (const auto* written :
       {"KMT2A umgelagert", "KMT2A Umlagerung", "KMT2A riarrangiato", "KMT2A reordenado",
        "KMT2A Translokation", "ETV6-ACSL6", "MLL fusion"})
    EXPECT_FALSE(fused_genes(written).empty()) << written;
  for (const auto* written : {"KMT2A FISH+", "MLL+", "MLL positive", "MLL 11q23", "MLL(11q23)"}) {
    const auto name = read_gene(written);
    EXPECT_TRUE(may_be_rearranged({.gene = name.gene, .variant = name.variant})) << written;
  }
}

TEST(Genetics, AGeneThatIsSaidNotToBeMutatedIsNoVariant) {
  for (const auto* gene :
       {"TET2 kein Nachweis", "TET2 n.d.", "TET2(-)", "TET2 -", "TET2 negative",
        "TET2 nicht mutiert", "TET2 unmutiert", "TET2 Wildtyp", "TET2 assente", "TET2 non muté",
        "TET2 ?", "TET2 pending", "TET2 failed", "TET2 artefact", "TET2 Klasse 3"})
    EXPECT_THAT(refusal(std::string("a,mutation,30,%,") + gene + ",,NGS\n"), HasSubstr(gene))
        << gene;
  for (const auto* gene : {"TET2 p.Q1548*", "TET2", "HLA-A", "CEBPA-dm"})
    EXPECT_TRUE(no_gene_symbol(gene).empty()) << gene;
}

TEST(Genetics, AMutationThatProbesAloneSawMayBeARearrangement) {
  for (const auto* gene : {"MLL", "RUNX1"})
    for (const auto* source : {"FISH break apart", "60 % of nuclei by FISH"}) {
      const auto result =
          result_of_rows(std::string("a,mutation,yes,,") + gene + ",," + source + "\n");
      EXPECT_FALSE(result.alerts.empty()) << gene << source;
      EXPECT_FALSE(result.readings.at("mutation").value) << gene << source;
    }
  EXPECT_THAT(result_of_rows("a,mutation,30,%,RUNX1,,NGS; FISH normal\n").alerts, IsEmpty());
}

TEST(Genetics, AGeneAloneWhoseRearrangementIsExcludedIsAMutation) {
  EXPECT_THAT(result_of_rows("a,mutation,yes,,NUP98,,\na,mutation,no,,NUP98-r,,\n").alerts,
              IsEmpty());
  for (const auto* gene : {"KMT2A-PTD", "RUNX1", "ETV6", "ABL1 T315I", "PDGFRA D842V"})
    EXPECT_THAT(result_of_rows(std::string("a,mutation,30,%,") + gene + ",,\n").alerts, IsEmpty())
        << gene;
}

TEST(Genetics, AKaryotypeWithoutAResultDecidesNothing) {
  const auto reading =
      result_of_rows("a,karyotype,no metaphases,,,,LIS\n").readings.at("cytogenetics");
  EXPECT_EQ(reading.basis, Basis::unknown);
  EXPECT_THAT(reading.gap.plain(), HasSubstr("no result of the karyotype (LIS)"));
  const auto rows = "a,karyotype,failed,,,,\na,karyotype,\"46,XX[20]\",,,,\n";
  EXPECT_EQ(result_of_rows(rows).readings.at("cytogenetics").answer, Choice::no);
}

TEST(Hints, WhereCmmlIsExcludedNobodyIsAskedToDecide) {
  for (const auto* line : {"mutation=NPM1:40 bm=- bm_blasts=14@500", "mutation=PML::RARA:?",
                           "other_neoplasm=yes bcr_abl1=yes"})
    for (const auto& edition : result_of(line).editions)
      for (const auto& hint : edition.hints)
        EXPECT_THAT(hint.plain(), Not(HasSubstr("a haematopathologist must decide"))) << line;
  EXPECT_THAT(result_of("mutation=NPM1:40").editions[0].hints,
              Contains(HasSubstr("a haematopathologist must decide")));
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
