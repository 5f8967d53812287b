/// What the page says of a slide: its counts, map, gallery, quality, accounts and model.

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <regex>
#include <set>

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
  EXPECT_TRUE(holds(page, "<b>60.0</b></td><td class=\"range\">23.1\u201388.2</td>"));
  EXPECT_TRUE(holds(page, "<b>60.0\u00a0%</b> <small>(23.1\u201388.2)</small>"));
  EXPECT_TRUE(holds(page, "56.2\u00a0% <small>(12.5\u201393.8)</small>"));
  EXPECT_TRUE(holds(page, "Blood slide PB_17: <span class=\"of\">5\u00a0cells"));
}

TEST(ReportHtmlSlide, ShowsTheColoursBeforeAndAfterTheirMap) {
  auto report = ok_report();
  const auto page = report_html(report);
  EXPECT_TRUE(holds(page, "<h3>Colours <small>mapped</small></h3>"));
  EXPECT_TRUE(holds(page, "measured on 60 cells"));
  EXPECT_TRUE(holds(page, "this slide, 60\u00a0cells</th><td class=\"n\">71.2 (14.5)</td>"));
  EXPECT_TRUE(holds(page, "training cells</th><td class=\"n\">66.5 (17.1)</td>"));
  EXPECT_EQ(times(page, "as the network saw it\" src="), 3U);

  report.appearance.outcome = AppearanceOutcome::too_few_cells;
  report.appearance.cells = 1;
  report.appearance.strip.clear();
  const auto unmapped = report_html(report);
  EXPECT_TRUE(holds(unmapped, "<h3>Colours <small>not mapped</small></h3>"));
  EXPECT_TRUE(holds(unmapped, "they were measured on 1 cell, and at least 50 are required"));
  EXPECT_TRUE(lacks(unmapped, "as the network saw it\" src="));
}

TEST(ReportHtmlSlide, ShowsTheSlidesColoursAmongTheModelsLaboratories) {
  auto report = ok_report();
  report.model.card_json = R"({"training_data": [
    {"name": "north<b>", "lab": {"mean": [70, 9, 2], "deviation": [11, 12, 13]}},
    {"name": "unmeasured"},
    {"name": "broken", "lab": {"mean": [70, 9], "deviation": "x"}},
    {"name": "south", "lab": {"mean": [60, 12, -9], "deviation": [14, 15, 16]}}]})";
  const auto page = report_html(report);
  EXPECT_TRUE(holds(page, "learnt from: north&lt;b&gt;</th><td class=\"n\">70.0 (11.0)</td>"));
  EXPECT_TRUE(holds(page, "learnt from: south</th>"));
  EXPECT_TRUE(lacks(page, "learnt from: broken"));
  EXPECT_EQ(times(page, "r=\"3.5\"><title>"), 3U) << "two laboratories and the slide";

  report.model.card_json = R"({"training_data": 3})";
  EXPECT_TRUE(lacks(report_html(report), "learnt from:"));
}

/// The page's differential.
std::string differential_of(const std::string& page) {
  const auto begin = page.find("id=\"differential\"");
  return page.substr(begin, page.find("</section>", begin) - begin);
}

TEST(ReportHtmlSlide, DifferentialHasOnePercentageOfEachClass) {
  const auto part = differential_of(report_html(ok_report()));
  EXPECT_TRUE(lacks(part, "56.2"));
  EXPECT_TRUE(lacks(part, "37.5"));
}

TEST(ReportHtmlSlide, DifferentialIsInClinicalOrderWhateverTheModels) {
  auto report = ok_report();
  report.differential[0].name = "monocyte";
  report.differential[1].name = "lymphocyte";
  const auto part = differential_of(report_html(report));
  EXPECT_LT(part.find(">lymphocyte</th>"), part.find(">monocyte</th>"));
}

TEST(ReportHtmlSlide, AbsoluteCountsStandWhereTheLaboratoryGaveTheLeukocytesOfBlood) {
  auto report = ok_report();
  EXPECT_TRUE(holds(differential_of(report_html(report)), "data-name=\"10&#8313;/L\">1.50</td>"));
  EXPECT_TRUE(holds(report_html(report), "Absolute counts: share \u00d7 WBC 2.5"));
  report.specimen = Specimen::marrow;
  EXPECT_TRUE(lacks(differential_of(report_html(report)), "10&#8313;/L"));
  report.specimen = Specimen::blood;
  report.assessment.readings["wbc"].basis = criteria::Basis::disputed;
  EXPECT_TRUE(lacks(differential_of(report_html(report)), "10&#8313;/L"));
}

