#include "pipeline/naming/propose.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/csv.hpp"
#include "io/errors.hpp"
#include "io/image_codec.hpp"
#include "io/record.hpp"
#include "io/slide.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

/// A picture of 400 x 300 at 0.2 um/px with a dark square around (100, 90), and its record: two
/// classified cells, one unidentified.
class Propose : public ::testing::Test {
 protected:
  Propose() {
    Image picture(400, 300, {230, 230, 230});
    for (int y = 80; y < 100; ++y)
      for (int x = 90; x < 110; ++x)
        for (int c = 0; c < 3; ++c)
          picture.pixels()[static_cast<std::size_t>((y * 400 + x) * 3 + c)] = 20;
    write_png(picture, slide_);
    write_record(std::string(64, 'a'));
  }

  void write_record(const std::string& model) const {
    SlideReport report;
    report.slide = Slide::open(slide_, {.mpp = Mpp{0.2, 0.2}})->info();
    report.slide_sha256 = slide_sha256(slide_);
    report.case_id = report.assessment.id = "C-1";
    report.model = {.name = "m",
                    .path = "m.safetensors",
                    .sha256 = model,
                    .card_json = "{}",
                    .classes = {"monocyte", "blast"},
                    .map_height = 1,
                    .map_width = 1,
                    .mpp = 0.2,
                    .input_px = 64};
    auto writer = RecordWriter::create(record_, {.classes = 2, .map_height = 1, .map_width = 1});
    const BlockRow block{.index = 0, .core = {0, 0, 400, 300}, .failure = "", .cells = 3};
    writer.append(std::span(&block, 1));
    std::vector<CellRow> cells(3);
    for (std::size_t i = 0; i < 3; ++i) {
      cells[i].id = i;
      cells[i].centre = {100.0 + 50.0 * static_cast<double>(i), 90};
      cells[i].class_index = static_cast<std::int16_t>(i);
      cells[i].probability = {i == 1 ? 0.1F : 0.9F, i == 1 ? 0.9F : 0.1F};
      cells[i].map = {0.5F, 0.5F};
    }
    cells[2].outcome = CellOutcome::excluded;
    cells[2].exclusion = Exclusion::unidentified;
    cells[2].class_index = -1;
    writer.append(std::span<const CellRow>(cells));
    writer.finish(report);
    writer.commit();
  }

  [[nodiscard]] ProposeRequest request() const {
    return {.records = {record_}, .slide = {}, .out = folder_.path() / "cells"};
  }

  testing::TempDir folder_;
  fs::path slide_ = folder_.path() / "S1.png";
  fs::path record_ = folder_.path() / "report.h5";
};

TEST_F(Propose, CutsTheCellsIntoTheFoldersOfTheirClasses) {
  const auto proposal = propose(request());
  ASSERT_EQ(proposal.classes.size(), 3U);
  EXPECT_EQ(proposal.classes[2].name, "unidentified");
  EXPECT_EQ(proposal.mpp, 0.2);
  const auto cell = read_image(request().out / "monocyte/S1_0.png");
  EXPECT_EQ(cell.width(), 80) << "a quarter wider than the crop";
  EXPECT_EQ(cell.pixels()[(40 * 80 + 40) * 3], 20) << "the cell is in the middle";
  EXPECT_GT(cell.pixels()[(40 * 80 + 60) * 3], 200);
  const auto table = read_csv(request().out / "groups.csv");
  ASSERT_EQ(table.rows.size(), 3U);
  EXPECT_EQ(table.rows[1][0], "S1_1.png");
  EXPECT_EQ(table.rows[1][1], "C-1");
  EXPECT_EQ(table.rows[1][7], "0.9000");
}

TEST_F(Propose, RefusesASlideThatWasChangedAndLeavesNothing) {
  write_png(Image(400, 300, {1, 2, 3}), slide_);
  EXPECT_THROW(static_cast<void>(propose(request())), SlideError);
  EXPECT_FALSE(fs::exists(request().out));
}

TEST_F(Propose, FindsAMovedSlideWhereItIsTold) {
  const auto moved = folder_.path() / "moved.png";
  fs::rename(slide_, moved);
  auto asked = request();
  try {
    static_cast<void>(propose(asked));
    FAIL() << "the slide is not there";
  } catch (const SlideError& error) {
    EXPECT_THAT(error.what(), HasSubstr("S1.png"));
    EXPECT_THAT(error.what(), HasSubstr("--slide"));
  }
  asked.slide = moved;
  EXPECT_EQ(propose(asked).classes.size(), 3U);
}

TEST_F(Propose, TouchesNoFolderThatHoldsSomething) {
  fs::create_directories(request().out);
  EXPECT_EQ(propose(request()).classes.size(), 3U) << "an empty one is taken";
  EXPECT_THROW(static_cast<void>(propose(request())), ConfigError);
  EXPECT_TRUE(fs::exists(request().out / "monocyte/S1_0.png"));
}

TEST_F(Propose, RefusesRecordsOfTwoModels) {
  auto asked = request();
  const auto other = folder_.path() / "other.h5";
  fs::rename(record_, other);
  write_record(std::string(64, 'b'));
  asked.records.push_back(other);
  EXPECT_THROW(static_cast<void>(propose(asked)), ConfigError);
}

}  // namespace
}  // namespace cytocape
