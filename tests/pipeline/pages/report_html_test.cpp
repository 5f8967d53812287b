/// The page as a whole: what must not happen to any of its texts, its head, its size.

#include <gtest/gtest.h>

#include <limits>
#include <regex>

#include "io/image_codec.hpp"
#include "pipeline/pages/report_writer.hpp"
#include "tests/io/example_report.hpp"
#include "tests/pipeline/pages/hostile_report.hpp"
#include "tests/pipeline/pages/html_page.hpp"

namespace cytocape {
namespace {

using testing::example_record;
using testing::holds;
using testing::hostile_report;
using testing::lacks;
using testing::ok_report;
using testing::times;

TEST(ReportHtml, EscapesEveryTextThatComesFromOutside) {
  for (const auto status : {Status::ok, Status::incomplete}) {
    std::size_t fields = 0;
    auto report = hostile_report(fields);
    report.status = status;
    const auto page = report_html(report);
    EXPECT_TRUE(lacks(page, "<script"));
    EXPECT_TRUE(lacks(page, "\"'&"));
    EXPECT_TRUE(lacks(page, "'&"));
    EXPECT_GE(times(page, "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&apos;&amp;"), 60U);
    EXPECT_GE(fields, 60U);
  }
}

TEST(ReportHtml, EscapesTheCaseAtTheHeadOfPrintedPages) {
  auto report = example_record().report;
  report.assessment.id = "\"}</style><b>";
  const auto page = report_html(report);
  EXPECT_TRUE(holds(page, "content: \"Case \\000022\\00007d\\00003c\\00002fstyle"));
  EXPECT_EQ(times(page, "</style>"), 1U);
}

TEST(ReportHtml, DoesNotExpandTemplateTagsInTexts) {
  auto report = example_record().report;
  report.assessment.id = "{{heading}}{{#slides}}";
  EXPECT_TRUE(holds(report_html(report), "<h1>Case {{heading}}{{#slides}}</h1>"));
}

TEST(ReportHtml, NeedsNothingFromOutside) {
  const auto page = report_html(ok_report());
  EXPECT_TRUE(lacks(page, "http"));
  EXPECT_TRUE(lacks(page, "<link"));
  EXPECT_TRUE(lacks(page, "@import"));
  const std::regex source("(src=\"|url\\()(?!data:image/)");
  EXPECT_FALSE(std::regex_search(page, source));
}

TEST(ReportHtml, StatesResearchUseAtTopAndBottomAndOnEveryPrintedPage) {
  const auto page = report_html(example_record().report);
  const std::string line = std::string("<p class=\"research\">") + kResearchUse;
  EXPECT_EQ(times(page, line), 2U);
  EXPECT_LT(page.find(line), page.find("<h1>"));
  EXPECT_GT(page.rfind(line), page.find("Provenance of the case"));
  EXPECT_TRUE(holds(page, std::string("@bottom-center { content: \"") + kResearchUse));
}

TEST(ReportHtml, StatesStatusInWordsWithItsReasonsBeforeAnyNumber) {
  const auto page = report_html(example_record().report);
  const auto status = page.find("<b>Blood slide PB_17: incomplete</b>");
  const auto reason = page.find("1 of 6 blocks failed");
  ASSERT_NE(status, std::string::npos);
  ASSERT_NE(reason, std::string::npos);
  EXPECT_LT(status, reason);
  EXPECT_LT(reason, page.find("Monocytes in blood"));
}

TEST(ReportHtml, AlarmSaysWhichSlideIsUsedInstead) {
  std::vector<SlideReport> slides{ok_report(), example_record().report};
  slides[1].slide.id = "PB_18";
  EXPECT_TRUE(holds(report_html(slides[0].assessment, slides),
                    "It is not used for the criteria; used instead: Blood slide PB_17."));
  slides[1].specimen = Specimen::marrow;
  EXPECT_TRUE(holds(report_html(slides[0].assessment, slides),
                    "no other slide of bone marrow is usable; used: Blood slide PB_17."));
  slides[0].status = Status::failed;
  EXPECT_TRUE(holds(report_html(slides[0].assessment, slides), "nor is any other slide."));
  EXPECT_TRUE(lacks(report_html(slides[1]), "class=\"instead\""));
}

TEST(ReportHtml, TextThatTurnsTheDirectionOfReadingStandsVisibly) {
  auto report = ok_report();
  report.assessment.id = "17\u202e";
  report.assessment.readings["bm_blasts"].gap = "no\u2066marrow\u200f slide";
  report.assessment.given[0].source = "LIS \u202e9";
  const auto page = report_html(report);
  EXPECT_TRUE(holds(page, "<h1>Case 17\ufffd</h1>"));
  EXPECT_TRUE(holds(page, "<title>Case 17\ufffd &middot;"));
  EXPECT_TRUE(holds(page, "content: \"Case 17\ufffd\""));
  EXPECT_TRUE(holds(page, "no\ufffdmarrow\ufffd slide"));
  EXPECT_TRUE(lacks(page, "\u202e"));
  EXPECT_TRUE(lacks(page, "\u200f"));
}

TEST(ReportHtml, NameReadFromRightToLeftLeavesTheNumbersBesideIt) {
  auto report = ok_report();
  // "mem" and "ayin", twice, as a laboratory's name of two words.
  report.assessment.readings["wbc"].source = report.assessment.editions[0].criteria[6].source =
      "\u05de\u05e2 \u05de\u05e2, 2026-01-02";
  EXPECT_TRUE(holds(
      report_html(report),
      "(\u2068\u05de\u05e2 \u05de\u05e2\u2069, <span class=\"date\">2026-01-02</span>)</span>"));
}

TEST(ReportHtml, NeverPrintsNumbersThatAreNone) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinite = std::numeric_limits<double>::infinity();
  auto report = ok_report();
  report.differential[0].fraction = report.differential[0].expected_fraction = nan;
  report.differential[0].wilson95 = Interval{nan, infinite};
  report.differential[0].reference = Interval{0, infinite};
  report.groups[0].fraction = infinite;
  report.groups[0].both95 = report.groups[0].classifier95 = {nan, nan};
  report.figures[1].value = nan;
  report.quality[0].value = nan;
  report.quality[1].at_least = infinite;
  report.slide.mpp = {nan, nan};
  report.gallery[1].probability[0] = std::numeric_limits<float>::quiet_NaN();
  report.gallery[1].map[0] = std::numeric_limits<float>::infinity();
  report.places[0].x = std::numeric_limits<float>::quiet_NaN();
  report.evidence.value[0] = nan;
  auto& readings = report.assessment.readings;
  readings["monocytes"].value = nan;
  readings["amc"].interval = Interval{nan, infinite};
  report.assessment.editions[0].criteria[1].value = nan;
  report.assessment.editions[0].criteria[2].interval = Interval{0, infinite};
  const auto page = report_html(report);
  const std::regex none("(^|[^A-Za-z0-9+/])-?(nan|inf)([^A-Za-z0-9+/]|$)");
  std::smatch found;
  EXPECT_FALSE(std::regex_search(page, found, none)) << found.prefix().str().substr(
      found.prefix().length() > 200 ? static_cast<std::size_t>(found.prefix().length()) - 200 : 0);
}

TEST(ReportHtml, ProvenanceNamesTheFilesOfCriteriaAndLaboratory) {
  auto report = ok_report();
  auto page = report_html(report);
  EXPECT_TRUE(holds(page, std::string(64, 'd')));
  EXPECT_TRUE(holds(page, std::string(64, 'f')));
  EXPECT_TRUE(holds(page, "labs/labs.csv"));
  report.assessment.labs = {};
  EXPECT_TRUE(holds(report_html(report), "\u2013 (no file was given)"));
}

TEST(ReportHtml, DatesAreKeptOnOneLineWhereTheyAreText) {
  auto report = ok_report();
  report.assessment.given[0].date = "2026-01-05";
  report.assessment.given[0].file = "2026-01-0x";
  report.assessment.readings["amc"].source = "LIS, 2026-01-06";
  const auto page = report_html(report);
  EXPECT_TRUE(
      holds(page, "<td class=\"date\" data-name=\"date\"><span class=\"date\">2026-01-05</span>"));
  EXPECT_TRUE(holds(page, "From: LIS, <span class=\"date\">2026-01-06</span>."));
  EXPECT_TRUE(holds(page, ">2026-01-0x,"));
  const std::regex in_attribute(" [a-z-]+=\"[^\"]*<span");
  EXPECT_FALSE(std::regex_search(page, in_attribute));
}

TEST(ReportHtml, ShowsAllSlidesOfACaseAndUsesTheOneThatIsOk) {
  const std::vector<SlideReport> slides{ok_report(), example_record().report};
  const auto page = report_html(slides[0].assessment, slides);
  EXPECT_EQ(times(page, "<section class=\"slide-part\""), 2U);
  EXPECT_TRUE(holds(page, "href=\"#slide-2\""));
  EXPECT_EQ(times(page, "id=\"slide-1-class-0\""), 1U);
  EXPECT_EQ(times(page, "id=\"slide-2-class-0\""), 1U);
  EXPECT_TRUE(holds(page, "<b>Blood slide PB_17: incomplete</b>"));
  EXPECT_TRUE(holds(page, "By WHO 2022 undecided"));
}

TEST(ReportHtml, OfAnEmptyReportHasNoEmptyPlaces) {
  SlideReport report;
  report.status = Status::incomplete;
  const auto page = report_html(report);
  EXPECT_TRUE(holds(page, ": incomplete</b>"));
  EXPECT_TRUE(holds(page, "&ndash; (no class was counted)"));
  EXPECT_TRUE(holds(page, "&ndash; (no cell was classified"));
  EXPECT_TRUE(holds(page, "&ndash; (no pictures were kept)"));
  EXPECT_TRUE(holds(page, "&ndash; (the criteria were not assessed)"));
  EXPECT_TRUE(holds(page, "\u2013 (not recorded)"));
  EXPECT_TRUE(lacks(page, "{{"));
}

TEST(ReportHtml, OfASlideThatFailedSaysWhyAndHoldsNoNumberOfIt) {
  auto report = example_record().report;
  report.case_id = "C-17";
  const auto failed = failed_report(report, {"PB_17.svs: cannot be read", "at its end"});
  const auto page = report_html(failed);
  EXPECT_TRUE(holds(page, "<b>Blood slide PB_17: failed</b>"));
  EXPECT_TRUE(holds(page, "The slide could not be analysed: nothing here is a result."));
  EXPECT_TRUE(holds(page, "<li>PB_17.svs: cannot be read</li>"));
  EXPECT_TRUE(holds(page, "<li>at its end</li>"));
  EXPECT_TRUE(holds(page, "<h1>Case C-17</h1>"));
  EXPECT_TRUE(holds(page, report.slide.path.string()));
  EXPECT_TRUE(holds(page, report.model.sha256));
  EXPECT_TRUE(holds(page, "2026"));
  EXPECT_EQ(times(page, kResearchUse), 3U);
  const auto body = page.substr(page.find("<main>"));
  for (const auto* text : {"%", "WHO 2022", "ICC", "onocyte", "counted<", "analysis complete",
                           "criteria</a>", "blocks of the slide", "<img", "Limits of model"})
    EXPECT_TRUE(lacks(body, text)) << text;
}

TEST(ReportHtml, OfASlideThatWasNeverOpenedSaysThatItsPixelSizeIsNotKnown) {
  SlideReport report;
  report.slide.id = "PB_17";
  const auto page = report_html(failed_report(report, {"no such file"}));
  EXPECT_TRUE(holds(page, "<th scope=\"row\">pixel size</th><td>\u2013 (not recorded)</td>"));
  EXPECT_TRUE(holds(page, "<th scope=\"row\">read by</th><td>\u2013 (not recorded)</td>"));
}

/// A picture that JPEG cannot make small.
std::vector<std::uint8_t> noisy_picture(std::uint32_t seed) {
  Image picture(224, 224);
  for (auto& byte : picture.pixels()) {
    seed = seed * 1664525 + 1013904223;
    byte = static_cast<std::uint8_t>(seed >> 24);
  }
  return encode_jpeg(picture, 85);
}

TEST(ReportHtml, StaysBelow12MegabytesWith10000CellsAndAFullGallery) {
  auto report = ok_report();
  for (int i = 0; i < 10000; ++i) {
    report.places.push_back({static_cast<float>(i * 37 % 1200), static_cast<float>(i * 91 % 600),
                             static_cast<std::int16_t>(i % 3)});
  }
  for (std::uint32_t i = 0; i < 500; ++i) {
    auto cell = report.gallery[1 + i % 7];
    cell.id = 1000 + i;
    cell.jpeg = noisy_picture(i);
    report.gallery.push_back(std::move(cell));
  }
  const auto page = report_html(report);
  EXPECT_LT(page.size(), 12'000'000U);
  EXPECT_GT(page.size(), 8'000'000U);
  EXPECT_TRUE(holds(page, "further pictures were left out to keep the page small"));
}

}  // namespace
}  // namespace cytocape