TEST(ReportHtmlSlide, OfASlideThatCannotBeUsedNothingLooksLikeAResult) {
  auto report = ok_report();
  const auto usable = differential_of(report_html(report));
  report.status = Status::insufficient;
  const auto part = differential_of(report_html(report));
  for (const auto* sign : {"class=\"bar\"", "<b>60.0</b>", "class=\"flag\"", "10&#8313;/L"}) {
    EXPECT_TRUE(holds(usable, sign));
    EXPECT_TRUE(lacks(part, sign));
  }
  EXPECT_TRUE(lacks(usable, "data-name=\"cells\""));
  EXPECT_TRUE(
      holds(part, "data-name=\"cells\">3</td><td class=\"n share\" data-name=\"%\">60.0</td>"));
  EXPECT_TRUE(
      holds(part, "Blood slide PB_17 is insufficient: numbers of cells stand in the place"));
  report.status = Status::incomplete;
  EXPECT_TRUE(
      holds(report_html(report), "<span class=\"step preliminary\">incomplete slide</span>"));
}

TEST(ReportHtmlSlide, BloodAndMarrowStandSideBySideAndAClassOfOneOfThemIsADash) {
  std::vector<SlideReport> slides{ok_report(), ok_report()};
  slides[1].slide.id = "BM_17";
  slides[1].specimen = Specimen::marrow;
  slides[1].differential[1].name = slides[1].differential[1].label = "plasma_cell";
  const auto part = differential_of(report_html(slides[0].assessment, slides));
  EXPECT_EQ(times(part, "<table"), 1U);
  EXPECT_TRUE(holds(part, "Blood PB_17: "));
  EXPECT_TRUE(holds(part, "Marrow BM_17: "));
  EXPECT_TRUE(
      holds(part, ">plasma_cell</th><td class=\"n share\" data-name=\"blood\">&ndash;<sup>"));
  EXPECT_TRUE(holds(part, "not assessed by this model"));
}

/// The example with a rule on a full count, of which it has less or more.
SlideReport counted_report(QualityCheck::Verdict least, QualityCheck::Verdict full) {
  auto report = ok_report();
  report.quality[0].verdict = least;
  report.quality.push_back({QualityRule::full_count, "cells of a full count", full, false, 5.0, "",
                            200.0, std::nullopt, "counting.full_leukocytes_pb", "", ""});
  return report;
}

TEST(ReportHtmlSlide, SaysHowFarTheCountHasCome) {
  using enum QualityCheck::Verdict;
  EXPECT_TRUE(lacks(report_html(ok_report()), "full count</span>"));
  const auto few = report_html(counted_report(failed, failed));
  EXPECT_TRUE(holds(few, "<span class=\"step under\">under the minimum</span>"));
  const auto preliminary = report_html(counted_report(passed, failed));
  EXPECT_TRUE(holds(preliminary, "<span class=\"step preliminary\">preliminary count</span>"));
  EXPECT_TRUE(holds(preliminary, "<b>Preliminary count:</b> 5 of the 200 cells"));
  const auto full = report_html(counted_report(passed, passed));
  EXPECT_TRUE(holds(full, "<span class=\"step full\">full count</span>"));
  EXPECT_TRUE(lacks(full, "Preliminary count"));
}

TEST(ReportHtmlSlide, NamesWhatTheModelDoesNotKnowBeforeAnyCount) {
  const auto page = report_html(ok_report());
  const auto told = page.find(
      "<b>Not assessed by model example:</b> myeloblasts, monoblasts, promonocytes.</li>");
  ASSERT_NE(told, std::string::npos);
  EXPECT_LT(told, page.find("id=\"differential\""));
}

TEST(ReportHtmlSlide, AQualityRuleThatWarnsIsSaidBeforeAnyCount) {
  const auto page = report_html(ok_report());
  const auto told = page.find("<b>failed blocks:</b> 16.5\u00a0% (at most 0\u00a0%).");
  ASSERT_NE(told, std::string::npos);
  EXPECT_LT(told, page.find("id=\"differential\""));
}

/// The reasons of the cells to look at first, in order.
std::vector<std::string> first_reasons(const std::string& page) {
  const auto begin = page.find("id=\"first-title\"");
  const auto part = page.substr(begin, page.find("</section>", begin) - begin);
  std::vector<std::string> reasons;
  const std::regex reason("aria-label=\"Cell ([0-9]+, [a-z]+):");
  for (std::sregex_iterator i(part.begin(), part.end(), reason); i != std::sregex_iterator(); ++i)
    reasons.push_back((*i)[1]);
  return reasons;
}

