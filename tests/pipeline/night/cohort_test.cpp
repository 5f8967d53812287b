#include "pipeline/night/cohort.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "io/csv.hpp"
#include "io/errors.hpp"
#include "io/process_owner.hpp"
#include "io/record.hpp"
#include "pipeline/night/journal.hpp"
#include "tests/io/example_report.hpp"
#include "tests/support/file_text.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::TempDir;
using testing::text_of;

/// The lines of a gzip file, by another program than the one that wrote it.
std::vector<std::string> unzipped(const fs::path& path) {
  const auto plain = path.string() + ".plain";
  EXPECT_EQ(std::system(("gzip -dc '" + path.string() + "' > '" + plain + "'").c_str()), 0);
  std::vector<std::string> lines;
  std::ifstream file(plain);
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  fs::remove(plain);
  return lines;
}

class CohortTables : public ::testing::Test {
 protected:
  [[nodiscard]] fs::path out() const { return folder_ / "out"; }
  void add(const std::string& id, const testing::ExampleRecord& example) const {
    fs::create_directories(out() / id);
    testing::write_example(out() / id / "report.h5", example);
  }
  static testing::ExampleRecord named(const std::string& id) {
    auto example = testing::example_record();
    example.report.slide.id = id;
    return example;
  }
  Collected collected() const { return collect({.folders = {out()}, .into = out()}); }
  /// The field of a row of cohort.csv, which is read back as any table is.
  [[nodiscard]] std::string field(const std::string& id, const std::string& column) const {
    std::string copy = text_of(out() / "cohort.csv");
    const auto rows = split(copy);
    for (std::size_t c = 0; c < rows[0].size(); ++c)
      if (rows[0][c] == column)
        for (const auto& row : rows)
          if (row[0] == id) return row[c];
    return "no such field";
  }
  /// RFC 4180; read_csv takes 64 columns at most.
  static std::vector<std::vector<std::string>> split(const std::string& text) {
    std::vector<std::vector<std::string>> rows(1, {""});
    bool quoted = false;
    for (const char c : text) {
      if (c == '"')
        quoted = !quoted;
      else if (c == ',' && !quoted)
        rows.back().emplace_back();
      else if (c == '\n' && !quoted)
        rows.push_back({""});
      else
        rows.back().back() += c;
    }
    rows.pop_back();
    return rows;
  }
  TempDir folder_;
};

TEST_F(CohortTables, HaveARowASlideWithItsNumbers) {
  add("PB_17", testing::example_record());
  add("PB_18", named("PB_18"));
  EXPECT_EQ(collected().slides, 2U);
  EXPECT_EQ(field("PB_17", "case"), testing::example_record().report.case_id);
  EXPECT_EQ(field("PB_17", "cells_counted"), "5");
  EXPECT_EQ(field("PB_17", "sum_monocytes_fraction"), "0.6");
  EXPECT_EQ(field("PB_17", "monocyte_low95"), "0.2307");
  EXPECT_EQ(field("PB_17", "smudge_cell_fraction"), "") << "outside the count";
  EXPECT_EQ(field("PB_17", "slide_sha256"), testing::example_record().report.slide_sha256);
  const auto edition = testing::example_record().report.assessment.editions.front();
  std::string key;
  for (const char c : edition.edition)
    key += std::isalnum(static_cast<unsigned char>(c)) != 0
               ? static_cast<char>(std::tolower(static_cast<unsigned char>(c)))
               : '_';
  EXPECT_EQ(field("PB_17", key + "_code"), edition.code);
  EXPECT_THAT(field("PB_17", key + "_criteria"), HasSubstr(edition.criteria.front().id + "="));
}

