// What a source says of a part of its answer, and of cells that are no blasts.

#include "pipeline/criteria/untested.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/criteria/criteria.hpp"
#include "pipeline/criteria/labs_csv.hpp"
#include "pipeline/criteria/named_diseases.hpp"
#include "tests/pipeline/criteria/full_case.hpp"

namespace cytocape::criteria {
namespace {

using ::testing::Contains;
using testing::established_with;
using testing::full_case;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kCmmlByBoth = "cmml/mp/cmml_1 cmml/mp/cmml_1 ";

std::vector<std::string> first_notes(const std::vector<GivenValue>& instead) {
  const auto result =
      evaluate({.id = "a", .findings = findings_of(full_case(instead), "labs.csv"), .slides = {}},
               published_rules());
  std::vector<std::string> notes;
  for (const auto& note : result.editions.front().hints) notes.push_back(note.plain());
  return notes;
}

TEST(PartlyUntested, ANoOfBcrAbl1WhoseOtherTranscriptHasNoResultIsNotUsed) {
  for (const auto* text : {"p210 negative; p190 not tested",
                           "p210 negative, p190 not done",
                           "p210 negative, p190 pending",
                           "p210 not detected, e1a2 pending",
                           "not tested for p190; p210 negative",
                           "p190: not tested; p210: negative",
                           "p210 negative (p190 not available)",
                           "e13a2/e14a2 negative, e1a2 failed",
                           "p210 nicht nachweisbar, p190 nicht untersucht",
                           "PCR auf p210 negativ, p190 nicht bestimmt",
                           "p210 negativ, p190 steht aus",
                           "p210 n\u00e9gatif, p190 non recherch\u00e9",
                           "p210 n\u00e9gatif; p190 en attente",
                           "p210 negativo, p190 non eseguito",
                           "p210 negativo, p190 no realizado",
                           "p210 negativo; p190 no se ha realizado",
                           "p210 negativo, p190 n\u00e3o realizado",
                           "p210 negatief, p190 niet bepaald",
                           "b2a2/b3a2 negative, other transcripts not tested",
                           "M-BCR negative; m-BCR pending",
                           "M-BCR negative, m-BCR not tested",
                           "M-bcr negativ, m-bcr nicht untersucht",
                           "Major-BCR negative; minor-BCR not performed",
                           "BCR::ABL1 major negative, minor to follow",
                           "transcript majeur n\u00e9gatif, transcrit mineur non recherch\u00e9",
                           "Mbcr negative, mbcr not done"})
    EXPECT_EQ(established_with({testing::lab_row("bcr_abl1", "no", text)}), "") << text;
}

TEST(PartlyUntested, ANoOfKinaseFusionsOfWhichOneHasNoResultIsNotUsed) {
  for (const auto* text :
       {"PDGFRA negative; PDGFRB not tested", "PDGFRA negativ, PDGFRB nicht untersucht",
        "FIP1L1::PDGFRA negative, other fusions not tested",
        "FISH PDGFRB not evaluable, PDGFRA negative", "PDGFRA negativo, FGFR1 no realizado",
        "PDGFRA n\u00e9gatif, FGFR1 non fait", "panel negative; PDGFRB not covered"})
    EXPECT_EQ(established_with({testing::lab_row("tk_fusion", "no", text)}), "") << text;
}

TEST(PartlyUntested, ANoOfARearrangedGeneWhoseOtherTestHasNoResultIsUnknown) {
  EXPECT_EQ(established_with({testing::lab_row("mutation", "no",
                                               "KMT2A::MLLT3 negative; KMT2A pending", "KMT2A-r"),
                              testing::lab_row("karyotype", "46,XY,add(11)(q23)[18]", "marrow")}),
            "");
}

TEST(PartlyUntested, AMethodThatWasNotDoneIsNoPart) {
  for (const auto* text :
       {"PCR negative; FISH not done", "FISH failed; PCR negative",
        "karyotype failed, FISH negative", "RT-PCR p190 and p210 negative; FISH not performed",
        "p190, p210 and p230 negative", "p210 and p190 not detected",
        "e13a2, e14a2 and e1a2 not detected", "BCR::ABL1 p210/p190 negative by PCR, JAK2 pending",
        "p190 und p210 negativ, FISH nicht erfolgt", "negative, confirmation pending",
        "p210 negative, p190 negative"})
    EXPECT_EQ(established_with({testing::lab_row("bcr_abl1", "no", text)}), kCmmlByBoth) << text;
  for (const auto* text :
       {"RNA panel negative; FISH not done", "PDGFRA, PDGFRB, FGFR1, JAK2: no rearrangement",
        "PDGFRA and PDGFRB negative; karyotype failed"})
    EXPECT_EQ(established_with({testing::lab_row("tk_fusion", "no", text)}), kCmmlByBoth) << text;
}

TEST(TestedTogether, TranscriptsThatAreExcludedInOneLineAreExcludedInEveryLanguage) {
  for (const auto* text :
       {"transcrits p190 et p210 non d\u00e9tect\u00e9s", "p190 et p210 n\u00e9gatifs",
        "transcrits p190, p210, p230 non d\u00e9tect\u00e9s", "p190 e p210 assenti",
        "p190 e p210 non rilevati", "p190 e p210 non rilevabili", "p190 y p210 no detectados",
        "p190, p210 y p230 no detectados", "weder p190 noch p210", "p190 p210 neg",
        "BCR::ABL1 (p190, p210): undetected", "M-bcr et m-bcr n\u00e9gatifs"})
    EXPECT_EQ(established_with({testing::lab_row("bcr_abl1", "no", text)}), kCmmlByBoth) << text;
  for (const auto* text : {"p190 y p210 detectados", "p190 et p210 d\u00e9tect\u00e9s",
                           "p190 et p210 non test\u00e9s", "p190, p210 pendientes"})
    EXPECT_EQ(established_with({testing::lab_row("bcr_abl1", "no", text)}), "") << text;
}

TEST(TestedTogether, MpnThatAreExcludedInOneLineAreExcludedInEveryLanguage) {
  for (const auto* text :
       {"non criteri per PV, TE o PMF", "escluse PV, TE, PMF",
        "assenza di criteri per PV, TE o PMF", "se descartan PV, TE y MFP",
        "Kriterien f\u00fcr PV, ET, PMF nicht erf\u00fcllt", "criteria of PV, ET, PMF not met",
        "crit\u00e8res de PV, TE, MFP non remplis", "weder PV noch ET noch PMF",
        "PV, ET and PMF excluded", "no criteria for PV, ET or PMF",
        "does not meet criteria for PV, ET, PMF", "no cumple criterios de PV, TE ni MFP"})
    EXPECT_EQ(established_with({testing::lab_row("mpn_now", "no", text)}), kCmmlByBoth) << text;
  for (const auto* text :
       {"PV, ET and PMF not excluded", "non escluse PV, TE, PMF", "criteria for PV met",
        "PV, CML excluded", "no se descartan PV, TE y MFP", "to be excluded PV, ET, PMF"})
    EXPECT_EQ(established_with({testing::lab_row("mpn_now", "no", text)}), "") << text;
}

TEST(LeftUntold, ANoOfOneTranscriptAndOneByTheKaryotypeStandAndAreToldFirst) {
  for (const auto* text : {"p210 negative", "RQ-PCR e13a2/e14a2 (p210)", "p190 negative",
                           "M-bcr negative", "m-bcr negative", "major breakpoint negative"}) {
    EXPECT_EQ(established_with({testing::lab_row("bcr_abl1", "no", text)}), kCmmlByBoth) << text;
    EXPECT_THAT(first_notes({testing::lab_row("bcr_abl1", "no", text)}),
                Contains(HasSubstr("of some transcripts")))
        << text;
  }
  for (const auto* text : {"p210 and p190 negative", "PCR", "p210 negative, FISH negative",
                           "M-bcr and m-bcr negative", "major and minor transcripts negative"})
    EXPECT_THAT(first_notes({testing::lab_row("bcr_abl1", "no", text)}),
                Not(Contains(HasSubstr("of some transcripts"))))
        << text;
  for (const auto* item : {"bcr_abl1", "tk_fusion"}) {
    EXPECT_THAT(first_notes({testing::lab_row(item, "no", "karyotype only")}),
                Contains(HasSubstr("by the karyotype")));
    EXPECT_THAT(first_notes({testing::lab_row(item, "no", "karyotype and FISH")}),
                Not(Contains(HasSubstr("by the karyotype"))));
  }
}

TEST(NamedBlasts, ASharesOfOtherCellsWhoseNamesHaveBlastIsNone) {
  for (const auto* text :
       {"ring sideroblasts 45 %", "45 % ring sideroblasts", "Ringsideroblasten 20 %",
        "sid\u00e9roblastes en couronne 25 %", "sideroblastos en anillo 30 %",
        "sideroblasti ad anello 30 %", "ringsideroblasten 35 %",
        "blasts 2 %, ring sideroblasts 30 %", "ring sideroblasts 45 % blasts 2 %",
        "45 % ring sideroblasts without excess of blasts", "erythroblasts 40 %", "normoblasts 30 %",
        "Makroblasten 25 %", "eritroblastos 45 %", "60 % neutrophils no blasts",
        "megaloblasts 30 %", "plasmablasts 25 %", "fibroblasts 30 %"})
    for (const auto& blasts : named_blasts(text)) EXPECT_LT(blasts.percent, 20) << text;
  for (const auto* text :
       {"blasts 25 %", "Blasten 25 %", "myeloblasts 25 %", "25 % lymphoblasts",
        "Paramyeloblasten 25 %", "ring sideroblasts 5 %, blasts 25 %", "megakaryoblasts 25 %"}) {
    const auto named = named_blasts(text);
    ASSERT_EQ(named.size(), 1U) << text;
    EXPECT_DOUBLE_EQ(named.front().percent, 25) << text;
  }
  EXPECT_EQ(
      established_with({testing::lab_row("dysplasia_erythroid", "yes", "ring sideroblasts 45 %")}),
      kCmmlByBoth);
}

TEST(Named, AtypicalCmlIsNoChronicMyeloidLeukaemia) {
  for (const auto* text : {"aCML", "atypical CML"}) {
    const auto named = named_diseases(text);
    ASSERT_EQ(named.size(), 1U) << text;
    EXPECT_EQ(named.front().disease->say, "another myeloid neoplasm") << text;
  }
  EXPECT_THAT(named_diseases("CNL and aCML not supported"), IsEmpty());
  EXPECT_THAT(named_diseases("PV criteria not met, PV not fulfilled"), IsEmpty());
}

}  // namespace
}  // namespace cytocape::criteria
