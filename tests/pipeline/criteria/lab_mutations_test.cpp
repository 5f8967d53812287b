// A mutation and a row "no" of the same gene.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/criteria/criteria.hpp"
#include "pipeline/criteria/readings.hpp"
#include "tests/pipeline/criteria/full_case.hpp"
#include "tests/pipeline/criteria/lab_rows.hpp"

namespace cytocape::criteria {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* kFound = "a,mutation,38,%,SRSF2,2024-03-05,NGS\n";

CaseResult of_rows(const std::string& rows) {
  return testing::result_of_rows(rows);
}

/// Empty where there is none.
std::string first_hint(const EditionResult& edition) {
  return edition.hints.empty() ? std::string() : edition.hints.front().plain();
}

const Reading& reading_in(const CaseResult& result) {
  return result.readings.at("mutation");
}

TEST(ContestedGene, IsOpenWhereItIsDeniedLaterOnTheSameDayOrOnNone) {
  for (const std::string day : {"2025-03-05", "2024-03-05", ""}) {
    const auto result = of_rows(kFound + ("a,mutation,no,,SRSF2," + day) + ",NGS\n");
    EXPECT_EQ(reading_in(result).basis, Basis::unknown) << day;
    EXPECT_FALSE(reading_in(result).value) << day;
    EXPECT_THAT(reading_in(result).gap.plain(), HasSubstr("rows of SRSF2 contradict each other"));
    for (const auto& edition : result.editions)
      EXPECT_THAT(first_hint(edition), StartsWith("Rows of SRSF2 contradict each other")) << day;
  }
  EXPECT_FALSE(reading_in(of_rows("a,mutation,38,%,SRSF2,,NGS\n"
                                  "a,mutation,no,,SRSF2,2024-03-05,NGS\n"))
                   .value);
}

TEST(ContestedGene, IsNoneWhereTheDenialIsOlderOrOfAnotherVariant) {
  EXPECT_EQ(
      reading_in(of_rows(std::string(kFound) + "a,mutation,no,,SRSF2,2023-03-05,NGS\n")).value, 38);
  EXPECT_EQ(reading_in(of_rows("a,mutation,20,%,FLT3-TKD,2024-03-05,NGS\n"
                               "a,mutation,no,,FLT3-ITD,2024-03-05,PCR\n"))
                .value,
            20);
  for (const std::string gene : {"JAK2", "JAK2 V617F", "jak2 p.V617F"})
    EXPECT_FALSE(reading_in(of_rows("a,mutation,20,%,JAK2 V617F,2024-03-05,NGS\na,mutation,no,," +
                                    gene + ",2025-03-05,PCR\n"))
                     .value)
        << gene;
}

TEST(ContestedGene, LeavesWhatIsFoundBesideItAndThatMayBeMore) {
  const auto contested = std::string(kFound) + "a,mutation,no,,SRSF2,2025-03-05,NGS\n";
  const auto beside = reading_in(of_rows(contested + "a,mutation,4,%,TET2,2025-03-05,NGS\n"));
  EXPECT_EQ(beside.basis, Basis::lower_bound);
  EXPECT_EQ(beside.value, 4);
  EXPECT_EQ(beside.interval->high, 100);
  const auto panel = reading_in(of_rows(contested + "a,mutation,no,,,2025-03-05,NGS\n"));
  EXPECT_FALSE(panel.value);
}

TEST(ContestedGene, OfAnotherDiseaseIsNotExcluded) {
  for (const std::string gene : {"NPM1", "KIT D816V", "MYD88"}) {
    auto found = testing::lab_row("mutation", "30", "NGS", gene);
    auto denied = testing::lab_row("mutation", "no", "PCR", gene);
    found.date = "2023-03-01";
    EXPECT_EQ(testing::established_with(
                  {found, denied, testing::lab_row("other_neoplasm", "unknown", "")}),
              "")
        << gene;
  }
}

TEST(ContestedGene, IsSettledByADecisionOfThatDayOrLaterAlone) {
  const auto decided = [](const std::string& day, const std::string& reason) {
    return of_rows(std::string(kFound) + "a,mutation,12,%,TET2,2025-03-05,NGS\n" +
                   "a,mutation,no,,SRSF2,2025-03-05,NGS\na,resolved,mutation,,SRSF2," + day + "," +
                   reason + "\n");
  };
  const auto result = decided("2025-04-01", "swapped sample (AB)");
  EXPECT_EQ(reading_in(result).basis, Basis::exact);
  EXPECT_EQ(reading_in(result).value, 12);
  EXPECT_THAT(first_hint(result.editions[0]), HasSubstr("the no stands"));
  EXPECT_EQ(reading_in(decided("2025-01-01", "swapped sample (AB)")).basis, Basis::lower_bound);
  const auto treated = decided("2025-04-01", "gone under azacitidine therapy");
  EXPECT_EQ(reading_in(treated).basis, Basis::lower_bound);
  EXPECT_THAT(first_hint(treated.editions[0]), HasSubstr("settles nothing"));
}

TEST(ContestedGene, NeedsItsGeneAndItsRowsToBeResolved) {
  EXPECT_THAT(testing::refusal(std::string(kFound) + "a,resolved,mutation,,,2025-03-05,reason\n"),
              HasSubstr("the gene whose newest row stands"));
  EXPECT_THAT(
      testing::refusal(std::string(kFound) + "a,resolved,mutation,,TET2,2025-03-05,reason\n"),
      HasSubstr("expected rows of that gene beside it"));
}

}  // namespace
}  // namespace cytocape::criteria