TEST_F(CohortTables, NameSlidesThatAreOnePictureAndSayWhereTheirCasesDiffer) {
  auto twin = named("PB_18"), alone = named("PB_19");
  twin.report.assessment.id = "another patient";
  alone.report.slide_sha256 = std::string(64, 'b');
  add("PB_17", testing::example_record());
  add("PB_18", twin);
  add("PB_19", alone);
  const auto told = collected().concerns;
  const auto own = testing::example_record().report.case_id;
  EXPECT_THAT(told, ElementsAre(AllOf(
                        HasSubstr("one picture under two cases"),
                        HasSubstr("PB_17 (case " + own + "), PB_18 (case another patient)"))));
  EXPECT_THAT(text_of(out() / "overview.html"), HasSubstr("one picture under two cases"));
  EXPECT_EQ(field("PB_17", "same_picture_as"), "PB_18 (case another patient)");
  EXPECT_EQ(field("PB_19", "same_picture_as"), "");
  add("PB_18", named("PB_18"));
  EXPECT_TRUE(collected().concerns.empty()) << "two scans of one patient are no mix-up";
  EXPECT_EQ(field("PB_17", "same_picture_as"), "PB_18 (case " + own + ")");
}

TEST_F(CohortTables, OfSeveralFoldersTellOneSlidesReportsApart) {
  add("PB_17", testing::example_record());
  fs::copy(out(), folder_ / "other", fs::copy_options::recursive);
  (void)collect({.folders = {out(), folder_ / "other"}, .into = out()});
  std::set<std::string> ends;
  for (const auto& line : unzipped(out() / "cells.csv.gz"))
    ends.insert(line.substr(line.rfind(',')));
  EXPECT_THAT(ends, ElementsAre(",", ",../other", ",folder"));
  EXPECT_EQ(field("PB_17", "folder"), "");
}

TEST_F(CohortTables, HaveARowACell) {
  add("PB_17", testing::example_record());
  (void)collected();
  const auto lines = unzipped(out() / "cells.csv.gz");
  ASSERT_EQ(lines.size(), 11U);
  EXPECT_THAT(lines[0], HasSubstr("slide,case,cell,x,y"));
  EXPECT_THAT(lines[2], AllOf(HasSubstr("PB_17"), HasSubstr(",1,160.5,80.2,41.0,classified,,")));
  EXPECT_THAT(lines[4], HasSubstr(",excluded,border,,,"));
}

TEST_F(CohortTables, ARecordInAFolderOfAnotherNameIsNoSlideTwice) {
  add("PB_17", testing::example_record());
  add("PB_17 copy", testing::example_record());
  EXPECT_EQ(collected().states.at(CohortState::damaged), 1U);
  EXPECT_THAT(field("PB_17 copy", "reason"), HasSubstr("is the report of slide PB_17"));
  EXPECT_EQ(unzipped(out() / "cells.csv.gz").size(), 11U) << "the cells of one";
}

TEST_F(CohortTables, ASlideThatWasReplacedUnderAWatchedReportSaysSo) {
  add("PB_17", testing::example_record());
  Journal journal(out());
  journal.write("run", {{"owner", "x"}, {"model_sha256", "m"}});
  journal.write("kept", {{"id", "PB_17"}, {"why", "slide changed"}});
  (void)collected();
  EXPECT_EQ(field("PB_17", "older"), "slide changed");
}

