#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "example_report.hpp"
#include "io/evidence_picture.hpp"
#include "io/report_writer.hpp"

namespace cytocape {
namespace {

using testing::example_record;
using ::testing::HasSubstr;
using ::testing::Not;

std::size_t times(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(ReportHtml, EscapesEveryTextThatComesFromOutside) {
  const std::string evil = "<script>alert(1)</script>&\"'";
  auto report = example_record().report;
  report.slide.id = report.slide.vendor = report.slide_sha256 = evil;
  report.slide.path = evil;
  report.model.name = report.model.path = report.model.sha256 = report.model.card_json = evil;
  report.run.command = report.run.config_toml = report.run.device = report.run.commit = evil;
  report.run.libraries[evil] = evil;
  report.status_reasons = report.failures = {evil};
  report.specimen = report.denominator_rule = evil;
  report.blocks_by_outcome[evil] = 0;
  report.quality[evil] = 1;
  report.model.classes[0] = report.differential[0].name = report.differential[0].label = evil;
  const auto page = report_html(report);
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("&\"'")));
  EXPECT_GE(times(page, "&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&apos;"), 20U);
}

TEST(ReportHtml, DoesNotExpandTemplateTagsInTexts) {
  auto report = example_record().report;
  report.slide.id = "{{slide_sha}}{{#counted}}";
  EXPECT_THAT(report_html(report), HasSubstr("<h1>{{slide_sha}}{{#counted}}</h1>"));
}

TEST(ReportHtml, NeedsNothingFromOutside) {
  const auto page = report_html(example_record().report);
  EXPECT_THAT(page, Not(HasSubstr("http")));
  EXPECT_THAT(page, Not(HasSubstr("<link")));
  EXPECT_THAT(page, Not(HasSubstr("@import")));
  const std::regex source("(src=\"|url\\()(?!data:image/)");
  EXPECT_FALSE(std::regex_search(page, source));
}

TEST(ReportHtml, StatesResearchUseAtTopAndBottom) {
  const auto page = report_html(example_record().report);
  const std::string line = std::string("<p class=\"research\">") + kResearchUse;
  EXPECT_EQ(times(page, line), 2U);
  EXPECT_LT(page.find(line), page.find("<h1>"));
  EXPECT_GT(page.rfind(line), page.find("Provenance"));
}

TEST(ReportHtml, StatesStatusInWordsWithItsReasonsBeforeAnyNumber) {
  const auto page = report_html(example_record().report);
  const auto status = page.find("<b>incomplete</b>");
  const auto reason = page.find("1 of 6 blocks failed");
  ASSERT_NE(status, std::string::npos);
  ASSERT_NE(reason, std::string::npos);
  EXPECT_LT(reason, page.find("Differential count"));
}

TEST(ReportHtml, PrintsCountFractionAndInterval) {
  const auto page = report_html(example_record().report);
  EXPECT_THAT(page, HasSubstr("60.0 %"));
  EXPECT_THAT(page, HasSubstr("(23.1\u201388.2)"));
  EXPECT_THAT(page, HasSubstr("5 cells counted."));
  EXPECT_THAT(page, HasSubstr("0 to 90 %"));
}

TEST(ReportHtml, AbsentNumberIsADashWithAReasonAndNotZero) {
  const auto page = report_html(example_record().report);
  EXPECT_THAT(page, HasSubstr("data-name=\"corrected\">\u2013<sup>a</sup>"));
  EXPECT_THAT(page, HasSubstr("<sup>a</sup> no correction is possible"));
  EXPECT_THAT(page, Not(HasSubstr("nan %")));
  EXPECT_THAT(page, Not(HasSubstr(">nan")));
}

TEST(ReportHtml, SaysSoWhereOutcomesDoNotAddUp) {
  auto report = example_record().report;
  EXPECT_THAT(report_html(report), Not(HasSubstr("do not add up")));
  report.cells_by_outcome["classified"] = 6;
  EXPECT_THAT(report_html(report), HasSubstr("do not add up: the sum is 9"));
}

TEST(ReportHtml, GalleryGroupsCellsUnderTheirCalledClass) {
  const auto page = report_html(example_record().report);
  const auto monocytes = page.find("<h3>monocyte");
  const auto lymphocytes = page.find("<h3>lymphocyte");
  const auto cell3 = page.find("alt=\"cell 3\"");
  EXPECT_LT(monocytes, cell3);
  EXPECT_LT(cell3, lymphocytes);
  EXPECT_LT(lymphocytes, page.find("alt=\"cell 1\""));
}

TEST(ReportHtml, OfAnEmptyReportHasNoEmptyPlaces) {
  const auto page = report_html(SlideReport{});
  EXPECT_THAT(page, HasSubstr("<b>failed</b>"));
  EXPECT_THAT(page, HasSubstr("\u2013 (no class was counted)"));
  EXPECT_THAT(page, HasSubstr("\u2013 (no pictures were kept)"));
  EXPECT_THAT(page, HasSubstr("\u2013 (not recorded)"));
  EXPECT_THAT(page, Not(HasSubstr("{{")));
}

TEST(EvidencePicture, IsWhiteWithoutEvidenceAndDarkestAtThePeak) {
  const EvidenceGrid grid{100, 3, 2, {0, 0, 0, 0, 0, 0, 0, 0.125, 0, 0.5, 0, 0}};
  const auto picture = evidence_picture(grid, 1);
  EXPECT_EQ(picture.sum, 0.625);
  EXPECT_EQ(picture.peak, 0.5);
  EXPECT_EQ(picture.image.at(0, 0), (Rgb{255, 255, 255}));
  EXPECT_LT(picture.image.at(0, 1).g, picture.image.at(1, 0).g);
  EXPECT_EQ(evidence_picture(grid, 0).sum, 0);
  EXPECT_TRUE(evidence_picture(grid, 2).image.empty());
}

}  // namespace
}  // namespace cytocape
