/// What a page and report.json say of a review: who answers for the counts, and what was amended.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "pipeline/pages/report_writer.hpp"
#include "pipeline/wording/review.hpp"
#include "tests/io/example_report.hpp"
#include "tests/pipeline/pages/html_page.hpp"

namespace cytocape {
namespace {

using testing::holds;
using testing::lacks;
using testing::ok_report;

SlideReport with_review(ReviewSummary review) {
  auto report = ok_report();
  report.review = std::move(review);
  return report;
}

ReviewSummary signed_by_rey() {
  return {.cells_verified = 5,
          .cells_total = 5,
          .verified = {"ana", "2026-01-02T03:04:05Z"},
          .signed_off = {"rey", "2026-01-02T04:05:06Z"}};
}

ReviewSummary amended_by_sol() {
  auto review = signed_by_rey();
  review.version = 2;
  review.amendments = {{.version = 1,
                        .verified = review.verified,
                        .signed_off = review.signed_off,
                        .amended = {"sol", "2026-01-03T04:05:06Z"},
                        .reason = "a <blast> was missed"}};
  review.verified = review.signed_off = {};
  review.changes = {{"blast", "blast", 0, 1}};
  return review;
}

TEST(ReportHtmlReview, SaysWhoVerifiedAndSignedBeforeAnyCount) {
  const auto page = report_html(with_review(signed_by_rey()));
  const auto said = page.find(
      "verified by ana, <span class=\"date\">2026-01-02</span> 03:04 UTC; "
      "signed by rey, <span class=\"date\">2026-01-02</span> 04:05 UTC");
  ASSERT_NE(said, std::string::npos);
  EXPECT_LT(said, page.find("id=\"differential\""));
  EXPECT_TRUE(holds(page, ">reviewed and signed<"));
}

TEST(ReportHtmlReview, ASignatureOfTheCountAloneIsNoSignatureOfTheConclusions) {
  auto review = signed_by_rey();
  review.count_alone = true;
  const auto page = report_html(with_review(review));
  EXPECT_TRUE(lacks(page, ">reviewed and signed<"));
  EXPECT_TRUE(holds(page, ">count signed, conclusions not<"));
}

TEST(ReportHtmlReview, AnAmendedReportSaysWhyByWhomAndWhatWasSignedBeforeAnyCount) {
  const auto page = report_html(with_review(amended_by_sol()));
  const auto flag = page.find("<b>Amended, version 2:</b> a &lt;blast&gt; was missed (sol, ");
  ASSERT_NE(flag, std::string::npos);
  EXPECT_LT(flag, page.find("id=\"differential\""));
  EXPECT_TRUE(holds(page.substr(flag), "Version 1 was signed by rey, "));
  EXPECT_TRUE(holds(page.substr(flag), "cells by class, as signed and now: blast 0 to 1"));
  EXPECT_TRUE(holds(page, ">amended, not signed again<"));
  EXPECT_TRUE(holds(page, "; not signed<")) << "nor verified";
}

TEST(ReportHtmlReview, AVeryLongReasonStandsWholeInTheReviewAlone) {
  auto review = amended_by_sol();
  review.amendments.front().reason = std::string(2000, 'r');
  const auto page = report_html(with_review(review));
  const auto whole = page.find(std::string(2000, 'r'));
  ASSERT_NE(whole, std::string::npos);
  EXPECT_GT(whole, page.find("id=\"review-title\""));
  EXPECT_EQ(page.find(std::string(2000, 'r'), whole + 1), std::string::npos);
}

/// The counts of before and after would tell what is withheld.
TEST(ReportHtmlReview, OfAStrangeSlideNoCountOfAnAmendmentIsTold) {
  auto report = with_review(amended_by_sol());
  report.status = Status::insufficient;
  report.quality.push_back({.rule = QualityRule::strange_cells,
                            .verdict = QualityCheck::Verdict::failed,
                            .decides = true,
                            .value = 99,
                            .at_most = 15});
  ASSERT_FALSE(why_withheld(report).empty());
  EXPECT_TRUE(lacks(report_html(report), "blast 0 to 1"));
  EXPECT_TRUE(holds(report_html(report), "Amended, version 2:"));
  EXPECT_TRUE(nlohmann::json::parse(report_json(report))["review"]["changes"].empty());
}

TEST(ReportHtmlReview, JsonHasEverySignedVersionAndWhatHasChanged) {
  const auto review = nlohmann::json::parse(report_json(with_review(amended_by_sol())))["review"];
  EXPECT_EQ(review["amendments"][0]["reason"], "a <blast> was missed");
  EXPECT_EQ(review["amendments"][0]["signed"]["by"], "rey");
  EXPECT_EQ(review["amendments"][0]["amended"]["by"], "sol");
  EXPECT_EQ(review["changes"][0]["count_signed"], 0);
  EXPECT_EQ(review["changes"][0]["count"], 1);
  EXPECT_TRUE(review["signed"].is_null());
}

TEST(ReviewWords, TheSlideOfWhichLeastWasDoneTellsHowFarACaseIs) {
  const std::vector<SlideReport> slides{with_review(signed_by_rey()), ok_report()};
  EXPECT_EQ(wording::review_state(slides), "preliminary, not reviewed");
  EXPECT_EQ(wording::review_state(std::span(slides).first(1)), "reviewed and signed");
  EXPECT_EQ(wording::review_state({}), "preliminary, not reviewed");
}

}  // namespace
}  // namespace cytocape
