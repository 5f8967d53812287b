#include "io/record_outline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "io/errors.hpp"
#include "io/record.hpp"
#include "tests/io/example_assessment.hpp"
#include "tests/io/example_report.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::TempDir;

/// A slide's record, and a case's that links to it and to one that is not there.
class RecordOutline : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(folder_ / "case");
    testing::write_example(folder_ / "slide.h5", written_);
    write_case_record(
        case_, written_.report.assessment,
        std::vector<SlideLink>{{"here", "../slide.h5", written_.report.run.finished_utc},
                               {"gone", "../gone.h5", "2026-01-01T00:00:00Z"}});
  }
  TempDir folder_;
  fs::path case_ = folder_ / "case/report.h5";
  testing::ExampleRecord written_ = testing::example_record();
};

TEST_F(RecordOutline, TellsASlideFromACase) {
  EXPECT_EQ(record_kind(folder_ / "slide.h5"), RecordKind::slide);
  EXPECT_EQ(record_kind(case_), RecordKind::case_of_slides);
  std::ofstream(folder_ / "text.h5") << "not HDF5";
  EXPECT_THROW((void)record_kind(folder_ / "text.h5"), StorageError);
}

TEST_F(RecordOutline, GivesTheJudgementBack) {
  const auto& written = written_.report.assessment;
  ASSERT_FALSE(written.editions.empty());
  for (const auto& path : {folder_ / "slide.h5", case_}) {
    const auto read = read_assessment(path);
    EXPECT_EQ(read.id, written.id);
    EXPECT_EQ(read.agreement, written.agreement);
    ASSERT_EQ(read.editions.size(), written.editions.size());
    for (std::size_t i = 0; i < read.editions.size(); ++i) {
      const auto& a = read.editions[i];
      const auto& b = written.editions[i];
      EXPECT_EQ(a.edition, b.edition);
      EXPECT_EQ(a.code, b.code);
      EXPECT_EQ(a.state, b.state);
      EXPECT_EQ(a.sentence, b.sentence);
      EXPECT_EQ(a.shortest, b.shortest);
      ASSERT_EQ(a.criteria.size(), b.criteria.size());
      for (std::size_t k = 0; k < a.criteria.size(); ++k) {
        EXPECT_EQ(a.criteria[k].id, b.criteria[k].id);
        EXPECT_EQ(a.criteria[k].state, b.criteria[k].state);
        EXPECT_EQ(a.criteria[k].value, b.criteria[k].value);
        EXPECT_EQ(a.criteria[k].threshold, b.criteria[k].threshold);
      }
    }
    ASSERT_EQ(read.readings.size(), written.readings.size());
    for (const auto& [input, reading] : written.readings) {
      EXPECT_EQ(read.readings.at(input).value, reading.value);
      EXPECT_EQ(read.readings.at(input).source, reading.source);
    }
  }
}

TEST_F(RecordOutline, GivesTheSumsBack) {
  const auto read = read_groups(folder_ / "slide.h5");
  const auto& written = written_.report.groups;
  ASSERT_EQ(read.size(), written.size());
  for (std::size_t i = 0; i < read.size(); ++i) {
    EXPECT_EQ(read[i].code, written[i].code);
    EXPECT_EQ(read[i].count, written[i].count);
    EXPECT_EQ(read[i].fraction, written[i].fraction);
    EXPECT_EQ(read[i].wilson95.has_value(), written[i].wilson95.has_value());
    EXPECT_EQ(read[i].corrected, written[i].corrected);
    EXPECT_EQ(read[i].gap, written[i].gap);
  }
}

TEST_F(RecordOutline, ListsTheSlidesOfACaseAndWhichCannotBeRead) {
  const auto slides = read_linked_slides(case_);
  ASSERT_EQ(slides.size(), 2U);
  EXPECT_EQ(slides[0].id, "here");
  EXPECT_EQ(slides[0].record, "../slide.h5");
  EXPECT_EQ(slides[0].lost, "");
  EXPECT_EQ(slides[0].status, written_.report.status);
  EXPECT_EQ(slides[0].specimen, written_.report.specimen);
  EXPECT_EQ(slides[0].denominator, written_.report.denominator);
  EXPECT_EQ(slides[1].record, "../gone.h5");
  EXPECT_NE(slides[1].lost, "");
}

TEST_F(RecordOutline, TellsWhichSlidesWereMadeAnewSinceTheCaseWas) {
  EXPECT_FALSE(read_linked_slides(case_)[0].made_anew);
  auto later = written_;
  later.report.run.finished_utc = "2031-01-01T00:00:00Z";
  fs::remove(folder_ / "slide.h5");
  testing::write_example(folder_ / "slide.h5", later);
  EXPECT_TRUE(read_linked_slides(case_)[0].made_anew);
}

TEST_F(RecordOutline, ACaseIsNotTakenForASlide) {
  try {
    (void)read_record(case_);
    FAIL() << "accepted";
  } catch (const StorageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("the record of a case; give the records of its slides"));
  }
}

}  // namespace
}  // namespace cytocape
