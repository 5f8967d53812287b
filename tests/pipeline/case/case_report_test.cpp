/// What a report says beyond counts, and reports made from finished records.

#include "pipeline/case/case_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "io/errors.hpp"
#include "pipeline/case/assess.hpp"
#include "pipeline/pages/report_writer.hpp"
#include "tests/pipeline/smear.hpp"
#include "tests/support/file_text.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::request_for;
using testing::run;
using testing::small_smear;
using testing::TempDir;
using testing::text_of;

nlohmann::json json_of(const fs::path& path) {
  return nlohmann::json::parse(text_of(path));
}

fs::path labs_file(const TempDir& folder, const std::string& rows) {
  const auto path = folder / "labs.csv";
  std::ofstream(path) << "case,item,value,unit,gene,date,source\n" << rows;
  return path;
}

/// A copy of the smear under another name with one byte more: another slide.
fs::path other_smear(const TempDir& folder) {
  const auto path = folder / "other.tiff";
  fs::copy_file(small_smear(), path);
  std::ofstream(path, std::ios::app | std::ios::binary) << '\0';
  return path;
}

std::string refusal(const CaseReportRequest& request) {
  try {
    (void)report_case(request);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

const std::vector<std::string> kFewWillDo = {"counting.min_leukocytes_pb=10"};

TEST(Assessment, TakesTheRowsOfTheSlidesCase) {
  const TempDir folder;
  auto request = request_for({small_smear()}, folder / "out", kFewWillDo);
  request.slides.front().case_id = "C-1";
  request.labs = labs_file(folder, "C-1,wbc,10,10*9/L,,,LIS\nC-2,wbc,50,10*9/L,,,LIS\n");
  const auto outcome = run(request);
  const auto& readings = outcome.slides.front().assessment.readings;
  ASSERT_TRUE(readings.at("wbc").value);
  EXPECT_EQ(readings.at("wbc").value, 10);
  const double share = *readings.at("monocytes").value / 100;
  EXPECT_NEAR(*readings.at("amc").value, 10 * share, 1e-9);
  EXPECT_EQ(readings.at("persistence").basis, criteria::Basis::unknown);
}

TEST(Assessment, AnInsufficientSlideDecidesNothing) {
  const TempDir folder;
  auto request = request_for({small_smear()}, folder / "out", {"counting.min_leukocytes_pb=1000"});
  request.labs = labs_file(folder, "smear,wbc,10,10*9/L,,,LIS\n");
  const auto slide = run(request).slides.front();
  EXPECT_EQ(slide.status, Status::insufficient);
  EXPECT_EQ(slide.assessment.readings.at("monocytes").basis, criteria::Basis::unknown);
  for (const auto& edition : slide.assessment.editions)
    EXPECT_EQ(edition.code, criteria::kWithheld) << edition.edition;
}

/// Whatever the laboratory gave: blasts as well, so that a grade would follow.
TEST(Assessment, WhereNoSlideIsOkNothingIsConcludedFromTheLaboratoryAlone) {
  const auto record = testing::analyse_one(small_smear(), kFewWillDo);
  const TempDir folder;
  const Labs labs(labs_file(
      folder,
      "x,wbc,14,10*9/L,,,LIS\nx,amc,3,10*9/L,,,LIS\nx,pb_blasts,2,%,,,LIS\nx,bm_blasts,12,%,,,LIS\n"
      "x,persistence,yes,,,,LIS\nx,mutation,40,%,TET2,,LIS\nx,bcr_abl1,no,,,,LIS\n"
      "x,tk_fusion,no,,,,LIS\nx,mpn_history,no,,,,LIS\nx,platelets,50,10*9/"
      "L,,,LIS\nx,marrow_cmml,yes,,,,LIS\n"));
  auto report = record.report;
  report.status = Status::ok;
  assess(report, labs.of("x"));
  for (const auto& edition : report.assessment.editions)
    EXPECT_EQ(edition.code, "cmml/mp/cmml_2") << edition.edition;
  report.status = Status::insufficient;
  assess(report, labs.of("x"));
  EXPECT_EQ(report.assessment.agreement, "");
  EXPECT_EQ(report.assessment.editions.size(), 2U);
  for (const auto& edition : report.assessment.editions) {
    EXPECT_EQ(edition.code, criteria::kWithheld) << edition.edition;
    EXPECT_THAT(edition.sentence,
                HasSubstr("no classification is given: the slide is insufficient"));
    EXPECT_TRUE(edition.classes.empty() && edition.decisions.empty() && edition.changes.empty());
    for (const auto& row : edition.criteria) EXPECT_NE(row.input, "") << row.id;
    EXPECT_FALSE(edition.criteria.empty());
  }
}

TEST(Assessment, GroupsAddTheirClassesAndNameTheUnknownOnes) {
  const auto record = testing::analyse_one(small_smear(), kFewWillDo);
  auto report = record.report;
  assess(report, {.id = "x"});
  ASSERT_EQ(report.groups.size(), 3U);  // and neutrophils
  const auto& monocytes = report.groups[0];
  const auto& blasts = report.groups[1];
  for (const auto& row : report.differential) {
    if (row.name == "monocyte") {
      EXPECT_EQ(monocytes.count, row.count);
    }
    if (row.name == "blast") {
      EXPECT_EQ(blasts.count, row.count);
    }
  }
  EXPECT_EQ(monocytes.total, report.denominator);
  EXPECT_THAT(blasts.unknown_parts, ::testing::ElementsAre("promonocytes"));
  ASSERT_TRUE(monocytes.corrected);
  EXPECT_LE(monocytes.both95.low, *monocytes.corrected);
  EXPECT_GE(monocytes.both95.high, *monocytes.corrected);
}

TEST(CaseReport, OfOneRecordSaysWhatTheSlidesReportSaid) {
  const TempDir folder;
  auto request = request_for({small_smear()}, folder / "out", kFewWillDo);
  request.labs = labs_file(folder, "smear,wbc,10,10*9/L,,2024-03-01,LIS\n");
  const auto slide = run(request).slides.front();
  const auto made = report_case({.records = {slide.folder}, .out = folder / "cases"});
  EXPECT_EQ(made.status, slide.status);
  EXPECT_EQ(text_of(made.folder / "report.html"), text_of(slide.folder / "report.html"));
  const auto before = json_of(slide.folder / "report.json");
  const auto after = json_of(made.folder / "report.json");
  EXPECT_EQ(after["criteria"], before["criteria"]);
  EXPECT_EQ(after["case"], before["case"]);
  for (const auto* key : {"differential", "groups", "figures", "quality", "evidence"})
    EXPECT_EQ(after["slides"][0][key], before[key]) << key;
}

TEST(CaseReport, PoolsTheSlidesOfASpecimen) {
  const TempDir folder;
  auto request = request_for({small_smear(), other_smear(folder)}, folder / "out", kFewWillDo);
  for (auto& slide : request.slides) slide.case_id = "C-1";
  const auto slides = run(request).slides;
  const auto made =
      report_case({.records = {slides[0].folder, slides[1].folder}, .out = folder / "cases"});
  EXPECT_EQ(made.assessment.id, "C-1");
  EXPECT_EQ(made.assessment.readings.at("monocytes").total,
            slides[0].denominator + slides[1].denominator);
  EXPECT_EQ(json_of(made.folder / "report.json")["slides"].size(), 2U);
}

TEST(CaseReport, OfASlideIsNotFiledUnderAnotherPatient) {
  const TempDir folder;
  auto request = request_for({small_smear()}, folder / "out", kFewWillDo);
  request.slides.front().case_id = "C-1";
  const auto slide = run(request).slides.front();
  const auto labs = labs_file(folder, "C-2,wbc,10,10*9/L,,,LIS\n");
  const auto out = folder / "cases";
  EXPECT_THAT(refusal({.records = {slide.folder}, .labs = labs, .case_id = "C-2", .out = out}),
              HasSubstr("recorded as of case C-1, not of C-2"));
  EXPECT_FALSE(fs::exists(out));
}

TEST(CaseReport, RefusesAMixtureBeforeAnythingIsWritten) {
  const TempDir folder;
  const auto slides =
      run(request_for({small_smear(), other_smear(folder)}, folder / "out", kFewWillDo)).slides;
  const auto first = slides[0].folder;
  const auto second = slides[1].folder;
  const auto out = folder / "cases";
  EXPECT_THAT(refusal({.records = {first, second}, .out = out}), HasSubstr("--case"));
  EXPECT_THAT(refusal({.records = {first, first}, .out = out}), HasSubstr("the same slide"));
  const auto labs = labs_file(folder, "C-9,wbc,10,10*9/L,,,LIS\n");
  EXPECT_THAT(refusal({.records = {first}, .labs = labs, .out = out}),
              AllOf(HasSubstr("no row of case"), Not(HasSubstr("did you mean"))));
  EXPECT_THAT(refusal({.records = {first}, .labs = labs, .case_id = "c9", .out = out}),
              HasSubstr("no row of case c9 (did you mean C-9?)"));
  EXPECT_THAT(refusal({.records = {first},
                       .case_id = slides[0].request.id,
                       .out = folder / "out",
                       .overwrite = true}),
              HasSubstr("a record that the report is made from"));
  EXPECT_FALSE(fs::exists(out));
}

TEST(CaseReport, ValuesOfOnePersonAreNotTakenForAnother) {
  const TempDir folder;
  auto request = request_for({small_smear()}, folder / "out", kFewWillDo);
  request.labs = labs_file(folder, "smear,wbc,10,10*9/L,,2024-03-01,LIS\n");
  const auto slide = run(request).slides.front();
  EXPECT_THAT(refusal({.records = {slide.folder}, .case_id = "D-9", .out = folder / "cases"}),
              AllOf(HasSubstr("of case smear, not of D-9"), HasSubstr("--labs")));
}

TEST(CaseReport, WithoutAUsableSlideSaysSo) {
  const TempDir folder;
  const auto slide = run(request_for({small_smear()}, folder / "out")).slides.front();
  ASSERT_EQ(slide.status, Status::insufficient);
  const auto made = report_case({.records = {slide.folder}, .out = folder / "cases"});
  EXPECT_EQ(made.status, Status::insufficient);
  EXPECT_FALSE(made.any_usable);
}

TEST(CaseReport, IsNotReplacedUnasked) {
  const TempDir folder;
  const auto slide = run(request_for({small_smear()}, folder / "out", kFewWillDo)).slides.front();
  CaseReportRequest request{.records = {slide.folder}, .out = folder / "cases"};
  (void)report_case(request);
  EXPECT_THAT(refusal(request), HasSubstr("--overwrite"));
  request.overwrite = true;
  EXPECT_EQ(refusal(request), "");
}

}  // namespace
}  // namespace cytocape