TEST(ReportHtmlSlide, LooksFirstAtUnidentifiedLargestStrangestAndUncertainCells) {
  auto report = ok_report();
  for (auto& cell : report.gallery) {
    cell.nucleus_um2 = cell.id == 4 ? 90 : 40;
    cell.strangeness = cell.id == 8 ? 3 : 1;
  }
  const auto reasons = first_reasons(report_html(report));
  ASSERT_EQ(reasons.size(), report.gallery.size());
  EXPECT_EQ(reasons[0], "7, unidentified");
  EXPECT_EQ(reasons[1], "4, largest");
  EXPECT_NE(std::find(reasons.begin(), reasons.end(), "8, strangest"), reasons.end());
}

TEST(ReportHtmlSlide, LooksFirstAtADozenCellsEachOnce) {
  auto report = ok_report();
  for (std::uint64_t id = 100; id < 140; ++id) {
    report.gallery.push_back(report.gallery[1 + id % 5]);
    report.gallery.back().id = id;
    report.gallery.back().nucleus_um2 = static_cast<double>(id);
    report.gallery.back().strangeness = static_cast<double>(id);
  }
  const auto reasons = first_reasons(report_html(report));
  EXPECT_EQ(reasons.size(), 12U);
  std::set<std::string> ids;
  for (const auto& reason : reasons) ids.insert(reason.substr(0, reason.find(',')));
  EXPECT_EQ(ids.size(), 12U);
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
  EXPECT_TRUE(holds(page,
                    "<b>Blood slide PB_17: counts and percentages by class are withheld.</b> "
                    "99.9 % of its"));
  EXPECT_TRUE(holds(page, "that model example was made for (at most 15.0 % are allowed)"));
  for (const auto* shown : {"60.0\u00a0%", "<b>60.0</b>", "range\">23.1\u201388.2", "56.2\u00a0%",
                            "18.8\u201387.5", "lymphocyte"}) {
    EXPECT_TRUE(holds(report_html(ok_report()), shown)) << shown;
    EXPECT_TRUE(lacks(page, shown)) << shown;
  }
  EXPECT_TRUE(lacks(page, "The squares add up to"));
  EXPECT_TRUE(holds(report_html(ok_report()), "2 of 3</span>"));
  EXPECT_TRUE(lacks(page, "2 of 3</span>")) << "how many were called of a class";
  EXPECT_TRUE(holds(page, "(withheld with the percentages that it adds up to)"));
}

TEST(ReportHtmlSlide, ARuleThatOnlyWarnsWithholdsNothing) {
  auto report = strange_report();
  report.quality.back().decides = false;
  EXPECT_TRUE(holds(report_html(report), "60.0\u00a0%"));
}

TEST(ReportHtmlSlide, MarksAShareOutsideTheReferenceInterval) {
  auto report = ok_report();
  EXPECT_TRUE(holds(report_html(report), "title=\"above the reference interval\">H</abbr>"));
  EXPECT_TRUE(holds(report_html(report), "data-name=\"ref.\">2\u201310</td>"));
  report.differential[0].reference = Interval{0.7, 0.9};
  EXPECT_TRUE(holds(report_html(report), "title=\"below the reference interval\">L</abbr>"));
  report.differential[0].reference = Interval{0.5, 0.7};
  EXPECT_TRUE(lacks(report_html(report), "class=\"flag\""));
  report.differential[0].reference.reset();
  EXPECT_TRUE(lacks(report_html(report), "data-name=\"ref.\""));
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
  EXPECT_TRUE(holds(page, "(the model does not know normoblasts)"));
  EXPECT_TRUE(holds(page, "3.0\u00a0:\u00a01 (0.4 or more)"));
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
    const auto at = page.find(" checked>", page.find("<legend>Class shown"));
    return page.substr(at, page.find("<small>", at) - at);
  };
  auto report = ok_report();
  EXPECT_TRUE(holds(chosen(report_html(report)), ">monocyte "));
  report.model.classes[0] = report.differential[0].name = "promonocyte";
  report.evidence.value[8] += 1;
  EXPECT_TRUE(holds(chosen(report_html(report)), ">lymphocyte "));
}

