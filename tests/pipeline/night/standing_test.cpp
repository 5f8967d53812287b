#include "pipeline/night/standing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "io/errors.hpp"
#include "io/record_scan.hpp"
#include "tests/io/example_report.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::TempDir;

/// A folder with the example's report, and the inputs that it was made of.
class StandingOf : public ::testing::Test {
 protected:
  void SetUp() override { write(); }
  void write() {
    testing::write_example(folder_ / "report.h5", made_);
    const auto origin = read_origin(folder_ / "report.h5");
    std::ofstream(folder_ / "report.json")
        << "{\"case\": {\"id\": \"" << origin.case_id << "\"}}\n";
    std::ofstream(folder_ / "report.html")
        << "<title>Case " << origin.case_id << " - ok</title></html>\n";
    std::ofstream(folder_ / "slide.svs") << "is read by nobody";
    slide_ = {.path = folder_ / "slide.svs",
              .specimen = origin.specimen,
              .case_id = origin.case_id,
              .mpp = origin.slide.mpp_source == MppSource::user ? std::optional(origin.slide.mpp)
                                                                : std::nullopt,
              .identity = origin.identity,
              .given = origin.assessment.given};
    run_ = {.model_name = origin.model.name,
            .model_sha256 = origin.model.sha256,
            .config_toml = origin.run.config_toml,
            .tool_version = origin.run.tool_version,
            .commit = origin.run.commit};
  }
  [[nodiscard]] Standing now() const {
    return standing_of(folder_.path(), slide_, run_, [this] { return content_; });
  }
  /// Expects that the report is of something else now, for a reason that begins so.
  void expect_other(const std::string& why) const {
    const auto standing = now();
    EXPECT_EQ(standing.kind, Standing::Kind::other);
    EXPECT_THAT(standing.why, HasSubstr(why));
    EXPECT_TRUE(standing.to_do() && standing.needs_leave());
  }

  TempDir folder_;
  testing::ExampleRecord made_ = testing::example_record();
  std::string content_ = made_.report.slide_sha256;
  SlideInputs slide_;
  RunInputs run_;
};

TEST_F(StandingOf, AReportMadeOfTheSameIsUpToDate) {
  EXPECT_EQ(now().kind, Standing::Kind::up_to_date);
  EXPECT_EQ(now().status, made_.report.status);
  EXPECT_FALSE(now().to_do());
}

TEST_F(StandingOf, APageThatIsCutOrOfAnotherCaseIsNoReport) {
  for (const auto* name : {"report.html", "report.json"}) {
    for (const auto* text : {"", "<title>Case C", "{\"case\": {\"id\": \"C-1"}) {
      write();
      std::ofstream(folder_ / name) << text;
      EXPECT_EQ(now().kind, Standing::Kind::broken) << name << text;
      EXPECT_EQ(now().why, std::string("its ") + name + " is cut short");
    }
    write();
    std::ofstream(folder_ / name) << "<title>Case other - {\"id\": \"other\"}</html>"
                                  << (std::string(name) == "report.json" ? "}" : "");
    EXPECT_EQ(now().why, std::string("its ") + name + " is of another case");
  }
}

/// The record, which cannot be opened here, is not asked.
TEST_F(StandingOf, WhatAJournalNotedIsBelievedWhileNothingChanged) {
  std::ofstream(folder_ / "report.h5") << "no record";
  const auto noted = [&] {
    SlideHistory known;
    known.status = "ok";
    known.files = files_state(slide_.path);
    known.inputs = inputs_digest(slide_, run_);
    known.record = files_state(folder_ / "report.h5");
    return known;
  };
  const auto believed = [&](const SlideHistory& known) {
    return believed_standing(folder_.path(), slide_, run_, known).has_value();
  };
  const auto known = noted();
  ASSERT_TRUE(believed(known));
  EXPECT_EQ(believed_standing(folder_.path(), slide_, run_, known)->status, Status::ok);
  const std::vector<std::string SlideHistory::*> notes{
      &SlideHistory::status, &SlideHistory::files, &SlideHistory::inputs, &SlideHistory::record};
  for (const auto note : notes) {
    auto without = known;
    (without.*note).clear();
    EXPECT_FALSE(believed(without));
  }
  auto failed = known;
  failed.status = "failed";
  EXPECT_FALSE(believed(failed)) << "it is tried again";
  const auto slide = slide_;
  slide_.case_id += "x";
  EXPECT_FALSE(believed(known));
  slide_ = slide;
  criteria::GivenValue row;
  row.item = "wbc";
  slide_.given.push_back(row);
  EXPECT_FALSE(believed(known));
  slide_ = slide;
  run_.config_toml += "a = 1\n";
  EXPECT_FALSE(believed(known));
  run_.config_toml.resize(run_.config_toml.size() - 6);
  ASSERT_TRUE(believed(known));
  std::ofstream(folder_ / "report.h5", std::ios::app) << "another";
  EXPECT_FALSE(believed(known)) << "the record is another";
  const auto now_noted = noted();
  fs::remove(folder_ / "report.html");
  EXPECT_FALSE(believed(now_noted));
}

