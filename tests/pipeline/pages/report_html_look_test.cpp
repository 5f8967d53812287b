/// The page as it is looked at: on paper, in light and dark, and how numbers are written.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <regex>

#include "pipeline/pages/report_writer.hpp"
#include "tests/io/example_report.hpp"
#include "tests/pipeline/pages/html_page.hpp"

namespace cytocape {
namespace {

using testing::holds;
using testing::lacks;
using testing::ok_report;
using testing::times;

TEST(ReportHtmlLook, IsPrintedOnA4) {
  EXPECT_TRUE(holds(report_html(ok_report()), "@page { size: A4;"));
}

TEST(ReportHtmlLook, GallerySaysHowManyCellsOfAClassArePrinted) {
  auto report = ok_report();
  for (std::uint64_t id = 100; id < 110; ++id) {
    report.gallery.push_back(report.gallery[1]);
    report.gallery.back().id = id;
  }
  const auto page = report_html(report);
  EXPECT_TRUE(holds(page, "<span class=\"paper\">9 of 12 printed</span>"));
  const auto begin = page.find("id=\"slide-1-review\"");
  const auto gallery = page.substr(begin, page.find("id=\"criteria\"") - begin);
  std::size_t said = 0;
  const std::regex count(">([0-9]+) of [0-9]+ printed<");
  for (std::sregex_iterator i(gallery.begin(), gallery.end(), count); i != std::sregex_iterator();
       ++i)
    said += std::stoul((*i)[1]);
  const auto folded = gallery.find("<details class=\"fold others\"");
  EXPECT_EQ(times(gallery.substr(0, folded), " printed\" style"), said);
}

TEST(ReportHtmlLook, CriterionOnPaperHasItsOriginOnce) {
  const auto page = report_html(ok_report());
  EXPECT_TRUE(
      holds(page,
            "<span class=\"origin\" aria-hidden=\"true\">(1 of 5 cells of blood slide PB_17; "
            "the model does not know promonocytes)</span>"));
  EXPECT_TRUE(
      holds(page, "aria-hidden=\"true\">(FISH, <span class=\"date\">2026-01-03</span>)</span>"));
  auto report = ok_report();
  auto& rows = report.assessment.editions[0].criteria;
  rows.push_back(rows[1]);
  EXPECT_EQ(times(report_html(report), "(as above)</span>"), 1U);
}

TEST(ReportHtmlLook, EndsOfScalesHaveUnits) {
  const auto page = report_html(ok_report());
  EXPECT_TRUE(holds(page, ">\u00d7\u00a010\u2079/L</text>"));
  EXPECT_TRUE(holds(page, "\u00a0%</text>"));
}

TEST(ReportHtmlLook, TextOfScalesIsLegibleAtTheirLeastWidth) {
  const auto page = report_html(ok_report());
  std::smatch width;
  std::smatch text;
  std::smatch least;
  ASSERT_TRUE(
      std::regex_search(page, width, std::regex("class=\"scale\" viewBox=\"0 0 ([0-9.]+) ")));
  ASSERT_TRUE(std::regex_search(page, text, std::regex("[.]scale text \\{ font: ([0-9]+)px")));
  ASSERT_TRUE(
      std::regex_search(page, least, std::regex("minmax[(]([0-9]+)rem, 1fr[)]; gap: 0 .5rem")));
  EXPECT_GE(16 * std::stod(least[1]) * std::stod(text[1]) / std::stod(width[1]), 10);
}

/// By WCAG 2.1, of "#rrggbb".
double luminance(const std::string& colour) {
  const auto part = [&](std::size_t at) {
    const double value = std::stoi(colour.substr(at, 2), nullptr, 16) / 255.0;
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
}

/// Each definition of a colour in its order: light, dark, paper.
std::vector<double> luminances(const std::string& page, const std::string& name) {
  std::vector<double> list;
  for (auto at = page.find(name + ": #"); at != std::string::npos;
       at = page.find(name + ": #", at + 1)) {
    auto colour = page.substr(at + name.size() + 2, 7);
    if (colour.find(';') < 7)
      colour =
          std::string("#") + colour[1] + colour[1] + colour[2] + colour[2] + colour[3] + colour[3];
    list.push_back(luminance(colour));
  }
  return list;
}

TEST(ReportHtmlLook, BarsStandOutFromTheirTracks) {
  const auto page = report_html(ok_report());
  const auto bars = luminances(page, "--interval");
  const auto tracks = luminances(page, "--track");
  ASSERT_EQ(bars.size(), 3U);
  ASSERT_EQ(tracks.size(), 3U);
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const auto [low, high] = std::minmax(bars[i], tracks[i]);
    EXPECT_GE((high + 0.05) / (low + 0.05), 3) << i;
  }
}

TEST(ReportHtmlLook, WritesTimesSignsMicrometresAndTimesAsByHand) {
  auto report = ok_report();
  report.quality[1].meaning = "At 1 um/px.";
  const auto page = report_html(report);
  EXPECT_TRUE(holds(page, "\u00b7 analysed <span class=\"date\">2026-01-02</span> 03:05 UTC"));
  EXPECT_TRUE(lacks(page, "T03:05"));
  EXPECT_TRUE(holds(page, "2026-01-02</span>) \u00d7 60 % ("));
  EXPECT_TRUE(holds(page, "100 \u00d7 normoblasts"));
  EXPECT_TRUE(holds(page, "At 1\u00a0\u00b5m/px."));
  const std::regex plain("[0-9] (x [0-9]|um[^a-z])");
  EXPECT_FALSE(std::regex_search(page, plain));
}

TEST(ReportHtmlLook, HeaderHasTheWorstStatusOfTheSlides) {
  EXPECT_TRUE(holds(report_html(ok_report()),
                    "<p class=\"case-status\"><span class=\"chip ok\">analysis complete<"));
  std::vector<SlideReport> slides{ok_report(), ok_report()};
  EXPECT_TRUE(holds(report_html(slides[0].assessment, slides),
                    "<span class=\"chip ok\">all analyses complete<"));
  slides[1].status = Status::insufficient;
  EXPECT_TRUE(holds(report_html(slides[0].assessment, slides),
                    "<span class=\"chip insufficient\">worst slide: insufficient<"));
}

TEST(ReportHtmlLook, HeaderLeadsToCriteriaMethodAndProvenanceAndTheSkipLinkToTheDifferential) {
  const auto page = report_html(ok_report());
  for (const std::string part : {"criteria", "slide-1", "provenance", "differential"}) {
    EXPECT_TRUE(holds(page, "href=\"#" + part + "\""));
    EXPECT_TRUE(holds(page, "id=\"" + part + "\""));
  }
  EXPECT_LT(page.find("class=\"skip\" href=\"#differential\""), page.find("<main>"));
}

TEST(ReportHtmlLook, PartsStandInTheOrderOfAFilmReport) {
  const auto page = report_html(ok_report());
  std::size_t last = 0;
  for (const auto* part :
       {"<h1>", "preliminary, not reviewed", "class=\"flags\"", "id=\"differential\"",
        "id=\"first-title\"", "<dt>Morphology</dt>", "<dt>Verified by, date</dt>",
        "<dt>Signed by, date</dt>", "id=\"conclusions\"", "id=\"slide-1-review\"",
        "id=\"criteria\"", "Three estimates of each share", "id=\"provenance\""}) {
    const auto at = page.find(part, last);
    ASSERT_NE(at, std::string::npos) << part;
    last = at;
  }
}

TEST(ReportHtmlLook, HeaderNamesWhatTheManifestSaysOfASlide) {
  auto report = ok_report();
  report.identity = {};
  EXPECT_TRUE(holds(report_html(report), "<td data-name=\"accession\">\u2013</td>"));
  report.identity = {"H26-004711", "May-Gruenwald-Giemsa", "2026-01-02"};
  const auto page = report_html(report);
  EXPECT_TRUE(holds(page, "<td data-name=\"accession\">H26-004711</td>"));
  EXPECT_TRUE(holds(page, "<td data-name=\"stain\">May-Gruenwald-Giemsa</td>"));
  EXPECT_TRUE(holds(page, "<td data-name=\"sampled\"><span class=\"date\">2026-01-02</span></td>"));
  EXPECT_TRUE(holds(report_html(failed_report(report, {"torn"})), "H26-004711"));
}

}  // namespace
}  // namespace cytocape
