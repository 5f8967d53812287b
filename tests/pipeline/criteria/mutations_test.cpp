#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "pipeline/criteria/criteria.hpp"
#include "pipeline/criteria/genes.hpp"
#include "pipeline/criteria/readings.hpp"
#include "tests/pipeline/criteria/lab_rows.hpp"

namespace cytocape::criteria {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::read;
using testing::refusal;

/// The mutations of case "a".
Reading reading_of(const std::string& rows) {
  return read_case({.id = "a", .findings = read(rows).at("a"), .slides = {}}).at("mutation");
}

Reading reading_of_row(const std::string& value_unit_gene) {
  return reading_of("a,mutation," + value_unit_gene + ",,\n");
}

TEST(Mutations, AreRowsOfGeneAndVaf) {
  const auto cases = read(
      "a,mutation,4,%,SRSF2,,\na,mutation,38,%,TET2,,\na,mutation,yes,,ASXL1,,\nb,mutation,no,,,,"
      "NGS\n");
  const auto& mutations = cases.at("a").mutations;
  ASSERT_EQ(mutations.size(), 3U);
  EXPECT_EQ(mutations[0].gene, "TET2");
  EXPECT_FALSE(mutations[2].vaf.has_value());
  ASSERT_TRUE(cases.at("b").no_mutation.has_value());
  EXPECT_EQ(cases.at("b").no_mutation->source, "NGS");
}

TEST(Mutations, WithoutGeneOrAgainstANoAreRefused) {
  EXPECT_THAT(refusal("a,mutation,38,%,,,\n"), HasSubstr("gene \"\""));
  EXPECT_THAT(refusal("a,mutation,no,,,,\na,mutation,38,%,TET2,,\n"),
              AllOf(HasSubstr("contradicts"), HasSubstr("expected dates")));
  EXPECT_THAT(refusal("a,wbc,9,10^9/L,TET2,,\n"), HasSubstr("gene \"TET2\""));
}

TEST(Mutations, AreKnownInAnySpelling) {
  for (const auto* written : {"TET2", "tet2", "TET-2", "Tet 2"})
    EXPECT_EQ(reading_of_row(std::string("38,%,") + written).source, "TET2 38 %; labs.csv");
  for (const auto* written : {"FLT3-ITD", "KMT2A-PTD", "JAK2 V617F"}) {
    const auto reading = reading_of_row(std::string("yes,,") + written);
    EXPECT_THAT(reading.source, HasSubstr(written));
    EXPECT_THAT(reading.remarks, IsEmpty()) << written;
  }
}

TEST(Mutations, FusionsAreNoClonality) {
  for (const auto* written : {"KMT2A-r", "KMT2A::MLLT3", "MLLT3::kmt2a", "PML::RARA", "FUS::ERG"}) {
    const auto reading = reading_of_row(std::string("yes,,") + written);
    EXPECT_EQ(reading.basis, Basis::unknown) << written;
    EXPECT_THAT(reading.remarks, ElementsAre(HasSubstr(written)));
  }
}

TEST(Mutations, OfGenesOfOtherDiseasesDecideNothingAndAreSaid) {
  for (const auto* written :
       {"MYD88 L265P", "NOTCH1", "PAX5", "CCND1", "ZNF318", "UBA1", "SAMD9L"}) {
    const auto reading = reading_of_row(std::string("20,%,") + written);
    EXPECT_EQ(reading.basis, Basis::unknown) << written;
    EXPECT_THAT(reading.remarks, ElementsAre(HasSubstr(written))) << written;
  }
}

TEST(Mutations, OfGenesOfOtherDiseasesDoNotHideThatOthersAreKnown) {
  const auto reading = reading_of("a,mutation,5,%,TET2,,\na,mutation,38,%,MYD88,,\n");
  EXPECT_EQ(reading.basis, Basis::exact);
  EXPECT_EQ(reading.value, 5);
  EXPECT_THAT(reading.remarks, ElementsAre("MYD88 38 % of row 3 belongs to lymphoid neoplasms"));
}

TEST(Mutations, HaveAMeaningByTheirGene) {
  EXPECT_EQ(meaning_of("TET2"), GeneMeaning::supports);
  EXPECT_EQ(meaning_of("MYD88"), GeneMeaning::lymphoid);
  EXPECT_EQ(meaning_of("UBA1"), GeneMeaning::vexas);
  EXPECT_EQ(meaning_of("FOOBAR"), GeneMeaning::not_listed);
  EXPECT_EQ(meaning_of("PML::RARA"), GeneMeaning::fusion);
}

TEST(Mutations, OfAGeneNotInTheListDecideNothingAndAreSaid) {
  const auto reading = reading_of_row("38,%,FOOBAR");
  EXPECT_EQ(reading.basis, Basis::unknown);
  EXPECT_EQ(reading.gap, "FOOBAR 38 % of row 2 is not in the list of genes");
  EXPECT_THAT(reading.remarks,
              ElementsAre("row 2: FOOBAR is not a gene of the program's list: it decides nothing; "
                          "check its spelling"));
  EXPECT_THAT(reading_of_row("38,%,TETT2").remarks, ElementsAre(EndsWith("did you mean TET2?")));
  EXPECT_THAT(reading_of_row("38,%,MLLT3::AFDN").remarks, ElementsAre(HasSubstr("MLLT3::AFDN")));
}

TEST(Mutations, OfAGeneNotInTheListLeaveOpenWhatAListedOneDoesNotDecide) {
  const auto reading = reading_of("a,mutation,5,%,TET2,,\na,mutation,38,%,FOOBAR,,\n");
  EXPECT_EQ(reading.basis, Basis::lower_bound);
  EXPECT_EQ(reading.value, 5);
  EXPECT_EQ(reading.interval->low, 5);
}

TEST(Mutations, TextThatIsNoGeneSymbolIsRefused) {
  for (const auto* written :
       {"wild type", "see report", "none", "foobar", "t(9;22)", "Normal", "inv16", "APL", "Ph+"})
    EXPECT_THAT(refusal(std::string("a,mutation,yes,,") + written + ",,\n"),
                HasSubstr(std::string("row 2: gene \"") + written + "\": expected"));
  for (const auto* written : {"JAK2 wild type", "TET2-negative", "FLT3 not mutated", "NPM1 WT",
                              "TET2 VUS", "TET2 (benign SNP)", "TET2 benign polymorphism"})
    EXPECT_THAT(refusal(std::string("a,mutation,yes,,") + written + ",,\n"),
                HasSubstr("with the value \"no\""));
  for (const auto* written : {"WT1", "wt1", "C9orf72", "FOOBAR", "HLA-A", "TP53 p.R175H"})
    EXPECT_EQ(refusal(std::string("a,mutation,yes,,") + written + ",,\n"), "no error") << written;
}

TEST(Mutations, ThatAreBcrAbl1AreRefusedWithTheirItem) {
  for (const auto* written : {"BCR::ABL1", "BCR-ABL1", "bcr/abl1", "BCR::ABL", "BCRABL1", "BCR ABL",
                              "ABL1::BCR", "BCR-ABL1 p210", "BCR\u2013ABL1"}) {
    EXPECT_EQ(item_of_fusion(written), "bcr_abl1") << written;
    EXPECT_THAT(
        refusal(std::string("a,mutation,40,%,") + written + ",,\n"),
        AllOf(HasSubstr(std::string("row 2: gene \"") + written), HasSubstr("item bcr_abl1")));
  }
}

TEST(Mutations, ThatAreTyrosineKinaseFusionsAreRefusedWithTheirItem) {
  for (const auto* written : {"FIP1L1-PDGFRA", "FIP1L1PDGFRA", "ETV6::PDGFRB", "CCDC88C/PDGFRB",
                              "ZMYM2::FGFR1", "PCM1-JAK2", "JAK2::PCM1", "BCR-JAK2", "ETV6-FLT3",
                              "ETV6::ABL1", "SOMEGENE-PDGFRB", "PDGFRA rearranged", "FGFR1-r"}) {
    EXPECT_EQ(item_of_fusion(written), "tk_fusion") << written;
    EXPECT_THAT(refusal(std::string("a,mutation,yes,,") + written + ",,\n"),
                HasSubstr("item tk_fusion"));
  }
  for (const auto* written : {"JAK2 V617F", "FLT3-ITD", "FLT3 TKD", "ABL1 T315I", "KMT2A-r", "JAK2",
                              "KMT2A::MLLT3", "PDGFRA D842V", "TET2"})
    EXPECT_EQ(item_of_fusion(written), "") << written;
}

TEST(Mutations, AFusionUnderTheWrongItemIsRefusedAsUnknownToo) {
  EXPECT_THAT(refusal("a,mutation,unknown,,BCR::ABL1,,\n"), HasSubstr("item bcr_abl1"));
}

TEST(Mutations, ThatDefineAcuteLeukaemiaShowAHintWhereTheyExcludeNothing) {
  const auto hints = [](const std::string& gene) {
    const Case facts{
        .id = "a", .findings = read("a,mutation,yes,," + gene + ",,\n").at("a"), .slides = {}};
    std::vector<std::string> shown;
    for (const auto& edition : evaluate(facts, published_rules()).editions)
      for (const auto& hint : edition.hints)
        if (hint.plain().find("defines acute myeloid leukaemia") != std::string::npos)
          shown.push_back(hint);
    return shown.size();
  };
  for (const auto* fusion :
       {"RUNX1::RUNX1T1", "AML1-ETO", "AML1/ETO", "KMT2Ar", "CBFB/MYH11", "KMT2A-r", "MLL-r",
        "KMT2A::MLLT3", "KMT2A rearranged", "DEK::NUP214", "NUP98-NSD1", "MECOM rearranged"})
    EXPECT_EQ(hints(fusion), 1U) << fusion << " ends WHO's CMML, and leaves ICC's open";
  for (const auto* gene : {"PML::RARA", "PML-RARα", "RUNX1", "KMT2A-PTD", "CBFB", "TET2", "MECOM"})
    EXPECT_EQ(hints(gene), 0U) << gene;
}

TEST(Mutations, UnderFormerSymbolsAreThoseOfTheGene) {
  EXPECT_EQ(read_gene("MLL-PTD").gene, "KMT2A");
  EXPECT_EQ(read_gene("p53").gene, "TP53");
}

TEST(Mutations, AnAnswerHasNoUnit) {
  EXPECT_THAT(refusal("a,mutation,yes,%,TET2,,\n"),
              HasSubstr("row 2: unit \"%\": expected no unit"));
  EXPECT_THAT(refusal("a,mutation,no,%,,,\n"), HasSubstr("unit \"%\""));
}

TEST(Mutations, MarksBehindASymbolAreVariants) {
  for (const auto& [written, gene] : std::map<std::string, std::string>{{"NPM1c", "NPM1"},
                                                                        {"NPM1c+", "NPM1"},
                                                                        {"CEBPAdm", "CEBPA"},
                                                                        {"FLT3ITD", "FLT3"},
                                                                        {"KMT2APTD", "KMT2A"}}) {
    EXPECT_EQ(read_gene(written).gene, gene);
    EXPECT_EQ(refusal("a,mutation,yes,," + written + ",,\n"), "no error");
  }
  EXPECT_FALSE(read_gene("TET2FOO").known);
}

TEST(Mutations, FusionsAreReadInEverySpelling) {
  for (const auto* written : {"PML-RARα", "PML/RARα", "PML-RAR", "PML::RARA"})
    EXPECT_THAT(fused_genes(written), ElementsAre("PML", "RARA")) << written;
  EXPECT_THAT(fused_genes("AML1/ETO"), ElementsAre("RUNX1", "RUNX1T1"));
  for (const auto* written : {"KMT2Ar", "MLLr", "KMT2A t(9;11)", "KMT2A T(9;11)(p21;q23)"})
    EXPECT_THAT(fused_genes(written), ElementsAre("KMT2A")) << written;
  for (const auto* written : {"CSF3R", "WT1 overexpression", "KMT2A-PTD", "NPM1c"})
    EXPECT_THAT(fused_genes(written), IsEmpty()) << written;
}

TEST(Mutations, AVariantIsKeptApartFromItsGene) {
  const auto name = read_gene("jak2 V617F");
  EXPECT_EQ(name.gene, "JAK2");
  EXPECT_EQ(name.variant, " V617F");
  EXPECT_EQ(read_gene("JAK2::PCM1").gene, "JAK2::PCM1") << "no mutated JAK2";
  EXPECT_FALSE(read_gene("JAK22").known);
}

TEST(Mutations, FoundLaterOutdoAnEarlierNo) {
  const auto reading =
      reading_of("a,mutation,38,%,TET2,2024-03-01,\na,mutation,no,,,2023-01-01,\n");
  EXPECT_EQ(reading.basis, Basis::exact);
  EXPECT_EQ(reading.value, 38);
  EXPECT_THAT(reading.remarks, ElementsAre("an older answer is not used: no (row 3, 2023-01-01)"));
}

TEST(Mutations, DeniedLaterAreContested) {
  const std::string rows =
      "a,mutation,38,%,TET2,2023-01-01,\na,mutation,yes,,CBL,2023-01-01,\n"
      "a,mutation,no,,,2024-03-01,\n";
  const auto reading = reading_of(rows);
  EXPECT_EQ(reading.basis, Basis::unknown);
  EXPECT_FALSE(reading.value.has_value());
  EXPECT_EQ(
      reading.gap,
      "answers contradict each other: no (row 4, 2024-03-01) against TET2 38 % (row 2, "
      "2023-01-01) and CBL (VAF unknown) (row 3, 2023-01-01); leave the right one in the file");
  const auto findings = read(rows).at("a");
  EXPECT_THAT(findings.mutations, IsEmpty());
  EXPECT_FALSE(findings.no_mutation.has_value());
}

TEST(Mutations, FoundOnceMoreAreNotContested) {
  EXPECT_EQ(reading_of("a,mutation,38,%,TET2,2022-01-01,\na,mutation,no,,,2023-01-01,\n"
                       "a,mutation,40,%,TET2,2024-01-01,\n")
                .value,
            40);
}

TEST(Mutations, OfOneDayWithANoAreAFault) {
  EXPECT_THAT(refusal("a,mutation,no,,,2024-03-01,\na,mutation,38,%,TET2,2024-03-01,\n"),
              AllOf(HasSubstr("row 2"), HasSubstr("TET2 of row 3")));
  EXPECT_THAT(refusal("a,mutation,no,,,,\na,mutation,38,%,TET2,2024-03-01,\n"),
              HasSubstr("contradicts"));
}

TEST(Mutations, OfOneGeneTheNewestRowCounts) {
  const auto reading = reading_of(
      "a,mutation,38,%,TET2,2023-01-01,\na,mutation,4,%,tet2,2024-03-01,\n"
      "a,mutation,9,%,CBL,2023-01-01,\n");
  EXPECT_EQ(reading.value, 9);
  EXPECT_THAT(reading.remarks,
              ElementsAre("an older answer is not used: TET2 38 % (row 2, 2023-01-01)"));
}

TEST(Mutations, OfOneDayOrNoneMayBeTwoVariants) {
  EXPECT_EQ(read("a,mutation,38,%,TET2,2024-03-01,\na,mutation,4,%,TET2,2024-03-01,\n")
                .at("a")
                .mutations.size(),
            2U);
  EXPECT_EQ(
      read("a,mutation,38,%,TET2,,\na,mutation,4,%,TET2,2024-03-01,\n").at("a").mutations.size(),
      2U);
}

TEST(Mutations, OfTwoNamedVariantsBothCount) {
  const auto reading =
      reading_of("a,mutation,38,%,FLT3-ITD,2023-01-01,\na,mutation,4,%,FLT3-TKD,2024-03-01,\n");
  EXPECT_EQ(reading.value, 38);
  EXPECT_THAT(reading.remarks, IsEmpty());
  EXPECT_EQ(
      reading_of("a,mutation,38,%,JAK2,2023-01-01,\na,mutation,4,%,JAK2 V617F,2024-03-01,\n").value,
      4)
      << "which of the two was found first is not said";
}

TEST(Mutations, EachNamesItsSource) {
  EXPECT_EQ(
      reading_of("a,mutation,38,%,TET2,2024-03-05,NGS\na,mutation,4,%,CBL,2024-03-05,NGS\n").source,
      "TET2 38 %, CBL 4 %; NGS, 2024-03-05");
  EXPECT_EQ(reading_of("a,mutation,38,%,TET2,2024-03-05,NGS\na,mutation,12,%,JAK2,2023-01-01,PCR\n"
                       "a,mutation,4,%,CBL,2024-03-05,NGS\n")
                .source,
            "TET2 38 %, CBL 4 % (NGS, 2024-03-05); JAK2 12 % (PCR, 2023-01-01)");
}

TEST(Mutations, OfUnknownVafAreALowerBoundThatNothingWasCountedFor) {
  const Case facts{
      .id = "a",
      .findings =
          read("a,mutation,30,%,NPM1,,\na,mutation,yes,,KRAS,,\na,mutation,yes,,CBL,,\n").at("a"),
      .slides = {}};
  const auto reading = read_case(facts).at("mutation");
  EXPECT_EQ(reading.basis, Basis::lower_bound);
  EXPECT_EQ(reading.gap, "the VAF of CBL and KRAS is not given");
  std::string sentences;
  const auto result = evaluate(facts, published_rules());
  for (const auto& edition : result.editions)
    for (const auto& row : edition.criteria) sentences += row.sentence + "\n";
  EXPECT_THAT(sentences, AllOf(HasSubstr("at least 30 %, because the VAF of CBL and KRAS is not "
                                         "given"),
                               Not(HasSubstr("30 % counted"))));
}

TEST(Mutations, ANewerUnknownIsSaid) {
  const std::string found = "a,mutation,38,%,TET2,2023-01-01,\n";
  EXPECT_THAT(reading_of(found + "a,mutation,unknown,,,2024-03-01,\n").remarks,
              ElementsAre("row 3 of 2024-03-01 says unknown"));
  EXPECT_THAT(reading_of(found + "a,mutation,unknown,,tet2,2024-03-01,\n").remarks,
              ElementsAre("row 3 of 2024-03-01 says unknown of tet2"));
  EXPECT_THAT(reading_of(found + "a,mutation,unknown,,CBL,2024-03-01,\n").remarks, IsEmpty());
}

TEST(Mutations, WrittenWithTheirVariantShowTheHintsOfTheirGene) {
  const Case facts{
      .id = "a", .findings = read("a,mutation,30,%,jak2 V617F,,\n").at("a"), .slides = {}};
  const auto result = evaluate(facts, published_rules());
  for (const auto& edition : result.editions)
    EXPECT_THAT(edition.hints, Contains(HasSubstr("myeloproliferative neoplasms carry")));
}

}  // namespace
}  // namespace cytocape::criteria
