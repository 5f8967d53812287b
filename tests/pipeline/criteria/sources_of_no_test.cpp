// Every line of sources_of_no.csv is a test: whether an answer "no" of this source is used.

#include "pipeline/criteria/sources_of_no.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "io/csv.hpp"
#include "pipeline/criteria/criteria.hpp"
#include "pipeline/criteria/labs_csv.hpp"
#include "tests/pipeline/criteria/full_case.hpp"

namespace cytocape::criteria {
namespace {

/// What hangs on the answer: of a gene nothing but a karyotype that raises its rearrangement.
std::vector<GivenValue> rows_with(const std::string& item, const std::string& gene,
                                  const std::string& source) {
  std::vector<GivenValue> rows = {testing::lab_row(item, "no", source, gene)};
  if (gene == "KMT2A-r")
    rows.push_back(testing::lab_row("karyotype", "46,XY,add(11)(q23)[18]", "marrow"));
  return rows;
}

TEST(SourcesOfNo, OrdinaryOnesLeaveTheAnswerAndOthersTheClassOpen) {
  const auto table =
      read_csv(std::string(CYTOCAPE_SOURCE_DIR) + "/tests/pipeline/criteria/sources_of_no.csv");
  for (const auto& row : table.rows) {
    const auto rows = rows_with(row[0], row[1], row[2]);
    // Beside a clone of 10 % a reactive cause decides nothing.
    const bool is_used = row[0] == "reactive_cause"
                             ? testing::answer_of(testing::full_case(rows), row[0]) == "no"
                             : !testing::established_with(rows).empty();
    EXPECT_EQ(is_used ? "denial" : "open", row[3]) << row[0] << " no: " << row[2];
  }
}

/// A row of bcr_abl1, "no" of a day.
GivenValue no_of(const std::string& source, const std::string& date) {
  auto row = testing::lab_row("bcr_abl1", "no", source);
  row.date = date;
  return row;
}

TEST(SourcesOfNo, AreSaidFirstWithThePartThatIsNotRead) {
  const auto rows = testing::full_case({no_of("p210 negative; band of 190", "2024-03-01")});
  const auto result = evaluate({.id = "a", .findings = findings_of(rows, "labs.csv"), .slides = {}},
                               published_rules());
  for (const auto& edition : result.editions) {
    ASSERT_FALSE(edition.hints.empty());
    const auto first = edition.hints.front().plain();
    EXPECT_NE(first.find("\"band of 190\", which is not read as a denial"), std::string::npos)
        << first;
  }
}

TEST(SourcesOfNo, OneThatMaySayOtherwiseIsNotUndoneByARowOfAnotherDay) {
  EXPECT_EQ(testing::established_with(
                {no_of("p190 positive", "2023-03-01"), no_of("PCR negative", "2024-03-01")}),
            "");
  EXPECT_EQ(testing::established_with(
                {no_of("p190 positive", "2024-03-01"), no_of("PCR negative", "2024-03-01")}),
            "");
}

TEST(SourcesOfNo, OneThatMaySayOtherwiseIsNotUndoneByARowOfItsDay) {
  for (const auto* source : {"weak band", "under imatinib", "band of 305 bp"})
    EXPECT_EQ(testing::established_with(
                  {no_of("PCR negative", "2024-03-01"), no_of(source, "2024-03-01")}),
              "")
        << source;
}

TEST(SourcesOfNo, OneThatIsNotUnderstoodBesideADenialOfItsDayLeavesTheClassOpen) {
  for (const auto* source :
       {"traces", "grenzwertig", "borderline", "low level", "doubtful", "repeat needed"})
    EXPECT_EQ(testing::established_with(
                  {no_of("PCR negative", "2024-03-01"), no_of(source, "2024-03-01")}),
              "")
        << source;
}

TEST(SourcesOfNo, OneThatIsNotUnderstoodIsUndoneByALaterDenialAndSaidFirst) {
  const auto rows =
      testing::full_case({no_of("borderline", "2023-03-01"), no_of("PCR negative", "2024-03-01")});
  const auto result = evaluate({.id = "a", .findings = findings_of(rows, "labs.csv"), .slides = {}},
                               published_rules());
  for (const auto& edition : result.editions) {
    EXPECT_EQ(edition.state, State::met);
    ASSERT_FALSE(edition.hints.empty());
    EXPECT_THAT(edition.hints.front().plain(),
                ::testing::AllOf(::testing::HasSubstr("\"borderline\""),
                                 ::testing::HasSubstr("a later \"no\" is used")));
  }
  EXPECT_EQ(testing::established_with(
                {no_of("borderline", "2024-03-01"), no_of("PCR negative", "2023-03-01")}),
            "");
}

TEST(SourcesOfYes, ThatDenyOrHaveNoResultSupportNothing) {
  const auto answer = [](const std::string& item, const std::string& source) {
    return testing::answer_of(testing::full_case({testing::lab_row(item, "yes", source)}), item);
  };
  for (const std::string item :
       {"dysplasia_granulocytic", "marrow_cmml", "immunophenotype", "persistence"})
    for (const auto* source : {"not assessed", "pending", "insufficient material", "not detected",
                               "absent", "nicht nachweisbar"})
      EXPECT_EQ(answer(item, source), "") << item << source;
  for (const auto* source :
       {"smear review", "trephine; blasts not increased", "erythroid, no ring sideroblasts"})
    EXPECT_EQ(answer("dysplasia_granulocytic", source), "yes") << source;
}

TEST(SourcesOfNo, APersonSettlesThemByARowResolved) {
  auto decision = testing::lab_row("resolved", "bcr_abl1", "the band was a primer dimer (AB)");
  EXPECT_NE(testing::established_with({no_of("faint band", "2024-03-01"), decision}), "");
  decision.date = "2024-02-01";
  EXPECT_EQ(testing::established_with({no_of("faint band", "2024-03-01"), decision}), "");
}

}  // namespace
}  // namespace cytocape::criteria
