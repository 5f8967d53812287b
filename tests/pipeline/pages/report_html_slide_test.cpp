/// What the page says of a slide: its counts, map, gallery, quality, accounts and model.

#include <gtest/gtest.h>

#include <regex>

#include "pipeline/pages/evidence_picture.hpp"
#include "pipeline/pages/report_writer.hpp"
#include "tests/io/example_report.hpp"
#include "tests/pipeline/pages/html_page.hpp"

namespace cytocape {
namespace {

using testing::example_record;
using testing::holds;
using testing::lacks;
using testing::ok_report;
using testing::times;

TEST(ReportHtmlSlide, PrintsCountFractionAndIntervals) {
  const auto page = report_html(ok_report());
  EXPECT_TRUE(holds(page, "<b>60.0\u00a0%</b> <small>(23.1\u201388.2)</small>"));
  EXPECT_TRUE(holds(page, "56.2\u00a0% <small>(12.5\u201393.8)</small>"));
  EXPECT_TRUE(holds(page, "5 cells counted."));
  EXPECT_TRUE(holds(page, "0 to 90 %"));
}

/// The example, with the rule on strange cells failed at 99.9 %.
SlideReport strange_report() {
  auto report = ok_report();
  report.status = Status::insufficient;
  report.quality.push_back({QualityRule::strange_cells, "cells unlike the model's",
                            QualityCheck::Verdict::failed, true, 99.9, "%", std::nullopt, 15.0,
                            "the model's card", "Far from the training.", "Check the stain."});
  return report;
}

TEST(ReportHtmlSlide, WithholdsCountsAndPercentagesOfAStrangeSlideAndSaysWhy) {
  const auto page = report_html(strange_report());
  EXPECT_TRUE(holds(page, "<b>Counts and percentages by class are withheld.</b> 99.9 % of its"));
  EXPECT_TRUE(holds(page, "that model example was made for (at most 15.0 % are allowed)"));
  for (const auto* shown :
       {"60.0\u00a0%", "<small>(23.1\u201388.2)", "56.2\u00a0%", "18.8\u201387.5"}) {
    EXPECT_TRUE(holds(report_html(ok_report()), shown)) << shown;
    EXPECT_TRUE(lacks(page, shown)) << shown;
  }
  EXPECT_TRUE(lacks(page, "The squares add up to"));
  EXPECT_TRUE(holds(report_html(ok_report()), " shown</span>"));
  EXPECT_TRUE(lacks(page, " shown</span>")) << "how many were called of a class";
  EXPECT_TRUE(holds(page, "(withheld with the percentages that it adds up to)"));
}

TEST(ReportHtmlSlide, ARuleThatOnlyWarnsWithholdsNothing) {
  auto report = strange_report();
  report.quality.back().decides = false;
  EXPECT_TRUE(holds(report_html(report), "60.0\u00a0%"));
}

TEST(ReportHtmlSlide, MarksAShareOutsideTheReferenceIntervalInWords) {
  auto report = ok_report();
  EXPECT_TRUE(holds(report_html(report), "<b class=\"flag\">above</b> 2\u201310\u00a0%"));
  report.differential[0].reference = Interval{0.7, 0.9};
  EXPECT_TRUE(holds(report_html(report), "<b class=\"flag\">below</b> 70\u201390\u00a0%"));
  report.differential[0].reference = Interval{0.5, 0.7};
  EXPECT_TRUE(lacks(report_html(report), "class=\"flag\""));
  report.differential[0].reference.reset();
  EXPECT_TRUE(lacks(report_html(report), "data-name=\"reference\""));
}

TEST(ReportHtmlSlide, BandOfTheReferenceIntervalLiesOverTheBar) {
  const auto page = report_html(ok_report());
  EXPECT_TRUE(std::regex_search(page, std::regex("<i style=\"width:[0-9.]+%\"></i><s style=")));
}

TEST(ReportHtmlSlide, SmallSharesHaveAsManyDecimalsAsOthers) {
  auto report = ok_report();
  report.differential[1].expected_fraction = 0.00012;
  const auto page = report_html(report);
  EXPECT_TRUE(holds(page, "data-name=\"expected\">&lt;0.1\u00a0%<"));
  EXPECT_TRUE(lacks(page, "0.012"));
}

TEST(ReportHtmlSlide, NamesSamplingAndClassifierErrorOfASumApart) {
  const auto page = report_html(ok_report());
  EXPECT_TRUE(holds(page, "data-name=\"sampling error\">18.8\u201387.5\u00a0%"));
  EXPECT_TRUE(holds(page, "data-name=\"classifier error\">50.0\u201362.5\u00a0%"));
  EXPECT_TRUE(holds(page, "Reason: the model does not know myeloblasts, monoblasts, promonocytes"));
}

TEST(ReportHtmlSlide, FigureWithoutAValueSaysWhyAndAnInfiniteEndIsWords) {
  const auto page = report_html(ok_report());
  EXPECT_TRUE(holds(page, "normoblasts per 100 leukocytes:</b> \u2013"));
  EXPECT_TRUE(holds(page, "Not known: the model does not know normoblasts."));
  EXPECT_TRUE(holds(page, "3\u00a0:\u00a01 (0.438 or more)"));
}

TEST(ReportHtmlSlide, AbsentNumberIsADashWithAReasonAndNotZero) {
  const auto page = report_html(ok_report());
  EXPECT_TRUE(holds(page, "data-name=\"corrected\">\u2013<sup>a</sup>"));
  EXPECT_TRUE(holds(page, "<sup>a</sup> no correction is possible"));
}

TEST(ReportHtmlSlide, EvidenceOfAClassAddsUpToItsPrintedExpectedFraction) {
  const auto page = report_html(ok_report());
  EXPECT_TRUE(holds(page,
                    "The squares add up to 37.5\u00a0%, the class's expected fraction "
                    "(37.5\u00a0%)"));
  EXPECT_TRUE(holds(page, "All classes together: 100.0\u00a0%."));
  EXPECT_TRUE(lacks(page, "These two numbers should be equal"));
  auto report = ok_report();
  report.evidence.value[0] += 0.01;
  EXPECT_TRUE(holds(report_html(report), "These two numbers should be equal"));
}

TEST(ReportHtmlSlide, MapShowsMonocytesAtFirstElseTheLargestClass) {
  const auto chosen = [](const std::string& page) {
    const auto at = page.find(" checked>");
    return page.substr(at, page.find("<small>", at) - at);
  };
  auto report = ok_report();
  EXPECT_TRUE(holds(chosen(report_html(report)), ">monocyte "));
  report.model.classes[0] = report.differential[0].name = "promonocyte";
  report.evidence.value[8] += 1;
  EXPECT_TRUE(holds(chosen(report_html(report)), ">lymphocyte "));
}

TEST(ReportHtmlSlide, EveryCellIsADotOfItsClass) {
  // Classified are 0 1 2 4 5 6 8; class i % 3; the slide is 1200 px wide, the drawing 1000.
  const auto page = report_html(ok_report());
  EXPECT_TRUE(holds(page, "<path d=\"m84 42h0m300 150h0\"/>"));
}

TEST(ReportHtmlSlide, GalleryShowsUnidentifiedCellsFirstThenGroupsByClass) {
  const auto page = report_html(ok_report());
  const auto unidentified = page.find(
      "<h4>unidentified (too little confidence) <small><span class=\"screen\">1 of 1 shown");
  const auto monocytes = page.find("<h4>monocyte <small><span class=\"screen\">2 of 3 shown");
  const auto cell6 = page.find("aria-label=\"Cell 6: monocyte 50\u00a0%, lymphocyte 25\u00a0%");
  ASSERT_NE(unidentified, std::string::npos);
  ASSERT_NE(cell6, std::string::npos);
  EXPECT_LT(unidentified, page.find("aria-label=\"Cell 7:"));
  EXPECT_LT(page.find("aria-label=\"Cell 7:"), monocytes);
  EXPECT_LT(monocytes, cell6);
  EXPECT_LT(cell6, page.find("<h4>lymphocyte"));
}

TEST(ReportHtmlSlide, GalleryMapsShareOneScale) {
  // The largest entry of any map is 0.5 * 0.5.
  const auto page = report_html(ok_report());
  EXPECT_EQ(times(page, "<span>25.0\u00a0%</span> of the cell's probability in one patch"), 1U);
  EXPECT_EQ(times(page, "<span class=\"blend\""), 7U);
}

TEST(ReportHtmlSlide, QualityChecksSayValueThresholdKeyVerdictAndRemedy) {
  const auto page = report_html(ok_report());
  EXPECT_TRUE(holds(page, "at least 100\u00a0cells"));
  EXPECT_TRUE(holds(page, "<code>grading.min_cells_pb</code>"));
  EXPECT_TRUE(holds(page, "failed: no grade"));
  EXPECT_TRUE(holds(page, "failed: warning"));
  EXPECT_TRUE(holds(page, "not measured"));
  EXPECT_TRUE(holds(page, ">Scan a larger area.</td>"));
}

TEST(ReportHtmlSlide, RowsOfPassedQualityChecksEndWithTheirVerdict) {
  const auto page = report_html(ok_report());
  EXPECT_TRUE(holds(page, "passed</span></td><td class=\"remedy\"></td></tr>"));
}

TEST(ReportHtmlSlide, SmallMapsAreOfClassesWithACalledCell) {
  auto report = ok_report();
  const auto maps = times(report_html(report), "<figure><svg viewBox");
  std::erase_if(report.places, [](const auto& place) { return place.class_index == 1; });
  EXPECT_EQ(times(report_html(report), "<figure><svg viewBox"), maps - 1);
}

TEST(ReportHtmlSlide, SaysSoWhereOutcomesDoNotAddUp) {
  auto report = example_record().report;
  EXPECT_TRUE(lacks(report_html(report), "do not add up"));
  report.cells_by_outcome[{CellOutcome::classified}] = 6;
  EXPECT_TRUE(holds(report_html(report), "do not add up: the sum is 9"));
}

TEST(ReportHtmlSlide, NamesTheModelsDataLicencesAndLimitsInPlainText) {
  auto report = ok_report();
  report.model.card_json = R"({"limits": "Not for marrow.", "training_data": [
      {"name": "Cells of A", "citation": "A et al.", "licence": "CC BY 4.0", "images": 4800}]})";
  const auto page = report_html(report);
  EXPECT_TRUE(holds(page, "<b>Limits of model example:</b> Not for marrow."));
  EXPECT_TRUE(holds(page, "<li>Cells of A, 4800 images, licence CC BY 4.0."));
}

