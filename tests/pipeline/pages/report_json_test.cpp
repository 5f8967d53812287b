#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <vector>

#include "io/record.hpp"
#include "pipeline/pages/report_writer.hpp"
#include "tests/io/example_report.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

using nlohmann::json;
using testing::example_record;

json example_json() {
  return json::parse(report_json(example_record().report));
}

TEST(ReportJson, SaysWhatItIsAndThatItIsForResearch) {
  const auto page = example_json();
  EXPECT_EQ(page["schema"], "cytocape-report");
  EXPECT_EQ(page["schema_version"], 2);
  EXPECT_EQ(page["research_use"], kResearchUse);
  EXPECT_EQ(page["status"], "incomplete");
  EXPECT_EQ(page["status_reasons"][1], "only 5 cells counted, 100 are needed");
}

TEST(ReportJson, OfARecordReadBackIsThatOfTheReportWritten) {
  const testing::TempDir folder;
  const auto example = example_record();
  testing::write_example(folder / "r.h5", example);
  auto read = read_record(folder / "r.h5").report;
  // Judged anew from what the record holds: pipeline/case/assess.hpp.
  read.groups = example.report.groups;
  read.figures = example.report.figures;
  read.assessment = example.report.assessment;
  EXPECT_EQ(report_json(read), report_json(example.report));
}

TEST(ReportJson, WithholdsThePercentagesOfAStrangeSlideWhichTheRecordKeeps) {
  auto example = example_record();
  EXPECT_TRUE(example_json()["percentages_withheld"].is_null());
  example.report.quality.push_back({.rule = QualityRule::strange_cells,
                                    .label = "cells unlike the model's",
                                    .verdict = QualityCheck::Verdict::failed,
                                    .decides = true,
                                    .value = 99.9,
                                    .unit = "%",
                                    .at_most = 15,
                                    .key = "",
                                    .meaning = "",
                                    .remedy = ""});
  const auto page = json::parse(report_json(example.report));
  EXPECT_THAT(page["percentages_withheld"].get<std::string>(), ::testing::StartsWith("99.9 %"));
  for (const auto& row : page["differential"]["classes"])
    for (const auto* key :
         {"count", "fraction", "wilson95", "expected_fraction", "corrected_fraction"})
      EXPECT_TRUE(row[key].is_null()) << row["name"] << " " << key;
  for (const auto& group : page["groups"]) {
    EXPECT_TRUE(group["fraction"].is_null());
    EXPECT_TRUE(group["count"].is_null());
  }
  for (const auto& figure : page["figures"]) EXPECT_TRUE(figure["value"].is_null());
  for (const auto& rows : page["evidence"]["value"]) EXPECT_TRUE(rows.empty());

  const testing::TempDir folder;
  testing::write_example(folder / "r.h5", example);
  EXPECT_EQ(read_record(folder / "r.h5").report.differential[0].fraction, 0.6);
}

TEST(ReportJson, HasTheRecordsNumbers) {
  const auto page = example_json();
  const auto& monocyte = page["differential"]["classes"][0];
  EXPECT_EQ(monocyte["name"], "monocyte");
  EXPECT_EQ(monocyte["count"], 3);
  EXPECT_EQ(monocyte["fraction"], 0.6);
  EXPECT_EQ(monocyte["wilson95"][1], 0.8824);
  EXPECT_EQ(page["slide"]["mpp_y"], 0.26);
  EXPECT_EQ(page["slide"]["mpp_source"], "resolution_tag");
  EXPECT_EQ(page["slide"]["levels"][1]["height"], 149);
  EXPECT_EQ(page["model"]["card"]["classes"][0], "monocyte");
  const auto& checks = page["quality"];
  const auto focus = std::find_if(checks.begin(), checks.end(),
                                  [](const auto& check) { return check["code"] == "focus"; });
  ASSERT_NE(focus, checks.end());
  EXPECT_EQ((*focus)["value"], 11.5);
}

TEST(ReportJson, HasTheColoursOfSlideAndModel) {
  const auto page = example_json()["appearance"];
  EXPECT_EQ(page["map"], "lab");
  EXPECT_EQ(page["outcome"], "applied");
  EXPECT_EQ(page["cells"], 60);
  EXPECT_EQ(page["lab"]["mean"], json({71.25, 9.5, 4.125}));
  EXPECT_EQ(page["model_lab"]["deviation"], json({17.125, 8.5, 9.25}));
  const auto unmapped = json::parse(report_json(SlideReport()))["appearance"];
  EXPECT_EQ(unmapped["outcome"], "not asked");
  EXPECT_TRUE(unmapped["lab"].is_null());
}

