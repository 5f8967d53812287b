// What the words beside a value name: nothing that they speak of ends as an established CMML, and
// what they deny changes nothing.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "pipeline/criteria/affirmed_genes.hpp"
#include "pipeline/criteria/criteria.hpp"
#include "pipeline/criteria/items.hpp"
#include "pipeline/criteria/labs_csv.hpp"
#include "pipeline/criteria/named_diseases.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/untested.hpp"
#include "tests/pipeline/criteria/full_case.hpp"

namespace cytocape::criteria {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::established_with;
using testing::full_case;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::lab_row;
using ::testing::Not;

constexpr const char* kBoth = "cmml/mp/cmml_1 cmml/mp/cmml_1 ";

CaseResult result_with(const std::vector<GivenValue>& instead) {
  return evaluate(
      {.id = "a", .findings = findings_of(full_case(instead), "labs.csv"), .slides = {}},
      published_rules());
}

std::vector<std::string> said_in(const std::string& text) {
  std::vector<std::string> names;
  for (const auto& named : named_diseases(text)) names.push_back(named.disease->say);
  return names;
}

TEST(Named, TheFullCaseIsCmmlByBothEditions) {
  EXPECT_EQ(established_with({}), kBoth);
}

/// A row whose source says more than its value.
struct Said {
  const char* item;
  const char* value;
  const char* source;
};

TEST(Named, ANoWhoseOwnSourceNamesTheDiseaseIsNotUsed) {
  for (const auto& [item, value, source] : std::vector<Said>{
           {"mpn_history", "no", "PV diagnosed 2015"},
           {"mpn_history", "no", "essential thrombocythaemia since 2011"},
           {"mpn_history", "no", "ET"},
           {"mpn_history", "no", "CML"},
           {"mpn_now", "no", "PMF by biopsy"},
           {"mpn_now", "no", "MPN"},
           {"tk_fusion", "no", "PDGFRB positive"},
           {"tk_fusion", "no", "positive"},
           {"bcr_abl1", "no", "PCR: positive"},
           {"bcr_abl1", "no", "pr\u00e9sence du transcrit"},
           {"bcr_abl1", "no", "presenza del trascritto"},
           {"other_neoplasm", "no", "CLL"},
           {"other_neoplasm", "no", "multiple myeloma, treated"},
           {"other_neoplasm", "no", "Hodgkin lymphoma 2010"},
           {"other_neoplasm", "no", "systemic mastocytosis"},
           {"myeloid_sarcoma", "no", "chloroma of the orbit"},
       }) {
    EXPECT_EQ(established_with({lab_row(item, value, source)}), "") << item << ": " << source;
    EXPECT_FALSE(result_with({lab_row(item, value, source)}).readings.at(item).answer) << source;
  }
}

TEST(Named, ANoThatWasNeverTestedIsNotKnown) {
  for (const auto* item : {"bcr_abl1", "tk_fusion", "mpn_now", "mpn_history"})
    for (const auto* source : {"not tested", "pending", "PCR failed", "insufficient RNA",
                               "not yet done", "no material", "result to follow", "nicht getestet"})
      EXPECT_EQ(established_with({lab_row(item, "no", source)}), "") << item << ": " << source;
  for (const auto* source : {"PCR negative; FISH not done", "not detected, repeat pending", "PCR",
                             "no fusion found", "clinically not suspected"})
    EXPECT_EQ(established_with({lab_row("bcr_abl1", "no", source)}), kBoth) << source;
}

TEST(Named, ReactiveCausesInTheSourceOfANoAreNotKnown) {
  for (const auto* source : {"tuberculosis", "sarcoidosis", "HIV", "endocarditis", "lupus", "CMV",
                             "malaria", "Tuberkulose", "rheumatoid arthritis"}) {
    const auto result = result_with({lab_row("reactive_cause", "no", source)});
    EXPECT_FALSE(result.readings.at("reactive_cause").answer) << source;
    EXPECT_THAT(result.readings.at("reactive_cause").gap.plain(), HasSubstr("speaks of")) << source;
  }
  for (const auto* source : {"no tuberculosis", "HIV negative", "infection excluded", "chart"})
    EXPECT_EQ(
        result_with({lab_row("reactive_cause", "no", source)}).readings.at("reactive_cause").answer,
        Choice::no)
        << source;
}

TEST(Named, AnAcuteLeukaemiaInWordsLeavesBothOpenWithAnAlertForToday) {
  for (const auto* source : {"AML with 45 % blasts",
                             "Auer rods",
                             "M5b",
                             "FAB M4",
                             "blasts 25 % by flow",
                             "25 % blasts in biopsy",
                             "promonocytes 22 % counted separately",
                             "blastic transformation",
                             "leukaemia cutis",
                             "myeloid sarcoma of the skin",
                             "acute monocytic leukaemia",
                             "akute myeloische Leuk\u00e4mie",
                             "leuc\u00e9mie aigu\u00eb my\u00e9lo\u00efde",
                             "Auer-St\u00e4bchen",
                             "aml",
                             "DD AML",
                             "AML?",
                             "cannot exclude AML",
                             "blasti tra 20 e 30 %",
                             "Blasten zwischen 20 und 30 %",
                             "20-30 % blasts",
                             "no se puede descartar leucemia aguda",
                             "blasts 22,5 %"})
    for (const auto* item : {"marrow_cmml", "wbc", "karyotype"}) {
      const auto value = std::string(item) == "wbc"           ? "15.0"
                         : std::string(item) == "marrow_cmml" ? "yes"
                                                              : "46,XY[20]";
      EXPECT_EQ(established_with({lab_row(item, value, source)}), "") << item << ": " << source;
      EXPECT_THAT(result_with({lab_row(item, value, source)}).alerts,
                  Contains(AllOf(HasSubstr("speaks of"), HasSubstr("today"))))
          << source;
    }
}

TEST(Named, RearrangementsInPlainWordsLeaveBothOpen) {
  for (const auto* source :
       {"15;17 translocation", "Translokation (9;22)", "inversion 16", "translocation 15/17",
        "Translokation 15;17", "translocaci\u00f3n (15;17)", "inversion of chromosome 16",
        "translocation between chromosomes 8 and 21", "8;21-Translokation"})
    EXPECT_EQ(established_with({lab_row("marrow_cmml", "yes", source)}), "") << source;
}

TEST(Named, VexasInWordsIsAnAlertAndOpenWhereNothingElseSupports) {
  for (const auto* source : {"VEXAS suspected", "UBA1 p.Met41Thr"}) {
    EXPECT_THAT(result_with({lab_row("age", "72", source)}).alerts,
                Contains(AllOf(HasSubstr("VEXAS"), HasSubstr("promptly"))));
    EXPECT_EQ(established_with(
                  {lab_row("age", "72", source), lab_row("dysplasia_granulocytic", "no"),
                   lab_row("mutation", "no", "", "TET2"), lab_row("mutation", "no", "", "SRSF2")}),
              "")
        << source;
  }
}

TEST(Named, AMarrowThatIsSaidToBeAnotherDiseaseOpensWhoToo) {
  for (const auto* source : {"features of AML", "MDS with increased blasts", "consistent with PMF",
                             "reactive marrow", "infiltrated by lymphoma"}) {
    const auto codes = testing::codes_of(full_case({lab_row("marrow_cmml", "no", source)}));
    EXPECT_TRUE(codes[0].starts_with("open")) << codes[0] << ": " << source;
  }
  EXPECT_TRUE(
      testing::codes_of(full_case({lab_row("marrow_cmml", "no", "smear review")}))[0].starts_with(
          "cmml"));
  EXPECT_EQ(established_with({lab_row("marrow_cmml", "yes", "MDS/MPN, no AML")}), kBoth);
}

TEST(Named, AMutatedGeneInTheSourceOfANoIsNotDenied) {
  for (const auto* source : {"NPM1 type A detected", "NPM1 positive", "NPM1 mutated, VAF 30 %"}) {
    EXPECT_EQ(established_with({lab_row("mutation", "no", source, "NPM1")}), "") << source;
    EXPECT_EQ(established_with({lab_row("marrow_cmml", "yes", source)}), "") << source;
  }
  for (const auto* source : {"NPM1 wild type", "NPM1 not mutated", "NPM1 exon 12", "NGS",
                             "NPM1 mutation analysis", "NPM1: no mutation detected"})
    EXPECT_EQ(established_with({lab_row("mutation", "no", source, "NPM1")}), kBoth) << source;
}

TEST(Named, AnUnknownFusionIsOpenWithoutAnAlert) {
  for (const auto* gene : {"PML::RARA", "KMT2A-r", "CBFB::MYH11", "NUP98::NSD1"}) {
    EXPECT_EQ(established_with({lab_row("mutation", "unknown", "", gene)}), "") << gene;
    EXPECT_THAT(result_with({lab_row("mutation", "unknown", "", gene)}).alerts, IsEmpty()) << gene;
  }
  EXPECT_EQ(established_with({lab_row("mutation", "unknown", "", "RUNX1")}), kBoth);
  EXPECT_EQ(established_with({lab_row("mutation", "unknown", "", "PML::RARA"),
                              lab_row("mutation", "no", "FISH", "PML::RARA")}),
            kBoth);
}

TEST(Named, ADeletionOfChic2IsLookedForAsAFusionOfPdgfra) {
  for (const auto* text :
       {"nuc ish(CHIC2x1)[120/200]", "nuc ish(FIP1L1x1)", "46,XY,del(4)(q12q12)[20]",
        "arr[GRCh38] 4q12(53963580_54276842)x1", "46,XY[20].nuc ish(CHIC2x1)[80/200]",
        "arr[hg19] 4q12(54,240,000-55,100,000)x1"})
    EXPECT_EQ(established_with({lab_row("karyotype", text)}), "") << text;
  for (const auto* text : {"CHIC2 deletion", "nuc ish(CHIC2x1)", "deletion 4q12", "loss of CHIC2"})
    EXPECT_EQ(established_with({lab_row("tk_fusion", "no", text)}), "") << text;
  for (const auto* text : {"no CHIC2 deletion", "nuc ish(CHIC2x2)[200]", "CHIC2 FISH"})
    EXPECT_EQ(established_with({lab_row("tk_fusion", "no", text)}), kBoth) << text;
}

std::vector<std::string> remarks_of(const std::vector<GivenValue>& instead, const char* input) {
  return plain(result_with(instead).readings.at(input).remarks);
}

TEST(Named, PersistenceOfLessThanThreeMonthsIsRemarked) {
  for (const auto* source : {"seen once", "2 weeks", "since 6 weeks", "2 months", "single count"})
    EXPECT_THAT(remarks_of({lab_row("persistence", "yes", source)}, "persistence"),
                Contains(HasSubstr("less than three months")))
        << source;
  for (const auto* source : {"three counts since 2023-10", "6 months", "14 weeks", ""})
    EXPECT_THAT(remarks_of({lab_row("persistence", "yes", source)}, "persistence"), IsEmpty())
        << source;
}

TEST(Named, AKaryotypeOfTheOtherSexIsRemarked) {
  EXPECT_THAT(remarks_of({lab_row("karyotype", "46,XX[20]")}, "cytogenetics"),
              Contains(HasSubstr("is female, and row")));
  EXPECT_THAT(remarks_of({lab_row("karyotype", "45,X,-Y[20]")}, "cytogenetics"), IsEmpty());
  EXPECT_THAT(remarks_of({lab_row("karyotype", "47,XX,+8[4]//46,XY[16]"), lab_row("sex", "female")},
                         "cytogenetics"),
              Contains(HasSubstr("cells of a donor")));
}

TEST(Named, ResultsOfFishAreNotCalledUnreadableIscn) {
  const auto reading =
      result_with({lab_row("karyotype", "nuc ish(D7S486x1)[60/200]")}).readings.at("cytogenetics");
  EXPECT_FALSE(reading.answer);
  EXPECT_THAT(reading.gap.plain(),
              AllOf(HasSubstr("a result of FISH or an array"), Not(HasSubstr("ISCN"))));
  EXPECT_EQ(result_with({lab_row("karyotype", "46,XY[20].nuc ish(KMT2Ax2)[200]")})
                .readings.at("cytogenetics")
                .answer,
            Choice::no);
}

TEST(Named, MoreBlastsInTheSourceOfACountLeaveItsGradeOpen) {
  const auto grades = [](const char* source) {
    return testing::codes_of(full_case({lab_row("bm_blasts", "3", source)}))[0];
  };
  EXPECT_EQ(grades("aspirate"), "cmml/mp/cmml_1");
  EXPECT_EQ(grades("blasts 3 %"), "cmml/mp/cmml_1");
  for (const auto* source : {"blasts 12 % by biopsy", "promonocytes 9 % counted separately"})
    EXPECT_EQ(grades(source), "cmml/mp/open") << source;
}

/// The case with a person's count in the marrow, and a text beside it.
std::vector<GivenValue> counted(const std::string& percent, const std::string& source) {
  return {lab_row("bm_blasts", percent, source)};
}

TEST(Named, EquivalentsBesideBlastsAreAddedToThem) {
  for (const auto* source :
       {"blasts 12 %, promonocytes 10 %", "blastes 12 % + promonocytes 9 %",
        "Promonozyten zus\u00e4tzlich 11 %", "Blasten ohne Promonozyten",
        "10 % promonociti a parte", "promonocytes 9 % \u00e0 part", "promonocitos 9 % no incluidos",
        "myeloblasts 6 %, monoblasts 7 %, promonocytes 8 %", "blasts sans promonocytes",
        "myeloblasts 12 %, promonocytes 10 % additionally",
        "myeloblasts 12 %, blast equivalents 10 %"}) {
    EXPECT_EQ(established_with(counted("12", source)), "") << source;
    EXPECT_THAT(result_with(counted("12", source)).alerts, Contains(HasSubstr("today"))) << source;
  }
  for (const auto* source :
       {"blasts 12 %, incl. promonocytes 9 %", "blasts 12 % (monoblasts 9 %)",
        "Blasten 12 %, davon Promonozyten 9 %", "12 % blasts of which 9 % promonocytes",
        "myeloblasts 3 %, promonocytes 9 %, total blasts 12 %"})
    EXPECT_EQ(established_with(counted("12", source)), "cmml/mp/cmml_2 cmml/mp/cmml_2 ") << source;
}

TEST(Named, EquivalentsInAnotherRowAreAddedToTheCount) {
  const auto with = [](const char* text) {
    auto rows = counted("8", "Myeloblasten");
    rows.push_back(lab_row("marrow_cmml", "yes", text));
    return established_with(rows);
  };
  EXPECT_EQ(with("15 % Promonozyten"), "");
  EXPECT_EQ(with("12 % blasts, 11 % promonocytes"), "");
  EXPECT_NE(with("2 % Promonozyten"), "");
  EXPECT_NE(with("8 % blasts, 2 % of which promonocytes"), "");
}

TEST(Named, AMarrowThatIsCalledMdsIsNotOneOfCmml) {
  for (const auto* source : {"MDS-IB2 with monocytosis", "MDS", "myelodysplastic syndrome", "SMD"})
    EXPECT_EQ(result_with({lab_row("marrow_cmml", "yes", source)}).editions[1].code,
              "open/mp/cmml_1")
        << source;
  for (const auto* source :
       {"CMML after MDS", "MDS/MPN", "no MDS", "SMD/SMP", "reactive aggregates"})
    EXPECT_EQ(established_with({lab_row("marrow_cmml", "yes", source)}), kBoth) << source;
}

TEST(Named, PersistenceOfLessThanThreeMonthsIsHeardInOtherLanguages) {
  for (const auto* source :
       {"seit 10 Tagen", "depuis une semaine", "desde hace dos meses", "da due settimane",
        "sinds 3 weken", "einige Wochen", "valeur unique", "h\u00e1 quinze dias, 15 dias"})
    EXPECT_THAT(remarks_of({lab_row("persistence", "yes", source)}, "persistence"),
                Contains(HasSubstr("less than three months")))
        << source;
  for (const auto* source : {"seit 6 Monaten", "depuis trois mois", "desde hace 4 meses"})
    EXPECT_THAT(remarks_of({lab_row("persistence", "yes", source)}, "persistence"), IsEmpty())
        << source;
}

TEST(NamedDiseases, AbbreviationsOfOtherLanguagesAreKnown) {
  for (const auto& [text, say] : std::map<std::string, std::string>{
           {"LAM4 possible", "acute leukaemia"},
           {"LAM5a", "acute leukaemia"},
           {"Promyelozyten-Leuk\u00e4mie M3v", "acute leukaemia"},
           {"acutisation", "acute leukaemia"},
           {"acutizzazione", "acute leukaemia"},
           {"transformaci\u00f3n bl\u00e1stica", "acute leukaemia"},
           {"LMMC transformada en leucemia", "acute leukaemia"},
           {"LMMJ", "another myeloid neoplasm"},
           {"LNH folliculaire", "a lymphoid or plasma-cell neoplasm"},
           {"Lungenentz\u00fcndung", "an infection"},
           {"polmonite in corso", "an infection"},
           {"unter G-CSF seit 5 Tagen", "a growth factor, which raises monocytes"},
           {"LAP \u00e9voqu\u00e9e", "acute promyelocytic leukaemia"},
           {"maladie de Vaquez", "polycythaemia vera"},
           {"leucemia de c\u00e9lulas peludas", "a lymphoid or plasma-cell neoplasm"},
           {"leucosis aguda", "acute leukaemia"},
           {"syndrome my\u00e9loprolif\u00e9ratif", "a myeloproliferative neoplasm"}})
    EXPECT_THAT(said_in(text), ElementsAre(say)) << text;
  for (const auto* text : {"LAP score 120", "low LAP", "neutrophil LAP", "LAP normal"})
    EXPECT_THAT(said_in(text), IsEmpty()) << text;
}

TEST(NamedDiseases, TheNameOfAPersonIsNoFinding) {
  for (const auto* text : {"Dr. Auer", "Prof. Hodgkin, smear review", "Dr Sweet", "Frau Burkitt"})
    EXPECT_THAT(said_in(text), IsEmpty()) << text;
  EXPECT_THAT(said_in("Dr. Noe: Auer rods"), Not(IsEmpty()));
}

TEST(Named, WhatLaboratoriesWriteBesideAnOrdinaryValueChangesNothing) {
  for (const auto* text : {"LIS",
                           "flow cytometry",
                           "no circulating blasts",
                           "blasts 1 % by two readers",
                           "marrow biopsy, CD34 3 %",
                           "NGS panel of 54 genes (AML/MDS/MPN)",
                           "MPN genes negative",
                           "chart review, no haematological malignancy",
                           "no prior MPN",
                           "MPN: none",
                           "GP letter",
                           "PET-CT without lymphadenopathy",
                           "HIV/HBV/HCV negative",
                           "infectious work-up negative",
                           "CMML-1, WHO 2022",
                           "MDS/MPN, CMML",
                           "consistent with CMML, no AML",
                           "monocytic differentiation, promonocytes 2 %",
                           "blasts <5 %",
                           "no Auer rods, blasts 3 %",
                           "three counts since 2023-10",
                           "karyotype normal, FISH negative",
                           "Dr. No, smear review"})
    for (const auto* item : {"marrow_cmml", "persistence"})
      EXPECT_EQ(established_with({lab_row(item, "yes", text)}), kBoth) << text;
}

TEST(Named, AnotherNeoplasmThatIsContestedIsOpen) {
  auto earlier = lab_row("other_neoplasm", "yes", "biopsy");
  earlier.date = "2020-01-01";
  EXPECT_EQ(established_with({earlier, lab_row("other_neoplasm", "no", "chart")}), "");
}

TEST(NamedDiseases, NamesWithinOtherWordsAndOfTestsNameNothing) {
  for (const auto* text :
       {"AML panel", "myeloid/AML NGS panel", "CLL FISH panel", "MPN panel: JAK2, CALR, MPL",
        "MDS/MPN overlap", "CMML-1", "myelomonocytic", "HAML", "HIV clinic", "blasts 3 %",
        "blasts below 20 %", "< 20 % blasts", "25 % of blasts are CD34+", "normoblasts 30 %",
        "erythroblasts 40 %", "monocytes 30 %, blasts 3 %", "myeloproliferative CMML"}) {
    EXPECT_THAT(said_in(text), IsEmpty()) << text;
    for (const auto& blasts : named_blasts(text)) EXPECT_LT(blasts.percent, 20) << text;
  }
}

TEST(NamedDiseases, DenialsInEveryLanguageNameNothing) {
  for (const auto* text : {"no AML",
                           "AML excluded",
                           "not AML",
                           "no evidence of acute leukaemia",
                           "AML: no",
                           "negative for AML, CLL and MPN",
                           "PV, ET and PMF excluded",
                           "PV/ET/PMF excluded",
                           "no Auer rods",
                           "Auer rods absent",
                           "without features of AML or MPN",
                           "not consistent with acute leukaemia",
                           "CMML rather than AML",
                           "AML ausgeschlossen",
                           "kein Anhalt f\u00fcr AML",
                           "keine AML",
                           "AML nicht nachweisbar",
                           "kein Nachweis einer AML",
                           "sin evidencia de leucemia aguda",
                           "leucemia aguda descartada",
                           "no se detecta AML",
                           "AML no detectada",
                           "senza segni di leucemia acuta",
                           "LLC: non rilevata",
                           "LLC negativo",
                           "geen aanwijzingen voor AML",
                           "AML niet gevonden",
                           "AML uitgesloten",
                           "sem evid\u00eancia de leucemia aguda",
                           "LMA n\u00e3o detectada",
                           "absence de LAM",
                           "pas de leuc\u00e9mie aigu\u00eb",
                           "LAM non retrouv\u00e9e",
                           "aucun signe de LAM"})
    EXPECT_THAT(said_in(text), IsEmpty()) << text;
  for (const auto* text : {"AML not excluded", "AML cannot be excluded", "AML nicht ausgeschlossen",
                           "AML nicht auszuschlie\u00dfen", "no se puede descartar AML",
                           "ne peut exclure une LAM", "no metaphases; AML", "no karyotype, AML",
                           "LMA no descartada", "non si pu\u00f2 escludere LMA"})
    EXPECT_THAT(said_in(text), Not(IsEmpty())) << text;
}

TEST(NamedDiseases, AListThatIsTestedTogetherIsDeniedAsAWhole) {
  for (const auto* text :
       {"HIV, HBV, HCV negative", "HIV, HCV negative",
        "serology: HIV 1/2, HBsAg, anti-HCV negative", "HIV, HBV and HCV negative",
        "CMV, EBV, HIV: all not detected", "TB, HIV, HCV negative", "no HIV, HBV or HCV",
        "no HBV, HCV or HIV", "negative for HBV, HCV, HIV", "kein Nachweis von HBV, HCV oder HIV",
        "HIV-, HBV-, HCV-", "HIV -ve", "PV, ET, PMF excluded", "CML, PV, ET, PMF excluded"})
    EXPECT_THAT(said_in(text), IsEmpty()) << text;
  for (const auto* text :
       {"AML, HIV, HCV negative", "tuberculosis, HIV negative", "HIV, no HBV", "HBV negative, HIV",
        "HIV, HBV, HCV negative 2019, positive 2024", "endocarditis, HIV, HCV negative",
        "PV, ET excluded", "HIV, HBV positive, HCV negative", "no HBV, HIV positive",
        "AML, CML, PV excluded"})
    EXPECT_THAT(said_in(text), Not(IsEmpty())) << text;
}

TEST(Named, GenesThatAreTestedTogetherAreDeniedAsAWhole) {
  for (const auto* text :
       {"BCR::ABL1, JAK2, CALR, MPL negative", "no JAK2, CALR, MPL or BCR::ABL1",
        "BCR-ABL1, JAK2 V617F, CALR exon 9: negative", "PDGFRA-r, PDGFRB-r, FGFR1-r negative",
        "FIP1L1::PDGFRA, PDGFRB, FGFR1 not detected"})
    for (const auto* item : {"bcr_abl1", "mpn_now", "tk_fusion"})
      EXPECT_EQ(established_with({lab_row(item, "no", text)}), kBoth) << item << ": " << text;
  for (const auto* text :
       {"BCR::ABL1, TET2 negative", "BCR::ABL1, JAK2, CALR negative, repeat: BCR::ABL1 positive",
        "PML::RARA, FLT3, NPM1 negative", "PML::RARA, BCR::ABL1 negative"})
    EXPECT_EQ(established_with({lab_row("mpn_now", "no", text)}), "") << text;
}

TEST(Untested, IsWhatHasNoResultBesideNone) {
  for (const auto* text : {"not tested",
                           "pending",
                           "failed",
                           "insufficient RNA",
                           "no RNA",
                           "RNA degraded",
                           "n/a",
                           "not available",
                           "unknown",
                           "ausstehend",
                           "no realizado",
                           "non eseguito",
                           "niet bepaald",
                           "not done, no material",
                           "in corso",
                           "en cours",
                           "in Bearbeitung",
                           "en curso",
                           "pr\u00e9l\u00e8vement ininterpr\u00e9table",
                           "mat\u00e9riel insuffisant",
                           "nicht interpretierbar",
                           "da eseguire"})
    EXPECT_TRUE(says_untested(text)) << text;
  for (const auto* text : {"", "PCR", "negative", "not detected", "no fusion", "chart", "normal",
                           "negative, confirmation pending", "FISH failed; PCR negative"})
    EXPECT_FALSE(says_untested(text)) << text;
}

}  // namespace
}  // namespace cytocape::criteria