TEST(ReportHtmlSlide, LimitsOfTheModelStandBeforeItsCounts) {
  auto report = ok_report();
  report.model.card_json = R"({"limits": "Not for marrow."})";
  auto page = report_html(report);
  const auto box = page.find("id=\"slide-1-limits\"");
  ASSERT_NE(box, std::string::npos);
  EXPECT_LT(page.find("<a href=\"#slide-1-limits\">model example"), box);
  EXPECT_LT(box, page.find("<h3>Differential count</h3>"));
  EXPECT_TRUE(lacks(page, "More under Model and provenance"));
  std::string sentences;
  for (int i = 0; i < 100; ++i)
    sentences += "It knows no cells of kind " + std::to_string(i) + ". ";
  report.model.card_json = R"({"limits": ")" + sentences + R"("})";
  page = report_html(report);
  EXPECT_TRUE(holds(page, ". More under Model and provenance"));
  EXPECT_EQ(times(page, "kind 99."), 2U);  // in provenance and in the folded card
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

TEST(ReportHtmlSlide, RemarksOfAnOkSlideAreNotes) {
  auto report = ok_report();
  report.status_reasons = {"focus: not measured; judge it by eye"};
  EXPECT_TRUE(holds(report_html(report), "<b>Note:</b> focus: not measured; judge it by eye</p>"));
  report.status = Status::insufficient;
  const auto page = report_html(report);
  EXPECT_EQ(times(page, "focus: not measured"), 1U) << "a reason, at the head alone";
  EXPECT_TRUE(holds(page, "<li>focus: not measured; judge it by eye</li>"));
}

}  // namespace
}  // namespace cytocape
