#include "pipeline/case/quality.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "pipeline/case/grading.hpp"
#include "pipeline/settings/analyze_config.hpp"

namespace cytocape {
namespace {

using Verdict = QualityCheck::Verdict;

/// A good slide by the default configuration.
QualityFacts good_slide() {
  return {.specimen = Specimen::blood,
          .focus = 1.0,
          .nuclear_stain = 0.9,
          .glass = {235, 230, 225},
          .foreground_share = 0.3,
          .covered_share = 0.5,
          .counted = 200,
          .located = 220,
          .excluded = 10,
          .out_of_focus = 2,
          .failed = 0,
          .parts = 300,
          .enlargement = 1,
          .strange_share = 0.05,
          .strange_limit = 0.2,
          .colour_distance = 0.3,
          .colour_reach = 0.5};
}

std::vector<QualityCheck> checks_of(const QualityFacts& facts) {
  return check_quality(facts, load_analyze_config("", {}).quality);
}

/// Codes of the checks with a verdict.
std::vector<std::string> with(Verdict verdict, const QualityFacts& facts) {
  std::vector<std::string> codes;
  for (const auto& check : checks_of(facts))
    if (check.verdict == verdict) codes.emplace_back(to_string(check.rule));
  return codes;
}

TEST(Quality, AGoodSlidePassesEveryRule) {
  EXPECT_THAT(with(Verdict::failed, good_slide()), ::testing::IsEmpty());
  EXPECT_THAT(with(Verdict::not_measured, good_slide()), ::testing::IsEmpty());
}

TEST(Quality, EachFaultFailsItsOwnRuleAlone) {
  const std::vector<std::pair<std::string, void (*)(QualityFacts&)>> faults = {
      {"full_count", [](QualityFacts& facts) { facts.counted = 199; }},
      {"failed_share", [](QualityFacts& facts) { facts.failed = 1; }},
      {"excluded_share", [](QualityFacts& facts) { facts.excluded = 111; }},
      {"enlargement", [](QualityFacts& facts) { facts.enlargement = 1.51; }},
      {"strange_cells", [](QualityFacts& facts) { facts.strange_share = 0.21; }},
      {"appearance", [](QualityFacts& facts) { facts.colour_distance = 0.51; }},
      {"focus", [](QualityFacts& facts) { facts.focus = 0; }},
      {"out_of_focus_share", [](QualityFacts& facts) { facts.out_of_focus = 60; }},
      {"nuclear_stain", [](QualityFacts& facts) { facts.nuclear_stain = 0.1; }},
      {"white_balance",
       [](QualityFacts& facts) {
         facts.glass = {250, 200, 120};
       }},
      {"foreground_share", [](QualityFacts& facts) { facts.foreground_share = 0; }},
      {"covered_share", [](QualityFacts& facts) { facts.covered_share = 0.99; }},
      {"absent_share", [](QualityFacts& facts) { facts.absent_share = 0.002; }}};
  EXPECT_EQ(faults.size() + 1, checks_of(good_slide()).size()) << "all but countable_cells";
  for (const auto& [code, spoil] : faults) {
    auto facts = good_slide();
    spoil(facts);
    EXPECT_THAT(with(Verdict::failed, facts), ::testing::ElementsAre(code));
  }
}

TEST(Quality, WhatMissesCellsDecidesAndWhatIsOddWarns) {
  std::vector<std::string> deciding;
  for (const auto& check : checks_of(good_slide()))
    if (check.decides) deciding.emplace_back(to_string(check.rule));
  EXPECT_THAT(deciding, ::testing::ElementsAre("countable_cells", "failed_share", "excluded_share",
                                               "enlargement", "strange_cells", "appearance",
                                               "focus", "nuclear_stain"));
}

TEST(Quality, AValueOnItsThresholdPasses) {
  auto facts = good_slide();
  facts.counted = 200;
  facts.excluded = 110;
  EXPECT_THAT(with(Verdict::failed, facts), ::testing::IsEmpty());
}

TEST(Quality, WhatWasNotMeasuredIsNeitherPassedNorFailed) {
  auto facts = good_slide();
  facts.strange_limit.reset();
  facts.colour_distance.reset();
  facts.focus.reset();
  facts.covered_share.reset();
  EXPECT_THAT(with(Verdict::not_measured, facts),
              ::testing::ElementsAre("strange_cells", "appearance", "focus", "covered_share"));
}

TEST(Quality, MarrowNeedsMoreCells) {
  auto facts = good_slide();
  facts.specimen = Specimen::marrow;
  EXPECT_THAT(with(Verdict::failed, facts),
              ::testing::ElementsAre("countable_cells", "full_count"));
  facts.counted = 499;
  EXPECT_THAT(with(Verdict::failed, facts), ::testing::ElementsAre("full_count"));
  facts.counted = 500;
  EXPECT_THAT(with(Verdict::failed, facts), ::testing::IsEmpty());
}

TEST(Quality, ACountUnderTheMinimumIsNotFullEither) {
  auto facts = good_slide();
  facts.counted = 99;
  EXPECT_THAT(with(Verdict::failed, facts),
              ::testing::ElementsAre("countable_cells", "full_count"));
}

TEST(Quality, AFailedRuleIsDescribedWithItsNumberThresholdAndKey) {
  auto facts = good_slide();
  facts.counted = 63;
  EXPECT_EQ(describe(checks_of(facts).front()),
            "cells counted: 63; at least 100 needed (counting.min_leukocytes_pb)");
}

/// The slide of these facts, with its status and what is said beside it.
SlideReport graded(const QualityFacts& facts) {
  SlideReport report;
  report.quality = checks_of(facts);
  report.cells_located = facts.located;
  report.denominator = facts.counted;
  report.blocks_planned = 1;
  grade(report, {.failed = 0, .blocks_done = 1});
  return report;
}

TEST(Grading, WhatTheReaderOfTheSlideNoticedIsSaidBesideTheStatus) {
  SlideReport report;
  report.blocks_planned = 1;
  report.slide.notices = {"Of 3 pictures of one size only the first was read."};
  grade(report, {.failed = 0, .blocks_done = 1});
  EXPECT_EQ(report.status, Status::ok);
  EXPECT_THAT(report.status_reasons, ::testing::ElementsAre(report.slide.notices.front()));
}

TEST(Grading, APreliminaryCountIsStillOk) {
  auto facts = good_slide();
  facts.counted = 199;
  EXPECT_EQ(graded(facts).status, Status::ok);
}

TEST(Grading, ADecidingRuleThatCouldNotBeMeasuredIsSaidAndChangesNoStatus) {
  auto facts = good_slide();
  EXPECT_THAT(graded(facts).status_reasons, ::testing::IsEmpty());
  facts.focus.reset();
  facts.covered_share.reset();  // warns only
  const auto report = graded(facts);
  EXPECT_EQ(report.status, Status::ok);
  EXPECT_THAT(report.status_reasons,
              ::testing::ElementsAre(::testing::HasSubstr("sharpest areas: not measured")));
}

TEST(Grading, StrangenessIsMissedOnlyWhereTheModelAsksForItAndCellsWereSeen) {
  auto facts = good_slide();
  facts.strange_share.reset();
  EXPECT_THAT(graded(facts).status_reasons,
              ::testing::ElementsAre(::testing::HasSubstr("cells unlike the model's")));
  facts.strange_limit.reset();
  EXPECT_THAT(graded(facts).status_reasons, ::testing::IsEmpty()) << "the model brings no measure";
}

TEST(Grading, WithoutCellsNothingIsMissedButTheCells) {
  auto facts = good_slide();
  facts.counted = facts.located = facts.excluded = facts.out_of_focus = 0;
  facts.strange_share.reset();
  facts.focus.reset();
  const auto report = graded(facts);
  EXPECT_EQ(report.status, Status::insufficient);
  EXPECT_THAT(report.status_reasons,
              ::testing::ElementsAre(::testing::HasSubstr("cells counted: 0")));
}

}  // namespace
}  // namespace cytocape
