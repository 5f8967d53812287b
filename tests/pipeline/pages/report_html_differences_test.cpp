#include <gtest/gtest.h>

#include "pipeline/pages/report_writer.hpp"
#include "pipeline/wording/differences.hpp"
#include "tests/pipeline/pages/html_page.hpp"

namespace cytocape::testing {
namespace {

/// The example, of 100 cells of which 15 are monocytes (9.3 to 23.3 %), and what a person counted.
SlideReport counted_twice(double percent, std::optional<Interval> interval) {
  auto report = ok_report();
  auto& group = report.groups[0];
  group.count = 15;
  group.total = 100;
  group.fraction = 0.15;
  group.wilson95 = Interval{0.0931, 0.2328};
  auto& reading = report.assessment.readings["monocytes"];
  reading.basis = criteria::Basis::counted;
  reading.value = percent;
  reading.interval = interval;
  reading.from.what = criteria::PersonsCount{
      .count = 16, .total = 200, .from = {.date = "2026-01-04", .source = "manual"}};
  reading.source = "16 of 200 cells, manual, 2026-01-04";
  return report;
}

constexpr const char* kDiffer =
    "<b>Laboratory and slide differ, the laboratory&apos;s is used:</b> ";

TEST(ReportHtmlDifferences, SaysBeforeAnyCountWhereLaboratoryAndSlideDiffer) {
  const auto page = report_html(counted_twice(5, Interval{2.7, 9}));
  const auto told = page.find(kDiffer);
  ASSERT_NE(told, std::string::npos);
  EXPECT_LT(told, page.find("id=\"differential\""));
  EXPECT_TRUE(holds(page, "monocytes of leukocytes 5\u00a0% (16 of 200 cells, manual, "));
  EXPECT_TRUE(
      holds(page, "blood slide PB_17 15.0\u00a0% (9.3\u201323.3). Look at the slide again."));
}

TEST(ReportHtmlDifferences, IsSilentWhereChanceExplainsTheDifference) {
  EXPECT_TRUE(lacks(report_html(counted_twice(10, Interval{6.6, 15})), kDiffer));
}

TEST(ReportHtmlDifferences, SharesWhoseIntervalsOverlapMayDifferStill) {
  EXPECT_TRUE(holds(report_html(counted_twice(7, Interval{4.2, 11.4})), kDiffer));
}

TEST(ReportHtmlDifferences, ANumberWithoutCellsIsComparedAsItIs) {
  EXPECT_TRUE(holds(report_html(counted_twice(9, std::nullopt)), kDiffer));
  EXPECT_TRUE(lacks(report_html(counted_twice(9.5, std::nullopt)), kDiffer));
}

TEST(ReportHtmlDifferences, WhatIsDisputedWithASlideIsSaidOnceWithBothSides) {
  auto report = counted_twice(5, Interval{2.7, 23.3});
  for (const auto* input : {"monocytes", "amc"}) {
    auto& reading = report.assessment.readings[input];
    reading.basis = criteria::Basis::disputed;
    reading.gap = "sources contradict each other";
  }
  std::get<criteria::PersonsCount>(report.assessment.readings["monocytes"].from.what).count = 10;
  const auto page = report_html(report);
  EXPECT_TRUE(
      holds(page, "<b>Laboratory and slide disputed, both are held possible:</b> monocytes"));
  EXPECT_TRUE(lacks(page, kDiffer));
  EXPECT_TRUE(lacks(page, "<b>Disputed: "));
}

TEST(ReportHtmlDifferences, TellsOfASlideThatIsNotUsedToo) {
  auto report = counted_twice(5, Interval{2.7, 9});
  report.status = Status::insufficient;
  EXPECT_TRUE(holds(report_html(report), "blood slide PB_17 (insufficient, not used) 15.0"));
}

TEST(ReportHtmlDifferences, AbsoluteCountsAreComparedByTheLeukocytes) {
  auto report = counted_twice(5, Interval{2.7, 9});
  auto& readings = report.assessment.readings;
  readings["monocytes"] = ok_report().assessment.readings["monocytes"];
  readings["wbc"].value = 10;
  readings["wbc"].from.what = criteria::GivenOnce{{.source = "analyser"}};
  auto& amc = readings["amc"];
  amc.basis = criteria::Basis::exact;
  amc.value = 0.4;
  amc.interval.reset();
  amc.from.what = criteria::GivenOnce{{.source = "analyser"}};
  const auto page = report_html(report);
  EXPECT_TRUE(holds(page, kDiffer));
  EXPECT_TRUE(holds(page, "1.50\u00a0\u00d7\u00a010\u2079/L (0.93\u20132.33)"));
}

criteria::GivenValue decision_on_monocytes() {
  return {.item = "resolved",
          .value = "monocytes",
          .unit = {},
          .gene = {},
          .date = "2026-01-05",
          .source = "monoblasts were called monocytes (AB)",
          .file = "labs.csv",
          .row = 9,
          .cells = {}};
}

TEST(ReportHtmlDifferences, ADecisionThatSettlesNothingIsNotToldAsOne) {
  auto report = counted_twice(5, Interval{2.7, 23.3});
  report.assessment.readings["monocytes"].basis = criteria::Basis::disputed;
  report.assessment.given.push_back(decision_on_monocytes());
  EXPECT_TRUE(lacks(report_html(report), "Settled by a person"));
}

TEST(ReportHtmlDifferences, ADecisionOnWhatNothingContradictsIsNotToldAsOne) {
  auto report = counted_twice(15, Interval{10, 20});
  report.assessment.given.push_back(decision_on_monocytes());
  EXPECT_TRUE(holds(report_html(report), "Settled by a person"));
  report.assessment.idle_decisions = {"monocytes"};
  EXPECT_TRUE(lacks(report_html(report), "Settled by a person"));
}

TEST(ReportHtmlDifferences, ADecisionOnADifferenceThatTheCriteriaDoNotWeighIsToldStill) {
  auto report = counted_twice(5, Interval{2.7, 9});
  report.assessment.given.push_back(decision_on_monocytes());
  report.assessment.idle_decisions = {"monocytes"};
  EXPECT_TRUE(holds(report_html(report), "Settled by a person"));
  EXPECT_TRUE(wording::open_differences(report.assessment, {&report, 1}).empty());
}

TEST(ReportHtmlDifferences, ATerminalSaysThemInPlainLetters) {
  const auto report = counted_twice(5, Interval{2.7, 9});
  const auto words = plain(wording::open_differences(report.assessment, {&report, 1}));
  ASSERT_EQ(words.size(), 1U);
  EXPECT_EQ(words[0],
            "monocytes of leukocytes 5 % (16 of 200 cells, manual, 2026-01-04), blood slide PB_17 "
            "15.0 % (9.3 to 23.3)");
}

TEST(ReportHtmlDifferences, WhatAPersonSettledIsToldWithTheReason) {
  auto report = counted_twice(5, Interval{2.7, 9});
  report.assessment.given.push_back(decision_on_monocytes());
  const auto page = report_html(report);
  EXPECT_TRUE(lacks(page, kDiffer));
  EXPECT_TRUE(holds(page,
                    "<b>Settled by a person: monocytes of leukocytes:</b> monoblasts were called "
                    "monocytes (AB), <span class=\"date\">2026-01-05</span>; 5\u00a0% ("));
}

}  // namespace
}  // namespace cytocape::testing
