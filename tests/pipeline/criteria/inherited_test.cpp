// What is inherited, or of no meaning, shows no acquired clone.

#include "pipeline/criteria/inherited.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/criteria/readings.hpp"
#include "tests/pipeline/criteria/lab_rows.hpp"

namespace cytocape::criteria {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using testing::read;

Readings readings_of(const std::string& rows) {
  return read_case({.id = "a", .findings = read(rows).at("a"), .slides = {}});
}

TEST(Inherited, IsSaidInTheLanguagesOfLaboratories) {
  for (const auto* source : {"germline, confirmed on fibroblasts",
                             "germ line variant",
                             "constitutional",
                             "Keimbahn",
                             "Keimbahnvariante",
                             "constitutionnelle",
                             "variante constitucional",
                             "línea germinal",
                             "variante germinale",
                             "costituzionale",
                             "VUS",
                             "variant of uncertain significance",
                             "unklare Signifikanz",
                             "benign polymorphism, germline",
                             "polymorphisme bénin",
                             "polimorfismo",
                             "inherited",
                             "hereditary",
                             "germline not excluded",
                             "germline origin cannot be ruled out",
                             "does not exclude a germline variant",
                             "Keimbahn nicht ausgeschlossen",
                             "origine constitutionnelle non exclue",
                             "origen germinal no descartado",
                             "origine germinale non esclusa",
                             "sequencing artefact",
                             "not detected",
                             "NGS: negative",
                             "wild type",
                             "not confirmed",
                             "nicht nachgewiesen"})
    EXPECT_TRUE(tells_of_no_acquired(source)) << source;
  for (const auto* source :
       {"", "NGS", "somatic", "not germline", "germline excluded", "keine Keimbahnvariante",
        "germline control subtracted", "germline testing pending", "constitutional symptoms",
        "pathogenic, of clear significance", "no VUS", "no artefact", "NGS; NPM1 negative",
        "FLT3-ITD not detected, TET2 p.Q1034*", "NGS, karyotype normal"})
    EXPECT_FALSE(tells_of_no_acquired(source)) << source;
}

TEST(Inherited, AMutationSupportsNothingAndTheWordsSayWhy) {
  for (const std::string row :
       {"a,mutation,49,%,RUNX1,2024-03-05,", "a,mutation,50,%,TET2,2024-03-05,",
        "a,mutation,yes,,CBL,2024-03-05,"})
    for (const std::string source : {"germline", "VUS", "constitutionnelle"}) {
      const auto reading = readings_of(row + source + "\n").at("mutation");
      EXPECT_FALSE(reading.value || reading.interval) << row << source;
      EXPECT_THAT(reading.gap.plain(), HasSubstr("is no acquired mutation by its own source"));
    }
  EXPECT_EQ(readings_of("a,mutation,49,%,RUNX1,,germline\na,mutation,12,%,TET2,,NGS\n")
                .at("mutation")
                .value,
            12);
}

TEST(Inherited, AnAbnormalKaryotypeIsNoCloneWhereItsSourceSaysSo) {
  for (const std::string row :
       {"a,karyotype,\"47,XY,+8[20]\",,,2024-03-05,", "a,cytogenetics,yes,,,,"}) {
    EXPECT_FALSE(readings_of(row + "constitutional\n").at("cytogenetics").answer) << row;
    EXPECT_THAT(readings_of(row + "constitutional\n").at("cytogenetics").gap.plain(),
                HasSubstr("not acquired by its own source"));
    EXPECT_EQ(readings_of(row + "bone marrow\n").at("cytogenetics").answer, Choice::yes) << row;
  }
}

TEST(Inherited, NearHalfOfTheCopiesNothingFollowsUnlessItIsSaidToBeAcquired) {
  const auto value = [](const std::string& source) {
    return readings_of("a,mutation,48,%,DDX41,2024-03-05," + source + "\n").at("mutation").value;
  };
  EXPECT_FALSE(value("NGS"));
  EXPECT_FALSE(value("germline testing pending"));
  EXPECT_EQ(value("somatic"), 48);
  EXPECT_EQ(value("germline excluded"), 48);
  EXPECT_FALSE(value("not somatic"));
  EXPECT_THAT(readings_of("a,mutation,48,%,DDX41,,NGS\n").at("mutation").gap.plain(),
              HasSubstr("may be inherited"));
}

}  // namespace
}  // namespace cytocape::criteria
