#include "pipeline/review/morphology.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/errors.hpp"
#include "io/record.hpp"
#include "pipeline/case/assess.hpp"
#include "pipeline/criteria/labs_csv.hpp"
#include "tests/pipeline/review/drawn_night.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Review review_of(const std::string& item, const std::string& text) {
  Review review;
  review.morphology[item] = {text, "ann", "2026-03-04T05:06:07Z", 7};
  return review;
}

struct Seen {
  const char* item;
  const char* text;
  Specimen specimen;
  const char* input;  ///< empty: the criteria are told nothing
  const char* answer;
};

TEST(Morphology, TellsTheCriteriaOfTenPercentOfEnoughCellsOfAMarrow) {
  for (const auto& one : {
           Seen{"dysplastic granulocytic cells", "10 of 100", Specimen::marrow,
                "dysplasia_granulocytic", "yes"},
           Seen{"dysplastic granulocytic cells", "9 of 100", Specimen::marrow,
                "dysplasia_granulocytic", "no"},
           Seen{"dysplastic erythroid cells", "20 of 200", Specimen::marrow, "dysplasia_erythroid",
                "yes"},
           Seen{"dysplastic erythroid cells", "19 of 200", Specimen::marrow, "dysplasia_erythroid",
                "no"},
           Seen{"dysplastic megakaryocytes", "3 of 30", Specimen::marrow,
                "dysplasia_megakaryocytic", "yes"},
           Seen{"dysplastic megakaryocytes", "29 of 29", Specimen::marrow, "", ""},
           Seen{"dysplastic erythroid cells", "99 of 99", Specimen::marrow, "", ""},
           Seen{"dysplastic granulocytic cells", "50 of 100", Specimen::blood, "", ""},
           Seen{"dysplastic granulocytic cells", "", Specimen::marrow, "", ""},
           Seen{"Auer rods", "seen", Specimen::blood, "other_neoplasm", "unknown"},
           Seen{"Auer rods", "not seen", Specimen::blood, "", ""},
           Seen{"anisocytosis", "3+", Specimen::marrow, "", ""},
       }) {
    const auto rows = findings_of(review_of(one.item, one.text), one.specimen, "S1");
    ASSERT_EQ(rows.size(), *one.input == '\0' ? 0U : 1U) << one.item << one.text;
    if (rows.empty()) continue;
    EXPECT_EQ(rows[0].item, one.input);
    EXPECT_EQ(rows[0].value, one.answer) << one.text;
    EXPECT_EQ(rows[0].date, "2026-03-04");
    EXPECT_EQ(rows[0].row, 7U);
  }
  EXPECT_THAT(too_few_counted(review_of("dysplastic megakaryocytes", "3 of 29")),
              ::testing::ElementsAre(HasSubstr("look at 30 or more")));
}

TEST(Morphology, IsRefusedWhereItIsNotHowManyOfHowMany) {
  for (const auto* text : {"some", "10", "10 of", "11 of 10", "-1 of 100", "1.5 of 100", "0 of 0",
                           "10 of 100 cells", "1 of 99999999999999999999"})
    EXPECT_THROW(require_morphology("dysplastic erythroid cells", text), ConfigError) << text;
  EXPECT_THROW(require_morphology("Auer rods", "some"), ConfigError);
  for (const auto* text : {"", "0 of 100", "100 of 100"})
    EXPECT_NO_THROW(require_morphology("dysplastic erythroid cells", text)) << text;
  EXPECT_NO_THROW(require_morphology("conclusion of the film", "some"));
}

/// A drawn slide that a review tells of, and what a laboratory gave.
class ReviewInTheCriteria : public ::testing::Test {
 protected:
  ReviewInTheCriteria()
      : report_(read_overview(
                    testing::draw_night(folder_.path() / "out", "S1", testing::drawn_cells()) /
                    "report.h5")
                    .report) {}
  criteria::CaseResult assessed(const char* item, const char* text, const char* given) {
    report_.review = ReviewSummary{};
    report_.review->findings = findings_of(review_of(item, text), Specimen::marrow, "S1");
    CaseFacts facts{.id = "S1", .labs = {}, .findings = {}};
    if (given != nullptr)
      facts.findings = criteria::findings_of({{.item = "dysplasia_granulocytic",
                                               .value = given,
                                               .unit = {},
                                               .gene = {},
                                               .date = "2026-01-01",
                                               .source = "smear review",
                                               .file = "labs.csv",
                                               .row = 2,
                                               .cells = {}}},
                                             "labs.csv");
    return assess_case(facts, std::span(&report_, 1));
  }
  testing::TempDir folder_;
  SlideReport report_;
};

TEST_F(ReviewInTheCriteria, AnswersWhatTheLaboratoryDidNot) {
  const auto* item = "dysplastic granulocytic cells";
  for (const auto* given : {static_cast<const char*>(nullptr), "unknown", "yes"})
    EXPECT_EQ(assessed(item, "12 of 100", given).readings.at("dysplasia_granulocytic").answer,
              criteria::Choice::yes)
        << (given == nullptr ? "-" : given);
  EXPECT_EQ(assessed(item, "2 of 100", nullptr).readings.at("dysplasia_granulocytic").answer,
            criteria::Choice::no);
}

TEST_F(ReviewInTheCriteria, AContradictionLeavesDysplasiaOpenAndIsSaid) {
  for (const auto* text : {"12 of 100", "2 of 100"}) {
    const auto result =
        assessed("dysplastic granulocytic cells", text, *text == '1' ? "no" : "yes");
    const auto& reading = result.readings.at("dysplasia_granulocytic");
    EXPECT_FALSE(reading.answer);
    EXPECT_THAT(reading.gap.plain(), HasSubstr("contradict each other"));
    std::string alerts;
    for (const auto& alert : result.alerts) alerts += alert + "\n";
    EXPECT_THAT(alerts, HasSubstr("ysplasia is not decided")) << text;
  }
}

TEST_F(ReviewInTheCriteria, AuerRodsLeaveEveryEditionOpen) {
  const auto before = assessed("Auer rods", "not seen", nullptr);
  const auto after = assessed("Auer rods", "seen", nullptr);
  std::string alerts;
  for (const auto& alert : after.alerts) alerts += alert + "\n";
  EXPECT_THAT(alerts, HasSubstr("The review of slide S1 by ann names Auer rods, which speak of "
                                "acute leukaemia. The class is left open."));
  EXPECT_THAT(alerts, ::testing::Not(HasSubstr("row 7")));
  EXPECT_THAT(alerts, HasSubstr("haematologist today"));
  EXPECT_GT(after.alerts.size(), before.alerts.size());
  for (const auto& edition : after.editions)
    EXPECT_NE(edition.state, criteria::State::met) << edition.edition;
}

}  // namespace
}  // namespace cytocape
