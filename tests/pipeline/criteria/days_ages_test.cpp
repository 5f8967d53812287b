// Ages and days of a case that cannot be, and what is old beside the newest
// count.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/criteria/criteria.hpp"
#include "tests/pipeline/criteria/lab_rows.hpp"

namespace cytocape::criteria {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::refusal;
using testing::result_of_rows;
using ::testing::StartsWith;

std::vector<std::string> first_screen(const std::string& rows) {
  return plain(result_of_rows(rows).editions[0].hints);
}

TEST(Age, IsCarriedOnToTheDayOfTheNewestCount) {
  const auto child = [](const std::string& age, const std::string& day) {
    return result_of_rows("a,age," + age +
                          ",,2022-03-05,\na,wbc,12,G/L,,2020-01-01,\na,amc,2,G/L,," + day + ",\n")
        .readings.at("child");
  };
  EXPECT_EQ(child("17,years", "2024-03-05").answer, Choice::no);
  EXPECT_EQ(child("10,years", "2024-03-05").answer, Choice::yes);
  EXPECT_FALSE(child("17,years", "2022-09-05").answer);
  EXPECT_EQ(child("215,months", "2022-09-05").answer, Choice::no);
  EXPECT_EQ(child("17,years", "2022-03-05").answer, Choice::yes);
  EXPECT_EQ(child("18,years", "2022-03-01").answer, Choice::no);
  EXPECT_THAT(child("17,years", "2024-03-05").source.plain(),
              HasSubstr("19 years or more on the day of the newest count"));
}

TEST(Age, ThatNoBirthdayFitsIsRefused) {
  EXPECT_THAT(refusal("a,age,4,years,,2023-12-05,\na,age,40,years,,2024-03-05,\n"),
              AllOf(HasSubstr("row 3: value of age \"40 years\" (2024-03-05)"),
                    HasSubstr("4 years on 2023-12-05 (row 2): no birthday fits both")));
  EXPECT_THAT(refusal("a,age,70,years,,2024-03-05,\na,age,40,years,,2023-03-05,\n"
                      "a,age,41,years,,2024-02-05,\n"),
              HasSubstr("no birthday fits"));
  EXPECT_EQ(refusal("a,age,71,years,,2023-12-05,\na,age,72,years,,2024-03-05,\n"
                    "a,age,60,years,,2012-03-05,\n"),
            "no error");
  EXPECT_EQ(refusal("a,age,14,months,,2023-12-05,\na,age,1,years,,2024-03-05,\n"), "no error");
}

TEST(Sex, OfTwoKindsInOneCaseIsAnAlert) {
  for (const std::string rows : {"a,sex,male,,,2023-03-05,\na,sex,female,,,2024-03-05,\n",
                                 "a,sex,male,,,2022-03-05,\na,sex,female,,,2023-03-05,\n"
                                 "a,sex,male,,,2024-03-05,\n"})
    EXPECT_THAT(result_of_rows(rows).alerts,
                ElementsAre(HasSubstr("rows of one case give both sexes")));
}

TEST(Days, OfAnswersHalfACenturyBeforeTheNewestAreRefusedButOfWhatIsRemembered) {
  const std::string count = "a,wbc,12,G/L,,2024-03-01,\n";
  for (const auto* row : {"bcr_abl1,no", "bcr_abl1,yes", "tk_fusion,no", "cytogenetics,yes",
                          "mpn_history,no", "dysplasia_erythroid,yes", "persistence,yes"})
    EXPECT_THAT(refusal(count + "a," + row + ",,,1924-03-01,\n"),
                HasSubstr("row 3: date \"1924-03-01\": expected a day within 50 years"))
        << row;
  for (const auto* row : {"cytotoxic_therapy,yes", "mpn_history,yes", "predisposition,yes"})
    EXPECT_EQ(refusal(count + "a," + row + ",,,1964-03-01,\n"), "no error") << row;
}

TEST(Days, ThatAreStillToComeAreToldAloneBeforeAnythingIsReckonedFromThem) {
  const cytocape::testing::TempDir folder;
  std::ofstream(folder / "labs.csv") << testing::kHeader
                                     << "a,age,72,years,,,\na,wbc,12,G/L,,2024-03-01,\n"
                                        "a,bm_blasts,3,%,,9999-12-31,\n"
                                        "a,bcr_abl1,no,,,2024-03-01,\n";
  std::string told = "no error";
  try {
    (void)read_labs(folder / "labs.csv", "2024-06-01");
  } catch (const ConfigError& error) {
    told = error.what();
  }
  EXPECT_THAT(told, HasSubstr("row 4: date \"9999-12-31\": expected a day that is not after"));
  EXPECT_THAT(told, Not(HasSubstr("row 3")));
  EXPECT_THAT(told, Not(HasSubstr("row 5")));
}

TEST(FarApart, ExclusionsOfMoreThanHalfAYearBeforeTheNewestCountStandFirst) {
  EXPECT_THAT(first_screen("a,bcr_abl1,no,,,2019-03-05,PCR\na,tk_fusion,no,,,2023-09-03,\n"
                           "a,mpn_history,no,,,2023-08-30,\na,wbc,12,G/L,,2024-03-01,\n"),
              Contains("Excluded more than 180 days before the newest count "
                       "(2024-03-01): BCR::ABL1 "
                       "(row 2, 2019-03-05) and previous myeloproliferative neoplasm "
                       "(row 4, "
                       "2023-08-30)."));
  EXPECT_THAT(first_screen("a,bcr_abl1,yes,,,2019-03-05,PCR\na,tk_fusion,no,,,2023-09-03,\n"
                           "a,wbc,12,G/L,,2024-03-01,\n"),
              Each(Not(StartsWith("Excluded"))));
}

TEST(Answers, ThatCannotBeUndoneAreKeptAgainstALaterNo) {
  for (const std::string item : {"cytotoxic_therapy", "predisposition"}) {
    const auto rows =
        "a," + item + ",yes,,,2015-03-05,R-CHOP\na," + item + ",no,,,2024-03-05,chart\n";
    const auto result = result_of_rows(rows);
    EXPECT_EQ(result.readings.at(item).answer, Choice::yes) << item;
    EXPECT_THAT(plain(result.editions[0].hints),
                Contains(AllOf(HasSubstr("yes (row 2, 2015-03-05) is kept against no (row 3, "
                                         "2024-03-05)"),
                               StartsWith("Answers on "))))
        << item;
    EXPECT_EQ(result_of_rows(rows + "a,resolved," + item + ",,,2024-03-06,of another patient\n")
                  .readings.at(item)
                  .answer,
              Choice::no)
        << item;
  }
  EXPECT_THAT(first_screen("a,cytotoxic_therapy,yes,,,2015-03-05,R-CHOP\n"
                           "a,cytotoxic_therapy,no,,,2024-03-05,chart\n"),
              Contains(HasSubstr("post cytotoxic therapy")));
}

}  // namespace
}  // namespace cytocape::criteria
