// Rows that say unknown beside older answers.

#include "pipeline/criteria/unknown_rows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "pipeline/criteria/criteria.hpp"
#include "tests/pipeline/criteria/full_case.hpp"
#include "tests/pipeline/criteria/lab_rows.hpp"

namespace cytocape::criteria {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::result_of_rows;
using ::testing::StartsWith;

TEST(Unknown, WhoseSourceSpeaksContradictsAnOlderNo) {
  for (const std::string item :
       {"bcr_abl1", "tk_fusion", "mpn_history", "mpn_now", "myeloid_sarcoma", "other_neoplasm"})
    for (const std::string source :
         {"\"PCR positive, to be confirmed\"", "detected", "nachgewiesen"}) {
      const auto result = result_of_rows("a," + item + ",no,,,2023-03-05,PCR\na," + item +
                                         ",unknown,,,2024-03-05," + source + "\n");
      EXPECT_FALSE(result.readings.at(item).answer) << item << source;
      EXPECT_THAT(result.alerts, ElementsAre(AllOf(HasSubstr("answers contradict each other"),
                                                   HasSubstr("row 3"))))
          << item << source;
    }
}

TEST(Unknown, WhoseSourceSpeaksHasAnAlertByItselfAndForEveryItem) {
  EXPECT_THAT(
      result_of_rows("a,bcr_abl1,unknown,,,2024-03-05,\"PCR positive, to be confirmed\"\n").alerts,
      ElementsAre(HasSubstr("Row 2, 2024-03-05 says unknown of BCR::ABL1, and its source "
                            "(\"PCR positive, to be confirmed\") speaks for it, or does not "
                            "exclude it")));
  const auto result = result_of_rows(
      "a,cytogenetics,no,,,2023-03-05,\n"
      "a,cytogenetics,unknown,,,2024-03-05,FISH positive\n");
  EXPECT_FALSE(result.readings.at("cytogenetics").answer);
  EXPECT_THAT(result.alerts, ElementsAre(HasSubstr("clonal cytogenetic abnormality")));
}

TEST(Unknown, OfAGeneWhoseSourceSpeaksLeavesOpenWhatItWouldDefine) {
  for (const std::string gene : {"NPM1", "PML::RARA"}) {
    const auto result =
        result_of_rows("a,mutation,no,," + gene + ",2023-03-05,PCR\na,mutation,unknown,," + gene +
                       ",2024-03-05,positive\n");
    EXPECT_THAT(result.alerts, Contains(AllOf(HasSubstr(gene), HasSubstr("haematologist today"))));
    for (const auto& edition : result.editions) {
      const auto open = [](const CriterionResult& one) {
        return one.id == "no_aml_at_any_count" && one.state == State::indeterminate;
      };
      EXPECT_TRUE(std::any_of(edition.criteria.begin(), edition.criteria.end(), open))
          << gene << edition.edition;
    }
  }
  const auto panel = result_of_rows(
      "a,mutation,no,,,2023-03-05,NGS\na,mutation,unknown,,TET2,2024-03-05,positive\n");
  EXPECT_FALSE(panel.readings.at("mutation").value);
  EXPECT_THAT(panel.alerts, Contains(HasSubstr("TET2")));
}

TEST(Unknown, WhoseSourceSpeaksIsOverruledByAYesAndByANewerNoAlone) {
  EXPECT_EQ(result_of_rows("a,bcr_abl1,unknown,,,2023-03-05,PCR positive\n"
                           "a,bcr_abl1,no,,,2024-03-05,PCR\n")
                .readings.at("bcr_abl1")
                .answer,
            Choice::no);
  EXPECT_EQ(result_of_rows("a,bcr_abl1,yes,,,2023-03-05,PCR\n"
                           "a,bcr_abl1,unknown,,,2024-03-05,PCR positive\n")
                .readings.at("bcr_abl1")
                .answer,
            Choice::yes);
  for (const std::string day : {"2023-03-05", ""})
    EXPECT_FALSE(result_of_rows("a,bcr_abl1,no,,,2023-03-05,PCR\na,bcr_abl1,unknown,,," + day +
                                ",PCR positive\n")
                     .readings.at("bcr_abl1")
                     .answer)
        << day;
  EXPECT_EQ(
      result_of_rows("a,bcr_abl1,no,,,2023-03-05,PCR\na,bcr_abl1,unknown,,,2024-03-05,positive\n"
                     "a,resolved,bcr_abl1,,,2024-03-06,tube of another patient\n")
          .readings.at("bcr_abl1")
          .answer,
      Choice::no);
}

TEST(Unknown, BesideAnOlderAnswerIsToldFirst) {
  const auto hints = [](const std::string& rows) {
    return plain(result_of_rows(rows).editions[0].hints);
  };
  EXPECT_THAT(
      hints("a,bcr_abl1,no,,,2019-03-05,PCR\na,bcr_abl1,unknown,,,2024-03-05,RNA degraded\n"),
      Contains("Row 3, 2024-03-05 (\"RNA degraded\") gives no answer on BCR::ABL1; the older "
               "no (row 2, 2019-03-05) is used."));
  EXPECT_THAT(hints("a,mutation,no,,PML::RARA,2020-03-05,FISH\n"
                    "a,mutation,unknown,,PML::RARA,2024-03-05,FISH pending\n"),
              Contains(AllOf(HasSubstr("no answer on PML::RARA"), HasSubstr("2020-03-05"))));
  EXPECT_THAT(hints("a,pb_blasts,1,%,,2024-03-01,a\n"
                    "a,pb_blasts,unknown,,,2024-03-05,analyser flag BLAST\n"),
              Contains(AllOf(HasSubstr("analyser flag BLAST"), HasSubstr("1 %"))));
  EXPECT_THAT(hints("a,bcr_abl1,no,,,2024-03-05,PCR\na,bcr_abl1,unknown,,,2019-03-05,\n"),
              Each(Not(HasSubstr("gives no answer"))));
}

TEST(Unknown, WhoseSourceSpeaksOrDoesNotExcludeIsNeverSaidToLeaveTheOlderNoInUse) {
  struct Asked {
    std::string item;
    std::string gene = {};
    bool of_all = false;  ///< the older "no" is of all genes
  };
  for (const Asked& asked :
       {Asked{"bcr_abl1"}, Asked{"tk_fusion"}, Asked{"mpn_now"}, Asked{"other_neoplasm"},
        Asked{"mutation", "NPM1"}, Asked{"mutation", "NPM1", true}, Asked{"mutation", "KMT2A-r"},
        Asked{"mutation", "KMT2A-r", true}, Asked{"mutation", "UBA1", true}})
    for (const auto* source : {"positive", "cannot be ruled out", "nicht ausgeschlossen"}) {
      auto older = testing::lab_row(asked.item, "no", "PCR", asked.of_all ? "" : asked.gene);
      older.date = "2023-03-05";
      auto rows =
          testing::full_case({older, testing::lab_row(asked.item, "unknown", source, asked.gene)});
      // A panel without mutations.
      if (asked.of_all)
        std::erase_if(
            rows, [](const GivenValue& row) { return row.gene == "TET2" || row.gene == "SRSF2"; });
      const auto result = evaluate(
          {.id = "a", .findings = findings_of(rows, "labs.csv"), .slides = {}}, published_rules());
      EXPECT_FALSE(result.alerts.empty()) << asked.item << asked.gene << source;
      for (const auto& edition : result.editions)
        EXPECT_THAT(plain(edition.hints), Each(Not(HasSubstr("is used"))))
            << asked.item << asked.gene << source;
    }
}

TEST(Unknown, SpeaksOnlyWhereItsSourceSaysThatSomethingIsThere) {
  for (const auto* source : {"PCR positive", "positive", "skin biopsy positive", "FISH: detected",
                             "rearranged in 12 cells", "weakly positive, repeat", "positif"})
    EXPECT_TRUE(says_there_is_something(source)) << source;
  for (const auto* source : {"", "PCR", "to be confirmed", "not detected", "pending", "seen by AB",
                             "sample found clotted", "positive control failed", "not yet confirmed",
                             "if positive repeat", "kein Nachweis"})
    EXPECT_FALSE(says_there_is_something(source)) << source;
}

}  // namespace
}  // namespace cytocape::criteria
