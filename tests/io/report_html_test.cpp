#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <regex>

#include "example_report.hpp"
#include "hostile_report.hpp"
#include "html_page.hpp"
#include "io/evidence_picture.hpp"
#include "io/image_codec.hpp"
#include "io/report_writer.hpp"

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
  slides[1].specimen = "bm";
  EXPECT_TRUE(holds(report_html(slides[0].assessment, slides),
                    "no other slide of bone marrow is usable; used: Blood slide PB_17."));
  slides[0].status = Status::failed;
  EXPECT_TRUE(holds(report_html(slides[0].assessment, slides), "nor is any other slide."));
  EXPECT_TRUE(lacks(report_html(slides[1]), "class=\"instead\""));
}

TEST(ReportHtml, OfASlideThatIsNotOkShowsNoClassification) {
  for (const auto status : {Status::insufficient, Status::incomplete, Status::failed}) {
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
    EXPECT_TRUE(lacks(page, "All are asked for"));
    EXPECT_TRUE(lacks(page, "range of CMML-1"));
    EXPECT_TRUE(lacks(page, "Nothing is missing"));
    EXPECT_TRUE(holds(page, "Absolute monocyte count"));
    EXPECT_TRUE(holds(page, "no classification is shown"));
  }
}

TEST(ReportHtml, OfAnOkSlideShowsWhatFollowsInEachEditionAndWhetherTheyAgree) {
  const auto page = report_html(ok_report());
  EXPECT_TRUE(holds(page, "By WHO 2022 undecided: CMML possible, not confirmed"));
  EXPECT_TRUE(holds(page, "By ICC 2022 no class follows from these findings"));
  EXPECT_TRUE(holds(page, "Whether WHO 2022 and ICC 2022 agree is open"));
  EXPECT_TRUE(holds(page, "It is no diagnosis"));
  EXPECT_TRUE(holds(page, "All are asked for"));
  EXPECT_TRUE(holds(page, "Blasts lie above the range of CMML-1"));
}

