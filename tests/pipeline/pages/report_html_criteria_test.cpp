/// What the page says of a case: counts against thresholds, criteria, what is missing, findings
/// given.

#include <gtest/gtest.h>

#include <algorithm>

#include "pipeline/pages/report_writer.hpp"
#include "tests/io/example_report.hpp"
#include "tests/pipeline/pages/html_page.hpp"

namespace cytocape {
namespace {

using criteria::Choice;
using testing::example_record;
using testing::holds;
using testing::lacks;
using testing::ok_report;
using testing::times;

criteria::Asked answered(Choice choice) {
  criteria::Asked asked;
  asked.choices = {choice};
  return asked;
}

TEST(ReportHtmlCriteria, OfASlideThatIsNotOkShowsNoClassification) {
  for (const auto status : {Status::insufficient, Status::incomplete}) {
    auto report = example_record().report;
    report.status = status;
    criteria::withhold_classification(report.assessment, "the slide is not ok");
    const auto page = report_html(report);
    EXPECT_TRUE(holds(page, "By WHO 2022 no classification is given: the slide is not ok."));
    EXPECT_TRUE(lacks(page, "CMML possible, not confirmed"));
    EXPECT_TRUE(lacks(page, "no class follows"));
    EXPECT_TRUE(lacks(page, "confirm the criteria of"));
    EXPECT_TRUE(lacks(page, "What would change it"));
    EXPECT_TRUE(lacks(page, "agree is open"));
    EXPECT_TRUE(lacks(page, "All are required"));
    EXPECT_TRUE(lacks(page, "range of CMML-1"));
    EXPECT_TRUE(lacks(page, "No further finding is needed"));
    EXPECT_TRUE(holds(page, "Absolute monocyte count"));
    EXPECT_TRUE(holds(page, "no classification is shown"));
  }
}

TEST(ReportHtmlCriteria, AnUrgentFindingStandsFirst) {
  auto report = ok_report();
  report.assessment.alerts = {"PML::RARA defines acute promyelocytic leukaemia. Urgent."};
  const auto page = report_html(report);
  const auto alert = page.find("PML::RARA defines acute promyelocytic leukaemia. Urgent.");
  ASSERT_NE(alert, std::string::npos);
  EXPECT_LT(alert, page.find("Counts against the thresholds"));
}

TEST(ReportHtmlCriteria, AnUrgentFindingStaysWhereNothingIsConcluded) {
  auto report = example_record().report;
  report.status = Status::failed;
  report.assessment.alerts = {"PML::RARA defines acute promyelocytic leukaemia. Urgent."};
  criteria::withhold_classification(report.assessment, "the slide is failed");
  EXPECT_TRUE(holds(report_html(report), "PML::RARA defines acute promyelocytic leukaemia."));
}

TEST(ReportHtmlCriteria, WithoutAnUrgentFindingThereIsNoSuchPart) {
  EXPECT_TRUE(lacks(report_html(ok_report()), "aria-label=\"Urgent\""));
}

TEST(ReportHtmlCriteria, OfAnOkSlideShowsWhatFollowsInEachEditionAndWhetherTheyAgree) {
  const auto page = report_html(ok_report());
  EXPECT_TRUE(holds(page, "By WHO 2022 undecided: CMML possible, not confirmed"));
  EXPECT_TRUE(holds(page, "By ICC 2022 no class follows from these findings"));
  EXPECT_TRUE(holds(page, "Whether WHO 2022 and ICC 2022 agree is open"));
  EXPECT_TRUE(holds(page, "This is not a diagnosis"));
  EXPECT_TRUE(holds(page, "All are required"));
  EXPECT_TRUE(holds(page, "Blasts lie above the range of CMML-1"));
}

TEST(ReportHtmlCriteria, SaysEachStateInWordsBesideItsMark) {
  const auto page = report_html(ok_report());
  for (const std::string code : {"met", "not-met", "indeterminate", "not-assessable"}) {
    auto words = code;
    std::replace(words.begin(), words.end(), '-', ' ');
    EXPECT_TRUE(holds(page, "<use href=\"#mark-" + code + "\"/></svg>" + words + "</span>"));
    EXPECT_TRUE(holds(page, "<symbol id=\"mark-" + code + "\""));
  }
  EXPECT_TRUE(holds(page, "3 met"));
  EXPECT_TRUE(holds(page, "1 not assessable"));
}

TEST(ReportHtmlCriteria, TalliesEverySingleCriterionThatIsShown) {
  auto report = ok_report();
  auto& edition = report.assessment.editions[0];
  report.assessment.editions.resize(1);
  edition.criteria.push_back(edition.criteria.back());  // asked for twice, shown twice
  const auto page = report_html(report);
  EXPECT_EQ(times(page, " leaf\"><summary>"), 6U);
  EXPECT_TRUE(holds(page, "<span class=\"title\">1: Monocytosis persists</span>"));
  EXPECT_TRUE(holds(page, "</svg>3 met</span>"));
  EXPECT_TRUE(holds(page, "</svg>2 not met</span>"));
  EXPECT_TRUE(holds(page, "</svg>1 indeterminate</span>"));
  EXPECT_TRUE(holds(page, "</svg>1 not assessable</span>"));
}

TEST(ReportHtmlCriteria, CriterionHasItsNumberWithIntervalAndItsSentence) {
  const auto page = report_html(ok_report());
  EXPECT_TRUE(holds(page, "<span class=\"found\">60\u00a0% (23.1\u201388.2)</span>"));
  EXPECT_TRUE(holds(page, "<span class=\"found\">20\u00a0% (at least"));
  EXPECT_TRUE(holds(page, "<span class=\"found\">BCR::ABL1: no</span>"));
  EXPECT_TRUE(holds(page, "Persistence of the monocytosis: not known"));
  EXPECT_TRUE(holds(page, "Source: FISH, <span class=\"date\">2026-01-03</span>."));
}

TEST(ReportHtmlCriteria, ListsWhatIsMissingAndWhatWouldChangeTheResult) {
  const auto page = report_html(ok_report());
  EXPECT_TRUE(holds(page, "The shortest way to confirm the criteria of CMML, still needed:"));
  EXPECT_TRUE(holds(page, "<li>persistence of the monocytosis shown <small>(not given)"));
  EXPECT_TRUE(holds(page,
                    "<li>clonal cytogenetic abnormality shown and mutation of a myeloid gene shown "
                    "to be above 0 %</li>"));
  EXPECT_TRUE(
      holds(page, "<td>CMML, subtype MD-CMML, grade open (CMML-1 or CMML-2 possible)</td>"));
  EXPECT_TRUE(holds(page, "only an error in it would change the result"));
}

TEST(ReportHtmlCriteria, WhatIsMissingReadsAsNeededAndNotAsFound) {
  auto report = ok_report();
  auto& decision = report.assessment.editions[0].decisions[0];
  decision.confirm[0].label = "BCR::ABL1";
  decision.confirm[0].condition = answered(Choice::no);
  decision.one_of[0][0][0].condition.say = "at least one acquired mutation";
  const auto page = report_html(report);
  EXPECT_TRUE(holds(page, "<li>BCR::ABL1 shown absent <small>(not given)</small></li>"));
  EXPECT_TRUE(holds(page, "<li>at least one acquired mutation shown</li>"));
  EXPECT_TRUE(lacks(page, "BCR::ABL1: no <small>"));
}

TEST(ReportHtmlCriteria, ReasonsOfWhatWouldChangeStandInBracketsAndNameLowerBounds) {
  auto report = ok_report();
  report.assessment.editions[0].changes[0].if_known.input = "pb_blasts";
  const auto page = report_html(report);
  EXPECT_TRUE(holds(
      page,
      " <small>(now no, FISH, <span class=\"date\">2026-01-03</span>)</small> <small>(known now:"));
  EXPECT_TRUE(holds(page, "shown <small>(a lower bound: not given)</small></td>"));
}

TEST(ReportHtmlCriteria, WaysSayOnceWhatTheyShareAndBeginWithTheShortest) {
  auto report = ok_report();
  const auto need = [](const char* label, const criteria::Asked& asked) {
    criteria::Need result;
    result.input = result.label = label;
    result.condition = asked;
    return result;
  };
  criteria::Asked one;
  one.ranges = {{{criteria::Comparison::at_least, 1}}};
  one.unit = Unit::cells_per_volume;
  const auto amc = need("AMC", one);
  const auto yes = answered(Choice::yes);
  report.assessment.editions[0].decisions[0].one_of = {
      {{amc, need("erythroid dysplasia", yes)},
       {need("cytogenetics", yes)},
       {amc, need("immunophenotype", yes), need("sex", answered(Choice::male))}}};
  EXPECT_TRUE(
      holds(report_html(report),
            "one of:<ul class=\"ways\"><li>cytogenetics shown</li><li>AMC shown to be at "
            "least 1\u00a0\u00d7\u00a010\u2079/L, and one of:<ul class=\"rest\"><li>erythroid "
            "dysplasia shown</li><li>immunophenotype shown and sex shown to be male</li></ul>"
            "</li></ul>"));
}

TEST(ReportHtmlCriteria, WhatDecidesStandsFirstAndWhatCannotBeAssessedIsOneLine) {
  const auto page = report_html(ok_report());
  const auto first = page.find("<div class=\"criteria\">");
  const auto rows = page.substr(first, page.find("</section>", first) - first);
  const auto unmet = rows.find("Leukocytes at least 13");
  const auto open = rows.find("Blasts below 20 % in blood");
  const auto met = rows.find("Monocytes at least 10 % of leukocytes");
  const auto rest = rows.find("1: Monocytosis persists");
  ASSERT_NE(rest, std::string::npos);
  EXPECT_LT(unmet, open);
  EXPECT_LT(open, met);
  EXPECT_LT(met, rest);
  EXPECT_EQ(times(rows, "not assessable</span>"), 1U);
  EXPECT_TRUE(holds(rows.substr(rest), "Persistence of the monocytosis: not known, not given"));
}

TEST(ReportHtmlCriteria, TheFirstThingsToConsiderStandBesideWhatFollows) {
  auto report = testing::example_record().report;
  report.status = Status::ok;
  auto& hints = report.assessment.editions.front().hints;
  hints = {"Consider one.", "Consider two.", "Consider three.", "Consider four.", "Consider five."};
  const auto box = [&] {
    const auto page = report_html(report);
    const auto at = page.find("id=\"conclusions\"");
    return page.substr(at, page.find("</section>", at) - at);
  };
  EXPECT_TRUE(holds(box(), "Consider three."));
  EXPECT_FALSE(holds(box(), "Consider four."));
  EXPECT_TRUE(holds(box(), "more below</a>"));
  hints.resize(4);
  EXPECT_TRUE(holds(box(), "Consider four.")) << "a line on how many more is no shorter";
}

TEST(ReportHtmlCriteria, EachEditionHasALineOfWhatFollowsAndWhatIsMissing) {
  const auto page = report_html(ok_report());
  const auto begin = page.find("id=\"conclusions\"");
  const auto part = page.substr(begin, page.find("</section>", begin) - begin);
  EXPECT_EQ(times(part, "<p class=\"verdict "), 2U);
  EXPECT_TRUE(holds(part,
                    "Missing: monocytosis persists; blasts and equivalents in blood (below "
                    "20 % is undecided: 20\u00a0% counted may be anything from 3.62\u00a0% up);"));
  EXPECT_TRUE(
      holds(part, "one of dysplasia of a lineage, clonal cytogenetic abnormality, mutation."));
  EXPECT_EQ(times(part, "Missing:"), 1U) << "in the other edition nothing is open";
  EXPECT_LT(page.find("id=\"differential\""), begin);
  EXPECT_LT(begin, page.find("id=\"criteria\""));
}

TEST(ReportHtmlCriteria, SaysWhyACountIsUndecidedAndHowManyCellsWouldDecideIt) {
  auto report = ok_report();
  auto& blasts = report.assessment.readings["pb_blasts"];
  blasts.basis = criteria::Basis::counted;
  blasts.value = 18;
  blasts.interval = Interval{13.3, 23.9};
  blasts.total = 200;
  for (auto& decision : report.assessment.editions[0].decisions)
    for (auto& need : decision.confirm) need.cells = 1600;
  EXPECT_TRUE(holds(report_html(report),
                    "(below 20 % is undecided: 18\u00a0% of 200 cells may be 13.3 to "
                    "23.9\u00a0%; about 1600 cells would decide)"));
  blasts.classifier95 = Interval{12, 25};
  EXPECT_TRUE(holds(report_html(report), "23.9\u00a0% with the model&apos;s error; about"));
  blasts.basis = criteria::Basis::disputed;
  EXPECT_TRUE(holds(report_html(report), "is undecided: sources say 13.3 to 23.9\u00a0%)"));
}

TEST(ReportHtmlCriteria, SourcesThatContradictEachOtherAreNamedBeforeAnyCount) {
  auto report = ok_report();
  EXPECT_TRUE(lacks(report_html(report), "Disputed: "));
  auto& reading = report.assessment.readings["monocytes"];
  reading.basis = criteria::Basis::disputed;
  reading.gap = "sources contradict each other";
  const auto page = report_html(report);
  const auto told = page.find("<b>Disputed: monocytes of leukocytes:</b>");
  ASSERT_NE(told, std::string::npos);
  EXPECT_LT(told, page.find("id=\"differential\""));
}

TEST(ReportHtmlCriteria, HeadlineDrawsEachQuantityAgainstBothEditionsThresholds) {
  const auto page = report_html(ok_report());
  EXPECT_TRUE(holds(page,
                    "<title>Absolute monocyte count (AMC): 1.5\u00a0\u00d7\u00a010\u2079/L "
                    "(0.577\u20132.21)</title>"));
  EXPECT_TRUE(holds(page, "Thresholds of WHO 2022: 0.5 "));
  EXPECT_TRUE(holds(page, "Thresholds of ICC 2022: 1 "));
  EXPECT_TRUE(holds(page, "A lower bound: the model does not know promonocytes"));
  EXPECT_TRUE(holds(page, "Not known: no marrow slide"));
}

TEST(ReportHtmlCriteria, HeadlineNamesWhoCountedALaboratorysCells) {
  auto report = ok_report();
  auto& reading = report.assessment.readings["bm_blasts"];
  reading.basis = criteria::Basis::counted;
  reading.value = 8;
  reading.interval = Interval{6.5, 9.8};
  reading.count = 80;
  reading.total = 1000;
  reading.from.what = criteria::PersonsCount{
      .count = 80, .total = 1000, .from = {.date = "2026-01-04", .source = "manual differential"}};
  reading.gap.clear();
  const auto page = report_html(report);
  EXPECT_TRUE(holds(page, "<small>80 of 1000 nucleated cells</small>"));
  EXPECT_TRUE(holds(page, "From: manual differential, <span class=\"date\">2026-01-04</span>."));
}

TEST(ReportHtmlCriteria, HeadlineDoesNotRoundAcrossAThreshold) {
  auto report = ok_report();
  auto& reading = report.assessment.readings["monocytes"];
  reading.value = 9.9996;
  report.assessment.editions[0].criteria[2].value = 9.9996;
  const auto page = report_html(report);
  EXPECT_TRUE(holds(page, "<b>9.9996\u00a0%</b>"));
  EXPECT_TRUE(holds(page, "<span class=\"found\">9.9996\u00a0%"));
}

TEST(ReportHtmlCriteria, ShowsADisputedNumberWithAllThatItsSourcesSay) {
  auto report = ok_report();
  auto& reading = report.assessment.readings["monocytes"];
  reading.basis = criteria::Basis::disputed;
  reading.value = 4;
  reading.interval = Interval{4, 12};
  reading.gap = "sources contradict each other";
  reading.remarks = {"4 % (LIS) contradicts 10 % (slide)"};
  auto page = report_html(report);
  EXPECT_TRUE(holds(page, "(disputed: 4 to 12)"));
  EXPECT_TRUE(holds(page, "Disputed: sources contradict each other."));
  EXPECT_TRUE(holds(page, "contradicts 10 % (slide)"));
  reading.interval = Interval{4, 100};
  page = report_html(report);
  EXPECT_TRUE(holds(page, "(disputed: 4 or more)"));
}

TEST(ReportHtmlCriteria, SaysOnceWhatTheIntervalsThatDecideHold) {
  auto note = std::string(criteria::kIntervalNote);
  for (auto at = note.find('\''); at != std::string::npos; at = note.find('\''))
    note.replace(at, 1, "&apos;");
  EXPECT_EQ(times(report_html(ok_report()), note), 1U);
}

TEST(ReportHtmlCriteria, FindingsGivenAreNamedInWords) {
  auto report = ok_report();
  report.assessment.given[0].item = "marrow_cmml";
  report.assessment.given[1].item = "something new";
  const auto page = report_html(report);
  EXPECT_TRUE(holds(page, "<th scope=\"row\">marrow consistent with CMML</th>"));
  EXPECT_TRUE(holds(page, "<th scope=\"row\">something new</th>"));
}

TEST(ReportHtmlCriteria, NotesEndWithAFullStopAndNoBlankStandsBeforeOne) {
  const auto page = report_html(ok_report());
  EXPECT_TRUE(holds(page, "contradicts the slide&apos;s 1.5.</p>"));
  EXPECT_TRUE(lacks(page, "not known ."));
}

TEST(ReportHtmlCriteria, FindingsGivenSayHowManyCellsWereCounted) {
  auto report = ok_report();
  criteria::GivenValue blasts;
  blasts.item = "pb_blasts";
  blasts.value = "3";
  blasts.unit = "%";
  report.assessment.given = {blasts};
  EXPECT_FALSE(holds(report_html(report), "3 % of"));
  report.assessment.given.front().cells = "200";
  EXPECT_TRUE(holds(report_html(report), "3 % of 200 cells"));
}

}  // namespace
}  // namespace cytocape
