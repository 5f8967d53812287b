#include "pipeline/criteria/karyotype.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace cytocape::criteria {
namespace {

using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

/// "PML::RARA", "KMT2A?" where it is not certain.
std::vector<std::string> fusions(const std::string& iscn) {
  std::vector<std::string> names;
  for (const auto& fusion : read_karyotype(iscn).fusions)
    names.push_back(fusion.fusion + (fusion.certain ? "" : "?"));
  return names;
}

std::vector<std::string> named(const std::string& text) {
  std::vector<std::string> names;
  for (const auto& fusion : fusions_named_in(text)) names.push_back(fusion.fusion);
  return names;
}

TEST(Karyotype, OfHealthyCellsIsNormal) {
  for (const auto* iscn : {"46,XY[20]", "46,XX", " 46, XX [20] ", "46,XX[15]/46,XX[5]"}) {
    const auto facts = read_karyotype(iscn);
    EXPECT_TRUE(facts.normal) << iscn;
    EXPECT_EQ(facts.risk, CytogeneticRisk::low) << iscn;
  }
}

struct Meant {
  const char* iscn;
  const char* fusion;
};

TEST(Karyotype, TranslocationsAndInversionsMeanTheirFusions) {
  for (const auto& [iscn, fusion] :
       std::vector<Meant>{{"46,XX,t(15;17)(q24;q21)[20]", "PML::RARA"},
                          {"46,XX,t(15;17)(q24.1;q21.2)[20]", "PML::RARA"},
                          {"46,XY,t(15;17)(q22;q12)", "PML::RARA"},
                          {"46,XY,t(15;17)", "PML::RARA"},
                          {"46,XY,der(15)t(15;17)(q24;q21)[3]", "PML::RARA"},
                          {"45,X,-Y,t(8;21)(q22;q22.1)[12]/46,XY[8]", "RUNX1::RUNX1T1"},
                          {"46,XX,inv(16)(p13q22)[20]", "CBFB::MYH11"},
                          {"46,XX,inv(16)(p13.1q22)[20]", "CBFB::MYH11"},
                          {"46,XX,inv(16)[20]", "CBFB::MYH11"},
                          {"46,XX,t(16;16)(p13.1;q22)[20]", "CBFB::MYH11"},
                          {"46,XX,t(6;9)(p22.3;q34.1)[20]", "DEK::NUP214"},
                          {"46,XX,inv(3)(q21q26)[20]", "GATA2::MECOM"},
                          {"46,XX,inv(3)(q21.3q26.2)[20]", "GATA2::MECOM"},
                          {"46,XX,t(3;3)(q21;q26)[20]", "GATA2::MECOM"},
                          {"46,XX,t(9;11)(p21;q23)[20]", "KMT2A::MLLT3"},
                          {"46,XX,t(11;19)(q23;p13.1)[20]", "KMT2A::ELL"},
                          {"46,XX,t(9;22)(q34;q11.2)[20]", "BCR::ABL1"},
                          {"46,XX,t(9;22;11)(q34;q11;q13)[20]", "BCR::ABL1"},
                          {"46,XY,t(5;12)(q32;p13)[20]", "ETV6::PDGFRB"},
                          {"46,XY,t(5;12)(q31-33;p13)[20]", "ETV6::PDGFRB"},
                          {"46,XY,t(5;12)(q31~q33;p13)[20]", "ETV6::PDGFRB"},
                          {"46,XY,del(4)(q12q12)[20]", "FIP1L1::PDGFRA"},
                          {"46,XY,t(8;13)(p11;q12)[20]", "ZMYM2::FGFR1"},
                          {"46,XY,t(8;9)(p22;p24)[20]", "PCM1::JAK2"},
                          {"46,XY,t(12;13)(p13;q12)[20]", "ETV6::FLT3"},
                          {"46,XX,t(8;16)(p11;p13)[20]", "KAT6A::CREBBP"},
                          {"46,XX,t(16;21)(p11;q22)[20]", "FUS::ERG"},
                          {"46,XX,inv(16)(p13.3q24.3)[20]", "CBFA2T3::GLIS2"}})
    EXPECT_THAT(fusions(iscn), ElementsAre(fusion)) << iscn;
}

TEST(Karyotype, ABreakThatSeveralPartnersJoinIsLookedFor) {
  for (const auto& [iscn, fusion] : std::vector<Meant>{{"46,XX,t(2;11)(p21;q23)[20]", "KMT2A?"},
                                                       {"46,XX,t(1;4)(q44;q12)[20]", "PDGFRA?"},
                                                       {"46,XX,t(5;10)(q33;q21)[20]", "PDGFRB?"},
                                                       {"46,XX,t(8;17)(p11;q23)[20]", "FGFR1?"},
                                                       {"46,XX,t(2;9)(q37;p24)[20]", "JAK2?"},
                                                       {"46,XX,t(2;13)(p12;q12)[20]", "FLT3?"},
                                                       {"46,XX,inv(3)[20]", "GATA2::MECOM?"}})
    EXPECT_THAT(fusions(iscn), ElementsAre(fusion)) << iscn;
  EXPECT_THAT(fusions("46,XX,t(11;17)(q23;q21)[20]"),
              UnorderedElementsAre("ZBTB16::RARA?", "KMT2A::MLLT6?"));
}

TEST(Karyotype, ABandThatIsWrittenWiderOrAsOneOfSeveralMayMeanAFusion) {
  for (const auto* part :
       {"t(15;17)(q?;q?)", "t(15;17)(q;q)", "t(15;17)(q24~25;q21)", "t(15;17)(q11.2or24;q21)",
        "t(15;17)(q2?4;q21)", "t(15;17)(q24;?)", "t(15;?)(q24;?)"})
    EXPECT_THAT(fusions(std::string("46,XX,") + part + "[20]"), Contains("PML::RARA?")) << part;
  EXPECT_THAT(fusions("46,XX,t(2;11)(p21;q2?3)[20]"), ElementsAre("KMT2A?"));
  EXPECT_THAT(fusions("46,XX,t(2;11)(p21;q)[20]"), Contains("KMT2A?"));
}

TEST(Karyotype, OfASpanThatLaboratoriesWriteTheLastBandDecides) {
  EXPECT_THAT(fusions("46,XX,t(15;17)(q22~24;q12~21)[20]"), ElementsAre("PML::RARA"));
}

TEST(Karyotype, SignsAndLettersOfOtherTypesettingAreRead) {
  for (const auto* part :
       {"t(15,17)(q24,q21)", "t(15:17)(q24:q21)", "T(15;17)(Q24;Q21)", "t (15;17) (q24;q21)",
        "t\u00a0(15;17)(q24;q21)", "t(15\u223617)(q24\u2236q21)", "t\uff0815\uff1b17\uff09",
        "t(15;17)(q24;q21)(PML,RARA)", "t(15q24;17q21)"}) {
    const auto names = fusions(std::string("46,XX,") + part + "[20]");
    EXPECT_THAT(names, Contains(AnyOf("PML::RARA", "PML::RARA?"))) << part;
  }
  EXPECT_THAT(fusions("46,xx,T(15;17)(Q24;Q21)[20]"), ElementsAre("PML::RARA"));
  EXPECT_THAT(read_karyotype("45,XX,\u22127[20]").acquired, ElementsAre("-7"));
}

TEST(Karyotype, ATextThatWasCutOffIsRaised) {
  for (const auto* iscn : {"46,XX,t(15;17)(q24;q21", "46,XX,t(15;17)(q24", "46,XX,t(15;17"})
    EXPECT_THAT(fusions(iscn), Contains("PML::RARA?")) << iscn;
}

TEST(Karyotype, WithoutBandsWhatTheChromosomesMayJoinIsLookedFor) {
  for (const auto& [part, fusion] : std::vector<Meant>{{"t(6;11)", "KMT2A::AFDN?"},
                                                       {"t(10;11)", "KMT2A::MLLT10?"},
                                                       {"t(11;17)", "ZBTB16::RARA?"},
                                                       {"t(5;11)", "NUP98::NSD1?"},
                                                       {"t(8;16)", "KAT6A::CREBBP?"},
                                                       {"t(1;22)", "RBM15::MRTFA?"},
                                                       {"t(5;12)", "ETV6::PDGFRB?"},
                                                       {"t(8;13)", "ZMYM2::FGFR1?"},
                                                       {"t(8;9)", "PCM1::JAK2?"},
                                                       {"t(1;11)", "KMT2A?"},
                                                       {"t(1;17)", "RARA?"},
                                                       {"t(11;?)", "KMT2A?"},
                                                       {"der(9;22)", "BCR::ABL1?"}})
    EXPECT_THAT(fusions(std::string("46,XX,") + part + "[20]"), Contains(fusion)) << part;
  EXPECT_THAT(fusions("46,XX,t(1;2)[20]"), IsEmpty());
}

TEST(Karyotype, OneBreakRaisesItsGeneByWhateverKind) {
  for (const auto& [part, fusion] :
       std::vector<Meant>{{"t(11;?)(q23;?)", "KMT2A?"},
                          {"der(11)t(11;?)(q23;?)", "KMT2A?"},
                          {"t(?;11)(?;q23)", "KMT2A?"},
                          {"t(v;11)(v;q23)", "KMT2A?"},
                          {"add(11)(q23)", "KMT2A?"},
                          {"dup(11)(q23)", "KMT2A?"},
                          {"idic(11)(q23)", "KMT2A?"},
                          {"add(3)(q26)", "MECOM?"},
                          {"add(17)(q21)", "RARA?"},
                          {"t(2;17)(p13;q21)", "RARA?"},
                          {"t(1;21)(p36;q22)", "RUNX1?"},
                          {"add(12)(p13)", "ETV6?"},
                          {"t(4;22)(q21;q11)", "BCR?"},
                          {"ins(21;8)(q22;q13q22)", "RUNX1::RUNX1T1"},
                          {"dic(9;22)(q34;q11)", "BCR::ABL1?"},
                          {"der(9)t(9;22)", "BCR::ABL1"},
                          {"ider(22)(q10)t(9;22)(q34;q11)", "BCR::ABL1"},
                          {"hsr(11)(q23)", "KMT2A?"},
                          {"abn(11)(q23)", "KMT2A?"},
                          {"11q23", "KMT2A?"},
                          {"t[15;17](q24;q21)", "PML::RARA?"},
                          {"(15;17)(q24;q21)", "PML::RARA?"},
                          {"rcp(15;17)(q24;q21)", "PML::RARA?"},
                          {"del(9)(q34q34)", "SET::NUP214?"},
                          {"del(3)(q21q26)", "GATA2::MECOM?"}})
    EXPECT_THAT(fusions(std::string("46,XX,") + part + "[20]"), Contains(fusion)) << part;
}

TEST(Karyotype, LossesIsochromosomesAndWholeArmsRaiseNothing) {
  for (const auto* part :
       {"del(5)(q13q33)", "del(5)(q31)", "del(11)(q23)", "del(12)(p13)", "del(13)(q12q14)",
        "i(17)(q10)", "i(17q)", "der(1;7)(q10;p10)", "add(17)(p13)", "dup(1)(q21q32)", "del(7q)",
        "idic(X)(q13)", "t(1;2)(p36;p21)", "+mar", "der(17)"})
    EXPECT_THAT(fusions(std::string("46,XX,") + part + "[20]"), IsEmpty()) << part;
}

TEST(Karyotype, WithoutAResultIsSaidToBeSo) {
  for (const auto* text : {"failed", "no metaphases", "culture failure", "not done", "No growth",
                           "insufficient material", "pending", "not performed"}) {
    const auto facts = read_karyotype(text);
    EXPECT_TRUE(facts.no_result) << text;
    EXPECT_THAT(facts.unread, IsEmpty()) << text;
  }
  EXPECT_FALSE(read_karyotype("46,XX[20]").no_result);
  EXPECT_FALSE(read_karyotype("failed; FISH t(15;17) positive").no_result);
}

TEST(Karyotype, OtherBandsOfTheSameChromosomesMeanNothing) {
  for (const auto* iscn :
       {"46,XX,t(15;17)(q11;p13)[20]", "46,XX,inv(16)(p11q11)[20]", "46,XX,del(16)(q22)[20]",
        "46,XX,del(11)(q23)[20]", "46,XX,t(9;22)(p13;q13)[20]", "46,XX,del(20)(q11q13)[20]"})
    EXPECT_THAT(fusions(iscn), IsEmpty()) << iscn;
}

TEST(Karyotype, AQuestionMarkOrASingleCellLeavesAFusionUncertain) {
  for (const auto* iscn : {"46,XX,?t(15;17)(q24;q21)[20]", "46,XX,t(15;17)(q24;q21)?[20]",
                           "46,XX,t(15;?17)(q24;q21)[20]", "46,XX,t(15;17)(q24;q21)[1]/46,XX[19]"})
    EXPECT_THAT(fusions(iscn), ElementsAre("PML::RARA?")) << iscn;
  EXPECT_THAT(fusions("46,XX,?t(15;17)(q24;q21)[20]/46,XX,t(15;17)(q24;q21)[2]"),
              ElementsAre("PML::RARA"));
}

TEST(Karyotype, AcquiredAbnormalitiesAreThoseOfClones) {
  const auto facts = read_karyotype("45,XX,-7[18]/47,XX,+8[1]/46,XX[1]");
  EXPECT_THAT(facts.acquired, ElementsAre("-7"));
  EXPECT_THAT(facts.doubtful, ElementsAre("+8"));
  EXPECT_FALSE(facts.normal);
}

TEST(Karyotype, ALossInTwoCellsIsNoClone) {
  EXPECT_THAT(read_karyotype("45,XX,-7[2]/46,XX[18]").acquired, IsEmpty());
  EXPECT_THAT(read_karyotype("45,XX,-7[3]/46,XX[17]").acquired, ElementsAre("-7"));
  EXPECT_THAT(read_karyotype("47,XX,+8[2]/46,XX[18]").acquired, ElementsAre("+8"));
  EXPECT_THAT(read_karyotype("45,XX,-7[cp2]").acquired, ElementsAre("-7"));
}

TEST(Karyotype, WhatIsConstitutionalIsNotAcquired) {
  for (const auto* iscn : {"47,XX,+21c[20]", "47,XXYc[20]", "46,XY,inv(9)(p12q13)c[20]",
                           "46,XY,inv(9)(p11q13)[20]", "46,XX,t(11;22)(q23;q11)c[20]"}) {
    const auto facts = read_karyotype(iscn);
    EXPECT_TRUE(facts.normal) << iscn;
    EXPECT_EQ(facts.constitutional.size(), 1U) << iscn;
    EXPECT_THAT(facts.fusions, IsEmpty()) << iscn;
  }
}

TEST(Karyotype, LossOfYAloneIsNeitherNormalNorAcquired) {
  const auto facts = read_karyotype("45,X,-Y[20]");
  EXPECT_FALSE(facts.normal);
  EXPECT_THAT(facts.acquired, IsEmpty());
  EXPECT_TRUE(facts.loss_of_y);
  EXPECT_EQ(facts.risk, CytogeneticRisk::low);
}

TEST(Karyotype, ThreeAbnormalitiesInOneCloneAreComplex) {
  EXPECT_TRUE(read_karyotype("44,XX,-5,del(12)(p12),-17[10]").is_complex());
  EXPECT_TRUE(read_karyotype("45,XX,-18[6]/46,idem,+9,del(20)(q11)[4]").is_complex());
  EXPECT_TRUE(read_karyotype("45,XX,-18[6]/46,sl,+9[4]/46,sdl1,del(20)(q11)[4]").is_complex());
  EXPECT_FALSE(read_karyotype("45,XX,-5[10]/47,XX,+9[5]/46,XX,del(20)(q11)[5]").is_complex());
  EXPECT_FALSE(read_karyotype("47,XX,+9,?del(12)(p12),+21c[10]").is_complex());
}

TEST(Karyotype, OfChromosome7OrTrisomy8IsOfHighRisk) {
  for (const auto* iscn : {"45,XX,-7[20]", "46,XX,del(7)(q22q36)[20]", "46,XX,del(7q)[20]",
                           "47,XX,+8[20]", "46,XX,der(1;7)(q10;p10)[20]"})
    EXPECT_EQ(read_karyotype(iscn).risk, CytogeneticRisk::high) << iscn;
  for (const auto* iscn : {"46,XX,del(20)(q11)[20]", "47,XX,+21[20]", "46,XX,del(17)(p13)[20]"})
    EXPECT_EQ(read_karyotype(iscn).risk, CytogeneticRisk::intermediate) << iscn;
}

TEST(Karyotype, WhatCannotBeReadIsKeptAndDecidesNothing) {
  for (const auto* text : {"normal", "see report", "no growth", "", "46", "(((((", "46,XX,foo[20]",
                           "arr(1-22)x2,(XY)x1", "t(15;17) pending"}) {
    const auto facts = read_karyotype(text);
    EXPECT_FALSE(facts.normal) << text;
    EXPECT_THAT(facts.acquired, IsEmpty()) << text;
    EXPECT_EQ(facts.risk, CytogeneticRisk::not_known) << text;
    for (const auto& fusion : facts.fusions) EXPECT_FALSE(fusion.certain) << text;
  }
  EXPECT_THAT(read_karyotype("46,XX,foo[20]").unread, ElementsAre("foo"));
  EXPECT_THAT(fusions("t(15;17) pending"), ElementsAre("PML::RARA?"));
}

TEST(Karyotype, OfADonorSaysNothingOfTheRecipient) {
  const auto facts = read_karyotype("46,XX,t(15;17)(q24;q21)[4]//46,XY[16]");
  EXPECT_THAT(facts.unread, ElementsAre("46,XY[16]"));
  EXPECT_THAT(fusions("//46,XY[20]"), IsEmpty());
}

TEST(Karyotype, TextsThatNameARearrangementAreSearched) {
  EXPECT_THAT(named("46,XX,inv(16)(p13q22)[20]"), ElementsAre("CBFB::MYH11"));
  EXPECT_THAT(named("FISH: t(15;17)(q24;q21) in 80 % of nuclei"), ElementsAre("PML::RARA"));
  EXPECT_THAT(named("RNA panel, PML::RARA found"), ElementsAre("PML::RARA"));
}

TEST(Karyotype, TextsThatDenyARearrangementAreNot) {
  for (const auto* text : {"no inv(16)", "FISH t(15;17) negative", "t(9;22) not found", "NGS panel",
                           "FISH negative for t(15;17) and inv(16)", "without KMT2A::MLLT3"})
    EXPECT_THAT(named(text), IsEmpty()) << text;
}

TEST(Karyotype, AnyTextIsRead) {
  std::mt19937_64 random(5);
  const std::string signs = "46,XY+-(;)[]/?tinvder0123pqc. x~:";
  for (int i = 0; i < 20000; ++i) {
    std::string text(random() % 40, ' ');
    for (auto& sign : text) sign = signs[random() % signs.size()];
    const auto facts = read_karyotype("46,XX," + text);
    ASSERT_FALSE(facts.normal && !facts.acquired.empty()) << text;
    (void)fusions_named_in(text);
  }
}

TEST(FusionsNamedIn, FishThatJoinsOrSplitsGenesNamesThem) {
  EXPECT_THAT(named("nuc ish(PML,RARA)x3(PML con RARAx2)[180/200]"), Contains("RARA"));
  EXPECT_THAT(named("nuc ish(KMT2Ax2)(5'KMT2A sep 3'KMT2Ax1)[150/200]"), Contains("KMT2A"));
  EXPECT_THAT(named("46,XX[20], FISH: PML-RARA positive"), Contains("PML::RARA"));
  EXPECT_THAT(named("MLL rearrangement 11q23"), Contains("KMT2A"));
  EXPECT_THAT(named("AML1-ETO"), Contains("RUNX1::RUNX1T1"));
}

TEST(FusionsNamedIn, NamesAndLooseSpellingsAreRead) {
  for (const auto& [text, fusion] :
       std::vector<Meant>{{"APL", "PML::RARA"},
                          {"known acute promyelocytic leukaemia", "PML::RARA"},
                          {"Philadelphia chromosome", "BCR::ABL1"},
                          {"Ph+ CML", "BCR::ABL1"},
                          {"inv16", "CBFB::MYH11"},
                          {"inversion 16", "CBFB::MYH11"},
                          {"inv-16", "CBFB::MYH11"},
                          {"AML-M3v", "PML::RARA"},
                          {"EVI-1 overexpressed", "MECOM"},
                          {"high EVI1 expression", "MECOM"},
                          {"t (8;21)", "RUNX1::RUNX1T1"},
                          {"t(8,21)", "RUNX1::RUNX1T1"},
                          {"t8;21", "RUNX1::RUNX1T1"},
                          {"translocation (8;21)", "RUNX1::RUNX1T1"},
                          {"EVI1 overexpression", "MECOM"},
                          {"PML/RARa FISH pos", "PML::RARA"},
                          {"PML-RAR\u03b1 positive", "PML::RARA"},
                          {"BCR ABL positive", "BCR::ABL1"},
                          {"KMT2Ar", "KMT2A"},
                          {"FISH: RARA 85 % positive", "RARA"},
                          {"rearrangement of 3q26", "MECOM"},
                          {"AML M4 with inv(16)", "CBFB::MYH11"}})
    EXPECT_THAT(named(text), ElementsAre(fusion)) << text;
}

TEST(FusionsNamedIn, WhatIsDeniedIsOnlyWhatIsSaidToBeAbsent) {
  for (const char* text :
       {"no metaphases; PML::RARA positive", "no metaphases. PML::RARA positive",
        "no metaphases FISH PML::RARA positive", "normal karyotype but PML::RARA positive",
        "PML::RARA in 18 cells without further changes", "PML::RARA in 80 %, no other changes",
        "cannot exclude APL", "APL to be excluded", "PML::RARA not excluded", "?APL"})
    EXPECT_THAT(named(text), ElementsAre("PML::RARA")) << text;
  EXPECT_THAT(named("inv(16), t(8;21) negative"), ElementsAre("CBFB::MYH11"));
}

TEST(FusionsNamedIn, DenialsOfAllKindsNameNothing) {
  for (const char* text : {"no PML::RARA, RUNX1::RUNX1T1, CBFB::MYH11",
                           "inv(16): none",
                           "PML::RARA, not detected",
                           "FISH: t(15;17), inv(16), t(8;21) negative",
                           "t(15;17) and inv(16) negative",
                           "no t(15;17) seen",
                           "no rearrangement of KMT2A detected",
                           "BCR::ABL1 0 %",
                           "APL excluded",
                           "BCR-ABL1 p210 and p190 by RT-PCR negative",
                           "BCR-ABL1-negative MPN",
                           "neg. for BCR-ABL",
                           "BCR::ABL1 -",
                           "PML::RARA (-)",
                           "Ph- MPN",
                           "Philadelphia-negative",
                           "did not show t(15;17)",
                           "KMT2A rearrangement: no",
                           "KMT2A break apart normal",
                           "t(15;17) not tested",
                           "aPL antibodies",
                           "kein PML::RARA",
                           "CMML, kein Anhalt für APL",
                           "t(15;17) ausgeschlossen",
                           "PML::RARA wurde nicht gefunden",
                           "BCR::ABL1 nicht nachweisbar",
                           "BCR::ABL1 kein Nachweis",
                           "pas de BCR::ABL1",
                           "PML::RARA: 0/200",
                           "neither BCR::ABL1 nor JAK2 V617F detected",
                           "AML panel",
                           "No BCR::ABL1, PDGFRA, PDGFRB or FGFR1 rearrangement detected"})
    EXPECT_THAT(named(text), IsEmpty()) << text;
}

TEST(FusionsNamedIn, NormalOrDeniedFindingsNameNothing) {
  for (const char* text :
       {"nuc ish(PML,RARA)x2[200]", "nuc ish(KMT2Ax2)[200]", "no KMT2A rearrangement",
        "FISH: PML-RARA negative", "NGS panel of 54 genes", "what can be rearranged is not"})
    EXPECT_TRUE(named(text).empty()) << text;
}

TEST(Karyotype, LinesThatBreakWithinARearrangementAreJoined) {
  for (const char* text : {"46,XY,t(15;\n17)(q24;\nq21)[20]", "46,XY,t(15;\t17)(q24;q21)[20]",
                           "46,XY,t(1\r\n5;17)(q24;q21)[20]", "46,XY,t(15;-\n17)(q24;q21)[20]",
                           "46,XY,\nt(15;17)\n(q24;q21)[20]", "46,XY,t(15;\u202817)(q24;q21)[20]"})
    EXPECT_THAT(fusions(text), ElementsAre("PML::RARA")) << text;
  EXPECT_THAT(fusions("46,XY,inv\n(16)(p13q22)[20]"), ElementsAre("CBFB::MYH11"));
  EXPECT_THAT(fusions("46,XY,inv(1\n6)(p13q22)[20]"), ElementsAre("CBFB::MYH11"));
  EXPECT_THAT(fusions("46,XY,t(9;2\n2)(q34;q11)[20]"), ElementsAre("BCR::ABL1"));
}

TEST(Karyotype, ARearrangementWhoseChromosomesCannotBeReadIsNoClonalityAndIsRaised) {
  for (const char* text : {"46,XY,t(l5;l7)(q24;q2l)[20]", "46,XY,t(O8;21)(q22;q22)[20]",
                           "46,XY,t(99;98)(q24;q21)[20]", "46,XY,t(15;&nbsp;17)(q24;q21)[20]"}) {
    const auto facts = read_karyotype(text);
    EXPECT_THAT(facts.acquired, IsEmpty()) << text;
    ASSERT_EQ(facts.fusions.size(), 1U) << text;
    EXPECT_EQ(facts.fusions.front().fusion, "");
    EXPECT_FALSE(facts.fusions.front().certain);
  }
  EXPECT_THAT(read_karyotype("46,XY,del(20q),+mar,der(1;7)(q10;p10)[20]").fusions, IsEmpty());
}

TEST(Karyotype, AFusionOfLeukaemiaThatIsCalledConstitutionalIsRaised) {
  EXPECT_THAT(fusions("46,XY,t(15;17)(q24;q21)c[20]"), ElementsAre("PML::RARA?"));
  EXPECT_THAT(fusions("47,XY,+21c[20]"), IsEmpty());
}

TEST(Karyotype, TranslocationsOfLymphoidNeoplasmsAreNamed) {
  EXPECT_THAT(fusions("46,XY,t(11;14)(q13;q32)[12]"), ElementsAre("IGH::CCND1"));
  EXPECT_THAT(fusions("46,XY,t(14;18)(q32;q21)[12]"), ElementsAre("IGH::BCL2"));
}

TEST(FusionsNamedIn, WhatIsFoundBehindItsDenialIsNamed) {
  for (const char* text :
       {"t(15;17) not seen earlier, now in 12 of 20 metaphases",
        "t(15;17) previously negative, now positive", "PML::RARA negative 2019, positive 2024",
        "PML::RARA neg (2023-11), pos (2024-02)",
        "PML::RARA not detected in blood but detected in marrow",
        "PML::RARA was absent at first, found on repeat",
        "t(15;17) undetectable by karyotype; FISH positive",
        "BCR::ABL1 neg at diagnosis, positive now"})
    EXPECT_THAT(named(text), Not(IsEmpty())) << text;
  for (const char* text : {"PML::RARA not detected; TET2 mutation found",
                           "BCR::ABL1 negative, no other abnormality found",
                           "t(15;17) not detected, JAK2 V617F positive"})
    EXPECT_THAT(named(text), IsEmpty()) << text;
}

TEST(Karyotype, FishBesideANormalKaryotypeIsRaised) {
  EXPECT_THAT(fusions("46,XY[20].nuc ish(PML,RARA)x3(PML con RARAx2)[180/200]"), Contains("RARA?"));
  EXPECT_THAT(fusions("46,XY[20].nuc ish(PML,RARA)x2[200]"), IsEmpty());
}

}  // namespace
}  // namespace cytocape::criteria