TEST_F(StandingOf, AnotherModelIsSaid) {
  run_.model_sha256 = "another";
  expect_other("model " + run_.model_name + " changed");
}

TEST_F(StandingOf, AnotherSettingIsNamed) {
  run_.config_toml += "counting.min_leukocytes_pb = 7\n";
  expect_other("configuration changed (counting.min_leukocytes_pb)");
}

TEST_F(StandingOf, AnotherProgramIsSaid) {
  run_.commit = "0123456789abcdef";
  expect_other("program changed");
}

TEST_F(StandingOf, OtherLaboratoryValuesAreSaid) {
  slide_.given.push_back({.item = "wbc", .value = "11.2"});
  expect_other("laboratory values changed");
}

TEST_F(StandingOf, TheRowOfALaboratoryValueDecidesNothing) {
  ASSERT_FALSE(slide_.given.empty());
  slide_.given[0].row += 5;
  slide_.given[0].file = "moved.csv";
  EXPECT_EQ(now().kind, Standing::Kind::up_to_date);
}

TEST_F(StandingOf, WhatAManifestSaysIsCompared) {
  slide_.case_id = "another";
  slide_.specimen = slide_.specimen == Specimen::blood ? Specimen::marrow : Specimen::blood;
  slide_.mpp = Mpp{0.1, 0.3};
  slide_.identity.accession += "-2";
  const auto standing = now();
  EXPECT_THAT(standing.why, AllOf(HasSubstr("case changed"), HasSubstr("specimen changed"),
                                  HasSubstr("pixel size changed"), HasSubstr("accession")));
}

TEST_F(StandingOf, AnotherContentIsSaid) {
  content_ = "another";
  expect_other("slide changed");
  EXPECT_TRUE(now().content_alone);
  run_.model_sha256 = "another";
  EXPECT_FALSE(now().content_alone);
}

TEST(FilesState, OnlyAddedFilesLeaveThoseThatWereThere) {
  EXPECT_TRUE(only_added_files("10@1 20@2", "10@1 15@9 20@2"));
  EXPECT_TRUE(only_added_files("10@1", "10@1 10@1"));
  EXPECT_FALSE(only_added_files("10@1 20@2", "10@1 20@2"));
  EXPECT_FALSE(only_added_files("10@1 20@2", "10@1 20@3 30@3")) << "one was written to";
  EXPECT_FALSE(only_added_files("10@1 20@2", "10@1"));
  EXPECT_FALSE(only_added_files("", "10@1"));
}

TEST_F(StandingOf, ASlideThatCannotBeReadIsNotUpToDate) {
  const auto standing = standing_of(folder_.path(), slide_, run_,
                                    []() -> std::string { throw SlideError("a.svs: is gone"); });
  EXPECT_EQ(standing.kind, Standing::Kind::other);
  EXPECT_THAT(standing.why, HasSubstr("is gone"));
}

TEST_F(StandingOf, AReportOfASlideThatIsAwayStaysWhateverElseChanged) {
  fs::remove(slide_.path);
  run_.model_sha256 = "another";
  EXPECT_EQ(now().kind, Standing::Kind::away);
  EXPECT_THAT(now().why, HasSubstr("No such file"));
  EXPECT_FALSE(now().to_do() || now().needs_leave());
  fs::remove(folder_ / "report.html");
  EXPECT_EQ(now().kind, Standing::Kind::broken) << "it is not worth keeping";
}

TEST_F(StandingOf, AFailedReportIsDoneAgainUnaskedWithItsReason) {
  made_.report = failed_report(made_.report, {"torn cable"});
  made_.blocks.clear();
  made_.cells.clear();
  write();
  EXPECT_EQ(now().kind, Standing::Kind::failed);
  EXPECT_THAT(now().why, HasSubstr("torn cable"));
  EXPECT_FALSE(now().needs_leave());
}

TEST_F(StandingOf, AReportWithoutItsPageIsNotWhole) {
  fs::remove(folder_ / "report.html");
  EXPECT_EQ(now().kind, Standing::Kind::broken);
  EXPECT_THAT(now().why, HasSubstr("lacks report.html"));
}

TEST_F(StandingOf, ARecordThatIsCutIsNotWhole) {
  fs::resize_file(folder_ / "report.h5", 1000);
  EXPECT_EQ(now().kind, Standing::Kind::broken);
}

TEST_F(StandingOf, NoReportIsNoReport) {
  fs::remove(folder_ / "report.h5");
  EXPECT_EQ(now().kind, Standing::Kind::absent);
}

TEST(FilesState, IsAnotherWhereSizeOrTimeIs) {
  const TempDir folder;
  const auto slide = folder / "a.svs";
  std::ofstream(slide) << "one";
  const auto before = files_state(slide);
  EXPECT_EQ(files_state(slide), before);
  fs::last_write_time(slide, fs::last_write_time(slide) + std::chrono::seconds(1));
  EXPECT_NE(files_state(slide), before);
  EXPECT_EQ(files_state(folder / "absent.svs"), "");
}

}  // namespace
}  // namespace cytocape
