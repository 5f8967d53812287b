// Words beside what supports CMML that are not understood: said first where the conclusion rests on
// them.

#include "pipeline/criteria/unread_support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/criteria/criteria.hpp"
#include "pipeline/criteria/labs_csv.hpp"
#include "tests/pipeline/criteria/full_case.hpp"

namespace cytocape::criteria {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

std::vector<std::string> said_first(std::vector<GivenValue> rows) {
  const auto result = evaluate({.id = "a", .findings = findings_of(rows, "labs.csv"), .slides = {}},
                               published_rules());
  std::vector<std::string> texts;
  for (const auto& edition : result.editions)
    for (const auto& hint : edition.hints) texts.push_back(hint.plain());
  return texts;
}

/// A case that nothing else supports.
std::vector<GivenValue> resting_on_row(const GivenValue& row) {
  auto rows = testing::full_case({testing::lab_row("immunophenotype", "no")});
  std::erase_if(rows, [](const GivenValue& one) {
    return one.item == "mutation" || one.item.starts_with("dysplasia") || one.item == "karyotype" ||
           one.item == "marrow_cmml" || one.item == "classical_monocytes";
  });
  rows.push_back(row);
  return rows;
}

TEST(UnreadSupport, OrdinarySourcesAreUnderstood) {
  for (const auto* source :
       {"NGS", "myeloid panel of 54 genes", "panel NGS myéloïde, CHU Nantes",
        "VAF 21 %, 1200 reads", "c.2746C>T, p.(Gln916*)", "frameshift, pathogenic",
        "pathogene Variante", "Labor Dr. Weber", "keine weitere Mutation nachweisbar",
        "sangre periférica, 2024-03-01", "referto 4711"})
    EXPECT_THAT(words_not_understood(source, {.item = "mutation", .gene = "TET2"}), IsEmpty())
        << source;
  for (const auto* source : {"pseudo-Pelger 25 %", "hypogranuliert, 30 %", "smear, Dr. Meyer",
                             "dysgranulopoïèse 15 %", "displasia granulocitaria > 10 %"})
    EXPECT_THAT(words_not_understood(source, {.item = "dysplasia_granulocytic"}), IsEmpty())
        << source;
}

TEST(UnreadSupport, OtherWordsAreToldWithTheRowThatTheConclusionRestsOn) {
  EXPECT_THAT(words_not_understood("NGS; xyzzy foo", {.item = "mutation", .gene = "TET2"}),
              ElementsAre("xyzzy", "foo"));
  const auto row = testing::lab_row("mutation", "38", "NGS; xyzzy", "TET2");
  EXPECT_THAT(said_first(resting_on_row(row)),
              Contains(AllOf(StartsWith("This conclusion rests on TET2"), HasSubstr("\"xyzzy\""))));
  // Others support as well.
  EXPECT_THAT(said_first(testing::full_case({row})),
              Each(Not(StartsWith("This conclusion rests on"))));
}

TEST(UnreadSupport, CytogeneticsThatNameNoAbnormalityMayHaveBeenDoneAlone) {
  for (const auto* source : {"20 metaphases", "report 88"})
    EXPECT_THAT(said_first(resting_on_row(testing::lab_row("cytogenetics", "yes", source))),
                Contains(HasSubstr(source)));
  EXPECT_THAT(said_first(resting_on_row(testing::lab_row("cytogenetics", "yes", "trisomy 8 [12]"))),
              Each(Not(StartsWith("This conclusion rests on"))));
}

}  // namespace
}  // namespace cytocape::criteria
