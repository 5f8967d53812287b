// Rows on mutations that tests of chromosomes alone tell of, and symbols without a sign between.

#include "pipeline/criteria/unsequenced.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/criteria/genes.hpp"
#include "tests/pipeline/criteria/full_case.hpp"

namespace cytocape::criteria {
namespace {

Mutation row_of(const std::string& gene, const std::string& source) {
  const auto name = read_gene(gene);
  return {.gene = name.gene, .from = {.source = source}, .variant = name.variant};
}

TEST(Unsequenced, TestsOfChromosomesShowNoMutationOfAnyGene) {
  for (const auto* source :
       {"FISH, 60 % of nuclei", "FISH panel", "panel de FISH", "karyotype 21q22",
        "interphase cytogenetics", "Southern blot", "OGM", "Fluoreszenz-in-situ-Hybridisierung",
        "hybridation in situ", "citogenetica", "SNP array", "Bänderungsanalyse"})
    for (const auto* gene : {"ASXL1", "TET2", "RUNX1"})
      EXPECT_TRUE(is_seen_without_sequence(row_of(gene, source))) << gene << source;
}

TEST(Unsequenced, SequencingBesideThemAndNamesOfLaboratoriesAreOfMutations) {
  for (const auto* source : {"NGS", "FISH normal; NGS", "myeloid panel", "cytogenetics laboratory",
                             "Institut für Zytogenetik", "karyotype normal, PCR", "report 4711"})
    EXPECT_FALSE(is_seen_without_sequence(row_of("TET2", source))) << source;
}

TEST(Unsequenced, SuchARowAsTheOnlySupportLeavesNoEditionWithCmml) {
  const auto resting_on = [](const std::string& source) {
    auto rows = testing::full_case({testing::lab_row("immunophenotype", "no")});
    std::erase_if(rows, [](const GivenValue& one) {
      return one.item == "mutation" || one.item.starts_with("dysplasia") ||
             one.item == "karyotype" || one.item == "marrow_cmml" ||
             one.item == "classical_monocytes";
    });
    rows.push_back(testing::lab_row("mutation", "yes", source, "ASXL1"));
    return testing::codes_of(rows);
  };
  using ::testing::StartsWith;
  EXPECT_THAT(resting_on("NGS"), ::testing::Contains(StartsWith("cmml")));
  EXPECT_THAT(resting_on("FISH"), ::testing::Each(::testing::Not(StartsWith("cmml"))));
}

TEST(GeneSymbols, AreReadWithTheVariantWrittenRightBehind) {
  const std::pair<const char*, const char*> written[] = {
      {"NPM1TYPEA", "NPM1"}, {"NPM1A", "NPM1"},     {"NPM1EXON12", "NPM1"},    {"NPM1POS", "NPM1"},
      {"JAK2EX12", "JAK2"},  {"CALRTYPE1", "CALR"}, {"MPLEX10", "MPL"},        {"KITEXON17", "KIT"},
      {"CALR52BP", "CALR"},  {"RARAPOS", "RARA"},   {"UBA1P.MET41THR", "UBA1"}};
  for (const auto& [symbol, gene] : written) EXPECT_EQ(read_gene(symbol).gene, gene) << symbol;
  for (const auto* symbol : {"KMT2AREARR", "MLLREARR", "RARAFUSION", "NUP98SPLIT", "MECOMREARR"})
    EXPECT_FALSE(fused_genes(symbol).empty()) << symbol;
}

TEST(GeneSymbols, AreRefusedWhereTheyBeginOrEndWithAGeneOfTheListAndAreNone) {
  for (const auto* symbol : {"TTMVRARA", "NUP98HOXD13", "KMT2ALARG", "NPM1FOO", "JAK2KIF5C"})
    EXPECT_NE(no_gene_symbol(symbol), "") << symbol;
  for (const auto* symbol : {"CALR3", "TP53BP1", "PTPN12", "KITLG", "MYCN", "BCL2L11", "FOOBAR"})
    EXPECT_EQ(no_gene_symbol(symbol), "") << symbol;
}

TEST(GeneSymbols, OfRearrangementsLeaveACaseOfCmmlOpen) {
  for (const auto* symbol :
       {"NPM1TYPEA", "KMT2AREARR", "KMT2A11Q23", "MLLPOS", "RARAPOS", "EVI1HIGH"})
    EXPECT_EQ(testing::established_with({testing::lab_row("mutation", "30", "NGS", symbol)}), "")
        << symbol;
}

}  // namespace
}  // namespace cytocape::criteria