TEST(ReportHtmlSlide, CellsMayBeOrderedWithoutAScript) {
  auto report = ok_report();
  report.gallery.resize(1);
  report.gallery[0].nucleus_um2 = 91.26;
  report.gallery[0].strangeness = std::numeric_limits<double>::quiet_NaN();
  report.gallery[0].centre.y = 417.4;
  const auto page = report_html(report);
  EXPECT_TRUE(holds(page, ";--size:-913;--strange:1000000000;--down:417"));
  EXPECT_TRUE(holds(page, "id=\"slide-1-order-certainty\" checked><label"));
  EXPECT_TRUE(holds(page, "id=\"slide-1-order-strange\"><label"));
}

TEST(ReportHtmlSlide, EveryCellIsADotOfItsClass) {
  // Classified are 0 1 2 4 5 6 8; class i % 3; the slide is 1200 px wide, the drawing 1000.
  const auto page = report_html(ok_report());
  EXPECT_TRUE(holds(page, "<path d=\"m84 42h0m300 150h0\"/>"));
}

TEST(ReportHtmlSlide, GalleryShowsUnidentifiedCellsFirstThenGroupsByClass) {
  const auto page = report_html(ok_report());
  const auto unidentified =
      page.find("<h3>unidentified (too little confidence) <small><span class=\"screen\">1 of 1<");
  const auto monocytes = page.find("<h3>monocyte <small><span class=\"screen\">2 of 3<");
  const auto cell6 = page.find(
      "aria-label=\"Cell 6: monocyte 50\u00a0%, lymphocyte 25\u00a0%, smudge cell 25\u00a0%, at "
      "460,\u00a0230\"");
  ASSERT_NE(unidentified, std::string::npos);
  ASSERT_NE(cell6, std::string::npos);
  EXPECT_LT(unidentified, page.find("aria-label=\"Cell 7:"));
  EXPECT_LT(page.find("aria-label=\"Cell 7:"), monocytes);
  EXPECT_LT(monocytes, cell6);
  EXPECT_LT(cell6, page.find("<h3>lymphocyte"));
  EXPECT_LT(cell6, page.find("Other classes: lymphocyte, smudge cell"));
}

TEST(ReportHtmlSlide, GalleryMapsShareOneScale) {
  // The largest entry of any map is 0.5 * 0.5.
  const auto page = report_html(ok_report());
  EXPECT_EQ(times(page, "(25.0\u00a0% at the end of the scale)"), 1U);
  const auto gallery = page.substr(page.find("id=\"slide-1-review\""));
  EXPECT_EQ(times(gallery, "<span class=\"blend\""), 7U);
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

TEST(ReportHtmlSlide, SaysWhatLaboratoriesNeverSeenCouldExpect) {
  auto report = ok_report();
  report.model.card_json = R"({"never_seen": [
      {"name": "A", "images": 240, "group_accuracy": 0.8, "ece": 0.1, "sure_share": 0.5,
       "sure_accuracy": 0.9},
      {"name": "B", "images": 100, "group_accuracy": 0.6, "ece": 0.1, "sure_share": 0.25,
       "sure_accuracy": 0.7},
      {"name": "C", "group_accuracy": "all"}]})";
  const auto page = report_html(report);
  EXPECT_TRUE(
      holds(page, "70\u00a0% right over groups of classes in the mean of 2\u00a0laboratories"));
  EXPECT_TRUE(holds(page,
                    "A: 80\u00a0% of 240 images; of the 50\u00a0% called with p \u2265 0.8, "
                    "90\u00a0%"));
  report.model.card_json = R"({"never_seen": 3})";
  EXPECT_TRUE(lacks(report_html(report), "never seen in training"));
}

TEST(ReportHtmlSlide, LimitsOfTheModelStandBeforeItsCounts) {
  auto report = ok_report();
  report.model.card_json = R"({"limits": "Not for marrow."})";
  auto page = report_html(report);
  const auto box = page.find("id=\"slide-1-limits\"");
  ASSERT_NE(box, std::string::npos);
  EXPECT_LT(box, page.find("id=\"differential\""));
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
  EXPECT_TRUE(
      holds(report_html(report), "<b>Note:</b> focus: not measured; judge it by eye.</li>"));
  report.status = Status::insufficient;
  const auto page = report_html(report);
  EXPECT_EQ(times(page, "focus: not measured"), 1U) << "a reason, at the head alone";
  EXPECT_TRUE(holds(page, "<li>focus: not measured; judge it by eye</li>"));
}

}  // namespace
}  // namespace cytocape
