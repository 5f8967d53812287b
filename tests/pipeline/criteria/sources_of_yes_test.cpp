// Every line of sources_of_yes.csv is a test: whether what supports CMML stands beside this source.

#include "pipeline/criteria/sources_of_yes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "io/csv.hpp"
#include "tests/pipeline/criteria/full_case.hpp"

namespace cytocape::criteria {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::Not;
using ::testing::StartsWith;

TEST(SourcesOfYes, TakeBackWhatTheyDenyAndNothingElse) {
  const auto table =
      read_csv(std::string(CYTOCAPE_SOURCE_DIR) + "/tests/pipeline/criteria/sources_of_yes.csv");
  for (const auto& row : table.rows)
    EXPECT_EQ(
        takes_itself_back(row[2], {.item = row[0], .gene = row[1]}) ? "taken back" : "support",
        row[3])
        << row[0] << " yes: " << row[2];
}

/// The case whose only support is this row.
std::vector<GivenValue> resting_on(const GivenValue& row) {
  auto rows = testing::full_case({row, testing::lab_row("immunophenotype", "no")});
  std::erase_if(rows, [&](const GivenValue& one) {
    const bool support = one.item == "mutation" || one.item.starts_with("dysplasia") ||
                         one.item == "karyotype" || one.item == "marrow_cmml" ||
                         one.item == "classical_monocytes";
    return support && (one.item != row.item || one.source != row.source);
  });
  return rows;
}

TEST(SourcesOfYes, ThatTakeBackTheOnlySupportLeaveNoEditionWithCmml) {
  for (const auto& [good, bad] :
       {std::pair{testing::lab_row("mutation", "38", "NGS", "TET2"),
                  testing::lab_row("mutation", "38", "sample swap", "TET2")},
        std::pair{testing::lab_row("dysplasia_granulocytic", "yes", "smear"),
                  testing::lab_row("dysplasia_granulocytic", "yes", "no dysplasia")}}) {
    EXPECT_THAT(testing::codes_of(resting_on(good)), Contains(StartsWith("cmml"))) << good.item;
    EXPECT_THAT(testing::codes_of(resting_on(bad)), Each(Not(StartsWith("cmml")))) << bad.item;
  }
}

}  // namespace
}  // namespace cytocape::criteria