TEST_F(CohortTables, OfWhatIsNoFolderOfReportsAreRefused) {
  add("PB_17", testing::example_record());
  const auto refused = [&](const fs::path& folder) -> std::string {
    try {
      (void)collect({.folders = {folder}, .into = folder});
    } catch (const ConfigError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(refused(out() / "nope"), HasSubstr("is not there; give a folder of reports"));
  EXPECT_FALSE(fs::exists(out() / "nope"));
  EXPECT_THAT(refused(out() / "PB_17"), HasSubstr("is one report; give the folder"));
  EXPECT_THAT(refused(out() / "PB_17/report.h5"), HasSubstr("is no folder"));
}

TEST_F(CohortTables, AFailedSlideHasItsReasonAndNoNumber) {
  auto example = named("torn");
  example.report = failed_report(example.report, {"torn cable"});
  example.blocks.clear();
  example.cells.clear();
  add("torn", example);
  EXPECT_EQ(collected().states.at(CohortState::failed), 1U);
  EXPECT_EQ(field("torn", "status"), "failed");
  EXPECT_EQ(field("torn", "reason"), "torn cable");
  EXPECT_EQ(field("torn", "cells_counted"), "");
  EXPECT_THAT(text_of(out() / "overview.html"), HasSubstr("mend what is said"));
}

TEST_F(CohortTables, ADamagedRecordIsARowThatSaysSoAndGivesNoCells) {
  add("PB_17", testing::example_record());
  add("cut", named("cut"));
  fs::resize_file(out() / "cut/report.h5", fs::file_size(out() / "cut/report.h5") / 2);
  EXPECT_EQ(collected().states.at(CohortState::damaged), 1U);
  EXPECT_EQ(field("cut", "status"), "damaged");
  for (const auto& line : unzipped(out() / "cells.csv.gz"))
    EXPECT_THAT(line, Not(HasSubstr("cut")));
}

TEST_F(CohortTables, WithheldCountsAreNotGivenBackByTheCells) {
  auto example = testing::example_record();
  example.report.quality = {{.rule = QualityRule::strange_cells,
                             .verdict = QualityCheck::Verdict::failed,
                             .decides = true,
                             .value = 99.0,
                             .unit = "%",
                             .at_most = 50.0}};
  ASSERT_NE(why_withheld(example.report), "");
  add("PB_17", example);
  (void)collected();
  EXPECT_EQ(field("PB_17", "monocyte_count"), "no such field");
  EXPECT_NE(field("PB_17", "withheld"), "");
  for (const auto& line : unzipped(out() / "cells.csv.gz"))
    EXPECT_THAT(line, Not(HasSubstr("monocyte")));
}

TEST_F(CohortTables, TellOfSlidesThatHaveNoReport) {
  fs::create_directories(out());
  {
    Journal journal(out());
    // A process of another boot of this computer cannot live any more; one of this one may.
    journal.write("run", {{"owner", "00000000-00000000-1-1-1"}, {"model", "pb"}});
    journal.write("planned", {{"id", "waits"}, {"slide", "x/waits.svs"}});
    journal.write("started", {{"id", "begun"}, {"slide", "x/begun.svs"}});
    journal.write("end", {{"interrupted", true}});
  }
  (void)collected();
  EXPECT_EQ(field("waits", "status"), "not done");
  EXPECT_EQ(field("begun", "status"), "interrupted");
  EXPECT_EQ(field("begun", "path"), "x/begun.svs");
}

TEST_F(CohortTables, ASlideOfARunThatIsAtWorkIsBeingAnalyzed) {
  fs::create_directories(out());
  Journal journal(out());
  journal.write("run", {{"owner", own_tag()}, {"model", "pb"}});
  journal.write("planned", {{"id", "waits"}});
  journal.write("started", {{"id", "begun"}});
  (void)collected();
  EXPECT_EQ(field("waits", "status"), "waiting");
  EXPECT_EQ(field("begun", "status"), "running");
}

TEST_F(CohortTables, AReportThatTheLastRunDidNotHaveIsOlder) {
  const auto example = named("kept");
  add("kept", example);
  add("left", named("left"));
  Journal journal(out());
  journal.write("run", {{"model_sha256", example.report.model.sha256},
                        {"config_sha256", example.report.run.config_sha256}});
  journal.write("up to date", {{"id", "kept"}});
  journal.write("end", {{"interrupted", false}});
  EXPECT_EQ(collected().older, 1U);
  EXPECT_EQ(field("kept", "older"), "");
  EXPECT_EQ(field("left", "older"), "not of the last run");
}

TEST_F(CohortTables, AReportOfAnotherModelThanTheLastRunsIsOlder) {
  add("kept", named("kept"));
  Journal journal(out());
  journal.write("run", {{"model_sha256", "another"}});
  journal.write("left", {{"id", "kept"}});
  journal.write("end", {{"interrupted", false}});
  (void)collected();
  EXPECT_EQ(field("kept", "older"), "made with another model");
}

TEST_F(CohortTables, AreLeftWhereNothingChangedSince) {
  add("PB_17", testing::example_record());
  const CollectRequest request{.folders = {out()}, .into = out(), .if_changed = true};
  EXPECT_TRUE(collect(request).written);
  EXPECT_FALSE(collect(request).written);
  add("PB_18", named("PB_18"));
  EXPECT_TRUE(collect(request).written);
  fs::remove(out() / "cohort.csv");
  EXPECT_TRUE(collect(request).written) << "a table that is gone is made again";
}

TEST_F(CohortTables, RecordsOfCasesAreNoSlides) {
  add("PB_17", testing::example_record());
  fs::create_directories(out() / "C-17");
  write_case_record(out() / "C-17/report.h5", testing::example_record().report.assessment, {});
  const auto result = collected();
  EXPECT_EQ(result.slides, 1U);
  EXPECT_EQ(result.cases, 1U);
}

TEST_F(CohortTables, NameACaseThatWasJudgedByEarlierRecordsOfItsSlides) {
  const auto example = testing::example_record();
  add("PB_17", example);
  fs::create_directories(out() / "C-17");
  const auto judged_by = [&](const std::string& finished_utc) {
    fs::remove(out() / "C-17/report.h5");
    write_case_record(out() / "C-17/report.h5", example.report.assessment,
                      std::vector<SlideLink>{{"PB_17", "../PB_17/report.h5", finished_utc}});
    return collected().concerns;
  };
  EXPECT_TRUE(judged_by(example.report.run.finished_utc).empty());
  EXPECT_THAT(judged_by("2020-01-01T00:00:00Z"),
              ElementsAre(AllOf(HasSubstr("case C-17 (slide PB_17)"), HasSubstr("--overwrite"))));
}

TEST_F(CohortTables, WhatOthersWroteIsTextOnThePageAndInTheTable) {
  auto example = named("odd");
  example.report.case_id = example.report.assessment.id = "<script>\"a\",b\n";
  add("odd", example);
  (void)collected();
  EXPECT_EQ(field("odd", "case"), "<script>a,b\n") << "but for the quotes, which stand for one";
  EXPECT_THAT(text_of(out() / "overview.html"),
              AllOf(HasSubstr("&lt;script&gt;"), Not(HasSubstr("<script>\""))));
}

TEST_F(CohortTables, ThePageFetchesNothingAndCarriesTheSentence) {
  add("PB_17", testing::example_record());
  (void)collected();
  const auto page = text_of(out() / "overview.html");
  EXPECT_THAT(page, AllOf(HasSubstr(kResearchUse), HasSubstr("default-src 'none'"),
                          HasSubstr("href=\"PB_17/report.html\""), Not(HasSubstr("http://")),
                          Not(HasSubstr("https://"))));
}

TEST_F(CohortTables, AFolderThatIsNoneIsRefused) {
  EXPECT_THROW((void)collect({.folders = {folder_ / "absent"}, .into = folder_ / "tables"}),
               ConfigError);
}

TEST_F(CohortTables, OfSeveralFoldersStandTogether) {
  add("PB_17", testing::example_record());
  fs::create_directories(folder_ / "second/PB_18");
  testing::write_example(folder_ / "second/PB_18/report.h5", named("PB_18"));
  const auto result = collect({.folders = {out(), folder_ / "second"}, .into = folder_ / "tables"});
  EXPECT_EQ(result.slides, 2U);
  EXPECT_THAT(text_of(folder_ / "tables/overview.html"),
              HasSubstr("href=\"../second/PB_18/report.html\""));
}

}  // namespace
}  // namespace cytocape