TEST(ReportJson, AbsentNumbersAreNullAndNotZero) {
  auto report = example_record().report;
  report.quality.front().value = std::numeric_limits<double>::quiet_NaN();
  const auto page = json::parse(report_json(report));
  const auto& smudge = page["differential"]["classes"][2];
  for (const char* key :
       {"fraction", "wilson95", "corrected_fraction", "corrected95", "reference"}) {
    EXPECT_TRUE(smudge.at(key).is_null()) << key;
  }
  EXPECT_TRUE(page["quality"][0].at("value").is_null());
}

TEST(ReportJson, OfSeveralSlidesHasOneCaseAndEachSlidesGrid) {
  const auto one = example_record().report;
  auto other = one;
  other.slide.id = "second";
  other.evidence.value[0] = 0.5;
  const auto text = report_json(one.assessment, std::vector{one, other});
  const auto page = json::parse(text);
  EXPECT_EQ(page["schema"], "cytocape-case");
  ASSERT_EQ(page["slides"].size(), 2U);
  EXPECT_EQ(page["slides"][1]["slide"]["id"], "second");
  EXPECT_EQ(page["slides"][0]["evidence"], json::parse(report_json(one))["evidence"]);
  EXPECT_EQ(page["slides"][1]["evidence"], json::parse(report_json(other))["evidence"]);
  EXPECT_EQ(page["criteria"], json::parse(report_json(one))["criteria"]);
}

TEST(ReportJson, OutcomesAddUpToTheirTotals) {
  const auto page = example_json();
  int blocks = 0;
  for (const auto& count : page["blocks"]["by_outcome"]) blocks += count.get<int>();
  int cells = 0;
  for (const auto& count : page["cells"]["by_outcome"]) cells += count.get<int>();
  EXPECT_EQ(page["blocks"]["planned"], blocks);
  EXPECT_EQ(page["cells"]["located"], cells);
}

TEST(ReportJson, EvidenceIsByClassAndRowAndSumsToTheExpectedFraction) {
  const auto page = example_json();
  const auto& rows = page["evidence"]["value"]["lymphocyte"];
  ASSERT_EQ(rows.size(), 2U);
  ASSERT_EQ(rows[0].size(), 4U);
  double sum = 0;
  for (const auto& row : rows) {
    for (const auto& value : row) sum += value.get<double>();
  }
  EXPECT_NEAR(sum, page["differential"]["classes"][1]["expected_fraction"].get<double>(), 1e-12);
}

TEST(ReportJson, OfAnEmptyReportIsStillJson) {
  const auto page = json::parse(report_json(SlideReport{}));
  EXPECT_EQ(page["status"], "failed");
  EXPECT_TRUE(page["differential"]["classes"].empty());
  EXPECT_TRUE(page["evidence"]["value"].empty());
}

TEST(ReportJson, OfASlideThatFailedHasNullForEveryCount) {
  auto report = example_record().report;
  report.case_id = "C-17";
  const auto page = json::parse(report_json(failed_report(report, {"cannot be read"})));
  EXPECT_EQ(page["status"], "failed");
  EXPECT_EQ(page["status_reasons"], json::array({"cannot be read"}));
  EXPECT_EQ(page["case"]["id"], "C-17");
  EXPECT_TRUE(page["differential"]["denominator"].is_null());
  EXPECT_TRUE(page["differential"]["classes"].empty());
  EXPECT_TRUE(page["blocks"]["planned"].is_null());
  EXPECT_TRUE(page["cells"]["located"].is_null());
  EXPECT_TRUE(page["evidence"]["value"].empty());
  EXPECT_TRUE(page["criteria"]["editions"].empty());
  EXPECT_EQ(page["slide"]["path"], report.slide.path.string());
  EXPECT_EQ(page["model"]["sha256"], report.model.sha256);
}

TEST(ReportJson, TakesNamesThatAreNoUtf8) {
  auto report = example_record().report;
  report.slide.path = "Bl\xE4tter.svs";
  EXPECT_EQ(json::parse(report_json(report))["slide"]["path"], "Bl\xEF\xBF\xBDtter.svs");
}

}  // namespace
}  // namespace cytocape