TEST(ReportHtml, SaysEachStateInWordsBesideItsMark) {
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

TEST(ReportHtml, TalliesEverySingleCriterionThatIsShown) {
  auto report = ok_report();
  auto& edition = report.assessment.editions[0];
  report.assessment.editions.resize(1);
  edition.criteria.push_back(edition.criteria.back());  // asked for twice, shown twice
  const auto page = report_html(report);
  const auto rows = times(page, " leaf\"><summary>");
  EXPECT_EQ(rows, 7U);
  EXPECT_TRUE(holds(page, ">Of the 7 single criteria below (not in bold):</span>"));
  EXPECT_TRUE(holds(page, "</svg>2 not met</span>"));
}

TEST(ReportHtml, CriterionHasItsNumberWithIntervalAndItsSentence) {
  const auto page = report_html(ok_report());
  EXPECT_TRUE(holds(page, "<span class=\"found\">60\u00a0% (23.1\u201388.2)</span>"));
  EXPECT_TRUE(holds(page, "<span class=\"found\">20\u00a0% (at least"));
  EXPECT_TRUE(holds(page, "<span class=\"found\">BCR::ABL1: no</span>"));
  EXPECT_TRUE(holds(page, "Persistence of the monocytosis: not known"));
  EXPECT_TRUE(holds(page, "Source: FISH, <span class=\"date\">2026-01-03</span>."));
}

TEST(ReportHtml, ListsWhatIsMissingAndWhatWouldChangeTheResult) {
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

TEST(ReportHtml, WhatIsMissingReadsAsNeededAndNotAsFound) {
  auto report = ok_report();
  auto& decision = report.assessment.editions[0].decisions[0];
  decision.confirm[0].label = "BCR::ABL1";
  decision.confirm[0].answer = "no";
  decision.one_of[0][0][0].answer = "at least one acquired mutation";
  const auto page = report_html(report);
  EXPECT_TRUE(holds(page, "<li>BCR::ABL1 shown absent <small>(not given)</small></li>"));
  EXPECT_TRUE(holds(page, "<li>at least one acquired mutation shown</li>"));
  EXPECT_TRUE(lacks(page, "BCR::ABL1: no <small>"));
}

TEST(ReportHtml, ReasonsOfWhatWouldChangeStandInBracketsAndNameLowerBounds) {
  auto report = ok_report();
  report.assessment.editions[0].changes[0].if_known.input = "pb_blasts";
  const auto page = report_html(report);
  EXPECT_TRUE(holds(
      page,
      " <small>(now no, FISH, <span class=\"date\">2026-01-03</span>)</small> <small>(known now:"));
  EXPECT_TRUE(holds(page, "shown <small>(a lower bound: not given)</small></td>"));
}

TEST(ReportHtml, WaysSayOnceWhatTheyShareAndBeginWithTheShortest) {
  auto report = ok_report();
  const auto need = [](const char* label, const char* answer) {
    criteria::Need result;
    result.input = result.label = label;
    result.answer = answer;
    return result;
  };
  const auto amc = need("AMC", "at least 1 x 10^9/L");
  report.assessment.editions[0].decisions[0].one_of = {
      {{amc, need("erythroid dysplasia", "yes")},
       {need("cytogenetics", "yes")},
       {amc, need("immunophenotype", "yes"), need("sex", "male")}}};
  EXPECT_TRUE(
      holds(report_html(report),
            "one of:<ul class=\"ways\"><li>cytogenetics shown</li><li>AMC shown to be at "
            "least 1\u00a0\u00d7\u00a010\u2079/L, and one of:<ul class=\"rest\"><li>erythroid "
            "dysplasia shown</li><li>immunophenotype shown and sex shown to be male</li></ul>"
            "</li></ul>"));
}

TEST(ReportHtml, CriteriaAreNestedListsForThoseWhoDoNotSeeTheirPlace) {
  const auto page = report_html(ok_report());
  const auto first = page.find("<div class=\"criteria\">");
  const auto lists = page.substr(first, page.find("</section>", first) - first);
  EXPECT_EQ(times(lists, "<ul role=\"list\"><li><details"), 2U);
  EXPECT_TRUE(holds(lists, "</details>\n</li></ul></li><li><details class=\"criterion level-0"));
  EXPECT_EQ(times(lists, "<li>"), times(lists, "</li>"));
  EXPECT_EQ(times(lists, "<ul "), times(lists, "</ul>"));
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

TEST(ReportHtml, HeadlineDrawsEachQuantityAgainstBothEditionsThresholds) {
  const auto page = report_html(ok_report());
  EXPECT_TRUE(holds(page,
                    "<title>Absolute monocyte count (AMC): 1.5\u00a0\u00d7\u00a010\u2079/L "
                    "(0.577\u20132.21)</title>"));
  EXPECT_TRUE(holds(page, "Thresholds of WHO 2022: 0.5 "));
  EXPECT_TRUE(holds(page, "Thresholds of ICC 2022: 1 "));
  EXPECT_TRUE(holds(page, "A lower bound: the model does not know promonocytes"));
  EXPECT_TRUE(holds(page, "Not known: no marrow slide"));
}

TEST(ReportHtml, HeadlineNamesWhoCountedALaboratorysCells) {
  auto report = ok_report();
  auto& reading = report.assessment.readings["bm_blasts"];
  reading.basis = criteria::Basis::counted;
  reading.value = 8;
  reading.interval = Interval{6.5, 9.8};
  reading.count = 80;
  reading.total = 1000;
  reading.source = "80 of 1000 cells, manual differential, 2026-01-04";
  reading.gap.clear();
  const auto page = report_html(report);
  EXPECT_TRUE(holds(page, "<small>80 of 1000 nucleated cells</small>"));
  EXPECT_TRUE(holds(page, "From: manual differential, <span class=\"date\">2026-01-04</span>."));
}

TEST(ReportHtml, HeadlineDoesNotRoundAcrossAThreshold) {
  auto report = ok_report();
  auto& reading = report.assessment.readings["monocytes"];
  reading.value = 9.9996;
  report.assessment.editions[0].criteria[2].value = 9.9996;
  const auto page = report_html(report);
  EXPECT_TRUE(holds(page, "<b>9.9996\u00a0%</b>"));
  EXPECT_TRUE(holds(page, "<span class=\"found\">9.9996\u00a0%"));
}

TEST(ReportHtml, ShowsADisputedNumberWithAllThatItsSourcesSay) {
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

TEST(ReportHtml, SaysOnceWhatTheIntervalsThatDecideHold) {
  auto note = std::string(criteria::kIntervalNote);
  for (auto at = note.find('\''); at != std::string::npos; at = note.find('\''))
    note.replace(at, 1, "&apos;");
  EXPECT_EQ(times(report_html(ok_report()), note), 1U);
}

TEST(ReportHtml, PrintsCountFractionAndIntervals) {
  const auto page = report_html(ok_report());
  EXPECT_TRUE(holds(page, "<b>60.0\u00a0%</b> <small>(23.1\u201388.2)</small>"));
  EXPECT_TRUE(holds(page, "56.2\u00a0% <small>(12.5\u201393.8)</small>"));
  EXPECT_TRUE(holds(page, "5 cells counted."));
  EXPECT_TRUE(holds(page, "0 to 90 %"));
}

TEST(ReportHtml, MarksAShareOutsideTheReferenceIntervalInWords) {
  auto report = ok_report();
  EXPECT_TRUE(holds(report_html(report), "<b class=\"flag\">above</b> 2\u201310\u00a0%"));
  report.differential[0].reference = Interval{0.7, 0.9};
  EXPECT_TRUE(holds(report_html(report), "<b class=\"flag\">below</b> 70\u201390\u00a0%"));
  report.differential[0].reference = Interval{0.5, 0.7};
  EXPECT_TRUE(lacks(report_html(report), "class=\"flag\""));
  report.differential[0].reference.reset();
  EXPECT_TRUE(lacks(report_html(report), "data-name=\"reference\""));
}

TEST(ReportHtml, BandOfTheReferenceIntervalLiesOverTheBar) {
  const auto page = report_html(ok_report());
  EXPECT_TRUE(std::regex_search(page, std::regex("<i style=\"width:[0-9.]+%\"></i><s style=")));
}

TEST(ReportHtml, SmallSharesHaveAsManyDecimalsAsOthers) {
  auto report = ok_report();
  report.differential[1].expected_fraction = 0.00012;
  const auto page = report_html(report);
  EXPECT_TRUE(holds(page, "data-name=\"expected\">&lt;0.1\u00a0%<"));
  EXPECT_TRUE(lacks(page, "0.012"));
}

TEST(ReportHtml, NamesSamplingAndClassifierErrorOfASumApart) {
  const auto page = report_html(ok_report());
  EXPECT_TRUE(holds(page, "data-name=\"sampling error\">18.8\u201387.5\u00a0%"));
  EXPECT_TRUE(holds(page, "data-name=\"classifier error\">50.0\u201362.5\u00a0%"));
  EXPECT_TRUE(holds(page, "Reason: the model does not know myeloblasts, monoblasts, promonocytes"));
}

TEST(ReportHtml, FigureWithoutAValueSaysWhyAndAnInfiniteEndIsWords) {
  const auto page = report_html(ok_report());
  EXPECT_TRUE(holds(page, "normoblasts per 100 leukocytes:</b> \u2013"));
  EXPECT_TRUE(holds(page, "Not known: the model does not know normoblasts."));
  EXPECT_TRUE(holds(page, "3\u00a0:\u00a01 (0.438 or more)"));
}

TEST(ReportHtml, AbsentNumberIsADashWithAReasonAndNotZero) {
  const auto page = report_html(ok_report());
  EXPECT_TRUE(holds(page, "data-name=\"corrected\">\u2013<sup>a</sup>"));
  EXPECT_TRUE(holds(page, "<sup>a</sup> no correction is possible"));
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
  const std::regex none("(^|[^a-z0-9+/])-?(nan|inf)([^a-z0-9+/]|$)");
  std::smatch found;
  EXPECT_FALSE(std::regex_search(page, found, none)) << found.prefix().str().substr(
      found.prefix().length() > 200 ? static_cast<std::size_t>(found.prefix().length()) - 200 : 0);
}

TEST(ReportHtml, EvidenceOfAClassAddsUpToItsPrintedExpectedFraction) {
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

TEST(ReportHtml, MapShowsMonocytesAtFirstElseTheLargestClass) {
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

TEST(ReportHtml, EveryCellIsADotOfItsClass) {
  // Classified are 0 1 2 4 5 6 8; class i % 3; the slide is 1200 px wide, the drawing 1000.
  const auto page = report_html(ok_report());
  EXPECT_TRUE(holds(page, "<path d=\"m84 42h0m300 150h0\"/>"));
}

TEST(ReportHtml, GalleryShowsUnidentifiedCellsFirstThenGroupsByClass) {
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

TEST(ReportHtml, GalleryMapsShareOneScale) {
  // The largest entry of any map is 0.5 * 0.5.
  const auto page = report_html(ok_report());
  EXPECT_EQ(times(page, "<span>25.0\u00a0%</span> of the cell's probability in one patch"), 1U);
  EXPECT_EQ(times(page, "<span class=\"blend\""), 7U);
}

TEST(ReportHtml, QualityChecksSayValueThresholdKeyVerdictAndRemedy) {
  const auto page = report_html(ok_report());
  EXPECT_TRUE(holds(page, "at least 100\u00a0cells"));
  EXPECT_TRUE(holds(page, "<code>grading.min_cells_pb</code>"));
  EXPECT_TRUE(holds(page, "failed: no grade"));
  EXPECT_TRUE(holds(page, "failed: warning"));
  EXPECT_TRUE(holds(page, "not measured"));
  EXPECT_TRUE(holds(page, ">Scan a larger area.</td>"));
}

TEST(ReportHtml, RowsOfPassedQualityChecksEndWithTheirVerdict) {
  const auto page = report_html(ok_report());
  EXPECT_TRUE(holds(page, "passed</span></td><td class=\"remedy\"></td></tr>"));
}

TEST(ReportHtml, SmallMapsAreOfClassesWithACalledCell) {
  auto report = ok_report();
  const auto maps = times(report_html(report), "<figure><svg viewBox");
  std::erase_if(report.places, [](const auto& place) { return place.class_index == 1; });
  EXPECT_EQ(times(report_html(report), "<figure><svg viewBox"), maps - 1);
}

TEST(ReportHtml, SaysSoWhereOutcomesDoNotAddUp) {
  auto report = example_record().report;
  EXPECT_TRUE(lacks(report_html(report), "do not add up"));
  report.cells_by_outcome["classified"] = 6;
  EXPECT_TRUE(holds(report_html(report), "do not add up: the sum is 9"));
}

TEST(ReportHtml, NamesTheModelsDataLicencesAndLimitsInPlainText) {
  auto report = ok_report();
  report.model.card_json = R"({"limits": "Not for marrow.", "training_data": [
      {"name": "Cells of A", "citation": "A et al.", "licence": "CC BY 4.0", "images": 4800}]})";
  const auto page = report_html(report);
  EXPECT_TRUE(holds(page, "<b>Limits of model example:</b> Not for marrow."));
  EXPECT_TRUE(holds(page, "<li>Cells of A, 4800 images, licence CC BY 4.0."));
}

TEST(ReportHtml, LimitsOfTheModelStandBeforeItsCounts) {
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

TEST(ReportHtml, FindingsGivenAreNamedInWords) {
  auto report = ok_report();
  report.assessment.given[0].item = "marrow_cmml";
  report.assessment.given[1].item = "something new";
  const auto page = report_html(report);
  EXPECT_TRUE(holds(page, "<th scope=\"row\">marrow consistent with CMML</th>"));
  EXPECT_TRUE(holds(page, "<th scope=\"row\">something new</th>"));
}

TEST(ReportHtml, NotesEndWithAFullStopAndNoBlankStandsBeforeOne) {
  const auto page = report_html(ok_report());
  EXPECT_TRUE(holds(page, "contradicts the slide&apos;s 1.5.</p>"));
  EXPECT_TRUE(lacks(page, "not known ."));
}

TEST(ReportHtml, FindingsGivenSayHowManyCellsWereCounted) {
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
  const auto page = report_html(SlideReport{});
  EXPECT_TRUE(holds(page, ": failed</b>"));
  EXPECT_TRUE(holds(page, "&ndash; (no class was counted)"));
  EXPECT_TRUE(holds(page, "&ndash; (no cell was classified"));
  EXPECT_TRUE(holds(page, "&ndash; (no pictures were kept)"));
  EXPECT_TRUE(holds(page, "&ndash; (the criteria were not judged)"));
  EXPECT_TRUE(holds(page, "\u2013 (not recorded)"));
  EXPECT_TRUE(lacks(page, "{{"));
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

TEST(ReportHtml, StaysBelow5MegabytesWith10000CellsAndAFullGallery) {
  auto report = ok_report();
  for (int i = 0; i < 10000; ++i) {
    report.places.push_back({static_cast<float>(i * 37 % 1200), static_cast<float>(i * 91 % 600),
                             static_cast<std::int16_t>(i % 3)});
  }
  for (std::uint32_t i = 0; i < 300; ++i) {
    auto cell = report.gallery[1 + i % 7];
    cell.id = 1000 + i;
    cell.jpeg = noisy_picture(i);
    report.gallery.push_back(std::move(cell));
  }
  const auto page = report_html(report);
  EXPECT_LT(page.size(), 5'000'000U);
  EXPECT_GT(page.size(), 2'000'000U);
  EXPECT_TRUE(holds(page, "further pictures were left out to keep the page small"));
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
