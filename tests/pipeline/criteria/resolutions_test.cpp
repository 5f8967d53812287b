// Which rows `resolved` settle something, and that the first screen tells what they set aside.

#include "pipeline/criteria/resolutions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/criteria/criteria.hpp"
#include "tests/pipeline/criteria/lab_rows.hpp"

namespace cytocape::criteria {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::read;
using testing::result_of_rows;
using ::testing::StartsWith;

const char* const kExcluding[] = {"bcr_abl1", "tk_fusion",      "mpn_history",
                                  "mpn_now",  "other_neoplasm", "myeloid_sarcoma"};

std::string lab_row(const std::string& item, const std::string& value, const std::string& date,
                    const std::string& source = "chart") {
  return "a," + item + "," + value + ",,," + date + "," + source + "\n";
}

std::string resolved(const std::string& item, const std::string& date,
                     const std::string& reason = "of another patient") {
  return lab_row("resolved", item, date, reason);
}

TEST(Resolved, ADecisionOlderThanTheDenialItWouldSettleLeavesTheAlertAndNamesTheNewerRow) {
  for (const std::string item :
       {"bcr_abl1", "tk_fusion", "mpn_history", "mpn_now", "other_neoplasm"}) {
    const auto result =
        result_of_rows(lab_row(item, "yes", "2022-03-01") + lab_row(item, "no", "2024-03-01") +
                       resolved(item, "2022-06-02"));
    EXPECT_FALSE(result.readings.at(item).answer) << item;
    EXPECT_THAT(result.alerts, ElementsAre(HasSubstr("answers contradict each other"))) << item;
    for (const auto& edition : result.editions)
      EXPECT_THAT(plain(edition.hints),
                  Contains(AllOf(StartsWith("Row 4 (resolved, " + item + ") does not settle this"),
                                 HasSubstr("it is older than row 3, 2024-03-01"))))
          << item;
  }
}

TEST(Resolved, ADecisionOlderThanWhatWasFoundSettlesNothing) {
  for (const auto* day : {"2021-03-02", "2022-02-01"}) {
    const auto result = result_of_rows(
        lab_row("bcr_abl1", "no", "2022-01-01") + lab_row("bcr_abl1", "yes", "2022-03-01") +
        lab_row("bcr_abl1", "no", "2023-03-01") + resolved("bcr_abl1", day));
    EXPECT_THAT(result.alerts, ElementsAre(HasSubstr("answers contradict"))) << day;
    EXPECT_THAT(plain(result.editions[0].hints),
                Contains(HasSubstr("older than row 3, 2022-03-01")));
  }
}

TEST(Resolved, ADecisionThatKnewADenialHoldsForLaterOnes) {
  const auto rows = lab_row("bcr_abl1", "yes", "2022-03-01") +
                    lab_row("bcr_abl1", "no", "2023-03-01") +
                    lab_row("bcr_abl1", "no", "2024-03-01");
  for (const auto* day : {"2023-03-01", "2023-06-01", "2024-06-01", ""})
    EXPECT_EQ(result_of_rows(rows + resolved("bcr_abl1", day)).readings.at("bcr_abl1").answer,
              Choice::no)
        << day;
}

TEST(Resolved, ADecisionOlderThanTheCountItWouldLetStandSettlesNothing) {
  const auto findings = read(
                            "a,bm_blasts,3,%,,2024-03-01,a\na,amc,2,G/L,,2023-03-01,a\n"
                            "a,wbc,8,G/L,,2024-03-01,a\n" +
                            resolved("bm_blasts", "2023-03-02") + resolved("amc", "2023-03-02"))
                            .at("a");
  EXPECT_THAT(findings.resolved, IsEmpty());
  EXPECT_EQ(findings.idle.at("bm_blasts").row.row, 2U);
  EXPECT_EQ(findings.idle.at("amc").row.row, 4U);
  EXPECT_TRUE(read("a,bm_blasts,3,%,,2024-03-01,a\n" + resolved("bm_blasts", "2024-03-01"))
                  .at("a")
                  .resolved.contains("bm_blasts"));
}

TEST(Resolved, ADecisionWeighsNoSourceOfALaterDay) {
  const auto rows = [](const std::string& day) {
    return lab_row("other_neoplasm", "no", "2022-03-01") +
           lab_row("immunophenotype", "no", day, "follicular lymphoma") +
           resolved("other_neoplasm", "2022-06-01");
  };
  EXPECT_FALSE(result_of_rows(rows("2024-03-01")).readings.at("other_neoplasm").answer);
  EXPECT_EQ(result_of_rows(rows("2022-05-01")).readings.at("other_neoplasm").answer, Choice::no);
  const auto untested = [](const std::string& day) {
    return lab_row("mpn_now", "no", day, "not tested") + resolved("mpn_now", "2022-06-01");
  };
  EXPECT_FALSE(result_of_rows(untested("2024-03-01")).readings.at("mpn_now").answer);
  EXPECT_EQ(result_of_rows(untested("2022-03-01")).readings.at("mpn_now").answer, Choice::no);
}

TEST(Resolved, AReasonThatTellsOfTreatmentSettlesNothing) {
  for (const std::string item : {"bcr_abl1", "tk_fusion", "mpn_history", "mpn_now"})
    for (const auto* reason :
         {"imatinib; molecular remission", "AB: PV in remission under ruxolitinib",
          "treated and gone", "in Remission (AB)", "guérie après traitement", "en remisión",
          "after transplantation"}) {
      const auto result =
          result_of_rows(lab_row(item, "yes", "2022-03-01") + lab_row(item, "no", "2024-03-01") +
                         resolved(item, "2024-03-02", reason));
      EXPECT_THAT(result.alerts, Contains(HasSubstr("answers contradict"))) << item << reason;
      EXPECT_THAT(plain(result.editions[1].hints),
                  Contains(HasSubstr("what was treated was there")))
          << item << reason;
    }
  for (const auto* reason :
       {"MRD negative after 7+3", "Aza/Ven", "azacitidine", "nach Induktion", "in CR", "CR1",
        "clone lost", "no longer detectable", "nach Zyklus 3", "now negative", "MR4.5", "TFR"})
    EXPECT_TRUE(tells_of_treatment(reason)) << reason;
  for (const auto* reason : {"nicht mehr nachweisbar", "jetzt negativ", "undetectable now", "gone",
                             "SZT", "Vidaza", "in RC", "AB", "PCR stands"})
    EXPECT_FALSE(says_finding_was_wrong(reason)) << reason;
  for (const auto* reason :
       {"sample of another patient", "mislabelled tube", "Probe vertauscht", "false positive",
        "contamination", "transcription error", "not confirmed", "Tippfehler", "tube mix-up",
        "Probenvertauschung", "campione scambiato"})
    EXPECT_TRUE(says_finding_was_wrong(reason)) << reason;
  for (const auto* reason : {"never treated; contaminated sample", "of another patient", "AB",
                             "without remission criteria"})
    EXPECT_FALSE(tells_of_treatment(reason)) << reason;
}

TEST(Resolved, AnEarlierMyeloidSarcomaStaysOpenLikeEarlierBlasts) {
  for (const auto* reason : {"treated and gone", "AB"}) {
    const auto result = result_of_rows(lab_row("myeloid_sarcoma", "yes", "2022-03-01", "biopsy") +
                                       lab_row("myeloid_sarcoma", "no", "2024-03-01") +
                                       resolved("myeloid_sarcoma", "2024-03-02", reason));
    EXPECT_FALSE(result.readings.at("myeloid_sarcoma").answer);
    EXPECT_THAT(result.alerts, ElementsAre(HasSubstr("answers contradict each other")));
    EXPECT_THAT(plain(result.editions[0].hints),
                Contains(HasSubstr("myeloid sarcoma (row 2, 2022-03-01) is acute leukaemia")));
  }
}

TEST(Resolved, WhatAPersonSetAsideStandsOnTheFirstScreenWithTheReason) {
  for (const std::string item : kExcluding) {
    if (item == "myeloid_sarcoma") continue;
    const auto result =
        result_of_rows(lab_row(item, "yes", "2022-03-01") + lab_row(item, "no", "2024-03-01") +
                       resolved(item, "2024-03-02", "sample of another patient"));
    EXPECT_EQ(result.readings.at(item).answer, Choice::no);
    for (const auto& edition : result.editions)
      EXPECT_THAT(plain(edition.hints), Contains(AllOf(StartsWith("Set aside by a person, "),
                                                       HasSubstr("yes (row 2, 2022-03-01)"),
                                                       HasSubstr("sample of another patient"))))
          << item;
  }
  EXPECT_THAT(
      plain(result_of_rows(lab_row("other_neoplasm", "no", "2024-03-01") +
                           lab_row("immunophenotype", "no", "2024-03-01", "follicular lymphoma") +
                           resolved("other_neoplasm", "2024-03-02", "of a relative"))
                .editions[0]
                .hints),
      Contains(AllOf(StartsWith("Set aside by a person, another haematopoietic neoplasm"),
                     HasSubstr("lymphoma"), HasSubstr("of a relative"))));
}

}  // namespace
}  // namespace cytocape::criteria
