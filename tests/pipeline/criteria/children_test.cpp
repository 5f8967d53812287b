// Texts that tell of a child, and that no age row leaves a case open then.

#include "pipeline/criteria/children.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/pipeline/criteria/full_case.hpp"

namespace cytocape::criteria {
namespace {

TEST(Children, AreReadFromAgesAndWordsInSeveralLanguages) {
  for (const auto* text : {"8 y old",        "8-year-old boy",
                           "aged 6",         "age 3",
                           "2 y/o",          "2yo",
                           "18 months old",  "Kind",
                           "Kinderklinik",   "5 Jahre alt",
                           "5-jährig",       "Alter: 9 Monate",
                           "Mädchen, 3 J.",  "enfant de 4 ans",
                           "âgé de 5 ans",   "nouveau-né",
                           "pédiatrie",      "niña",
                           "5 años de edad", "bambino, 7 anni",
                           "12 ans",         "ragazzo di 12 anni",
                           "16 mois",        "Peds haem",
                           "età 6 anni",     "paediatric ward",
                           "JMML?"})
    EXPECT_NE(child_told_of(text), "") << text;
}

TEST(Children, AreNoneInDurationsAgesOfAdultsAndLetters) {
  for (const auto* text :
       {"72 years old", "since 3 years", "12 months ago", "persisting for 4 months", "Kind regards",
        "no child", "NGS panel of 54 genes", "seit 2 Jahren", "depuis 3 ans", "report 12, page 3",
        "age 72", "âgé de 71 ans", "stage 3", "mutation of any kind", "repeated after 3 days",
        "suivi de 2 ans", "persists 4 months"})
    EXPECT_EQ(child_told_of(text), "") << text;
}

/// The full case, its flow cytometry with this source, without or with an age.
std::vector<std::string> conclusions(const std::string& source, bool with_age) {
  auto rows =
      testing::full_case({testing::lab_row("classical_monocytes", "97.2", "flow; " + source)});
  if (!with_age) std::erase_if(rows, [](const GivenValue& one) { return one.item == "age"; });
  return testing::codes_of(rows);
}

TEST(Children, LeaveBothEditionsOpenWhereNoAgeIsGivenAndNotBesideAnAge) {
  using ::testing::Each;
  using ::testing::StartsWith;
  EXPECT_THAT(conclusions("lab 4", false), Each(StartsWith("cmml")));
  EXPECT_THAT(conclusions("girl, 8 years old", false), Each(::testing::Not(StartsWith("cmml"))));
  EXPECT_THAT(conclusions("children's hospital", true), Each(StartsWith("cmml")));
}

}  // namespace
}  // namespace cytocape::criteria
