/// A slide with one destroyed JPEG tile: named, counted, and nothing else lost.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tiffio.h>

#include <chrono>
#include <cmath>
#include <fstream>
#include <memory>
#include <random>

#include "io/record_outline.hpp"
#include "pipeline/graph/fault_injection.hpp"
#include "pipeline/program/exit_code.hpp"
#include "tests/pipeline/smear.hpp"
#include "tiling/crop.hpp"

namespace cytocape {
namespace {

using ::testing::HasSubstr;
using testing::TempDir;

constexpr double kMpp = 0.25;
/// Without a tile of the located level the slide's stain is measured from a little less of it, and
/// centres may move by a fraction of a locate pixel.
constexpr double kSlackUm = 1.0;

struct Tile {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

/// Where directory `level`'s tile (column, row) lies in the file.
Tile find_tile(const std::filesystem::path& path, int level, std::uint32_t column,
               std::uint32_t row) {
  const std::unique_ptr<TIFF, decltype(&TIFFClose)> tiff(TIFFOpen(path.c_str(), "r"), &TIFFClose);
  EXPECT_TRUE(tiff && TIFFSetDirectory(tiff.get(), static_cast<std::uint16_t>(level)));
  std::uint32_t width = 0;
  std::uint32_t edge = 0;
  TIFFGetField(tiff.get(), TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField(tiff.get(), TIFFTAG_TILEWIDTH, &edge);
  const auto index = row * ((width + edge - 1) / edge) + column;
  return {TIFFGetStrileOffset(tiff.get(), index), TIFFGetStrileByteCount(tiff.get(), index)};
}

void destroy(const std::filesystem::path& path, const Tile& tile) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(tile.offset));
  std::mt19937 random(3);
  for (std::uint64_t i = 0; i < tile.bytes; ++i) file.put(static_cast<char>(random() & 0x7f));
}

/// Ends the picture in the middle of its data: libjpeg merely warns and fills the rest with grey.
void end_early(const std::filesystem::path& path, const Tile& tile) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(tile.offset + tile.bytes / 2));
  file.write("\xFF\xD9", 2);
}

struct Damage {
  int level;
  std::uint32_t column;
  std::uint32_t row;
  void (*inflict)(const std::filesystem::path& path, const Tile& tile) = destroy;
};

class CorruptTile : public ::testing::TestWithParam<Damage> {};

TEST_P(CorruptTile, EndsIncompleteNamesItAndLosesNoOtherCell) {
  const auto& damage = GetParam();
  const TempDir folder;
  const auto broken = folder / "broken.tiff";
  std::filesystem::copy_file(testing::small_smear(), broken);
  damage.inflict(broken, find_tile(broken, damage.level, damage.column, damage.row));

  const auto clean = testing::analyse_one(testing::small_smear(), {"blocks.tiles=1"});
  const auto outcome =
      testing::run(testing::request_for({broken}, folder / "out", {"blocks.tiles=1"}));
  ASSERT_EQ(outcome.slides.size(), 1U);
  EXPECT_EQ(outcome.slides[0].status, Status::incomplete);
  EXPECT_EQ(outcome.exit_code(), kExitIncomplete);
  const auto name = "tile (" + std::to_string(damage.column) + ", " + std::to_string(damage.row) +
                    ") of level " + std::to_string(damage.level);
  EXPECT_THAT(outcome.slides[0].reasons.front(), HasSubstr(name));

  const auto found = read_record(outcome.slides[0].folder / "report.h5");
  const auto edge = std::int64_t{256} << damage.level;
  const Level0Rect lost{damage.column * edge, damage.row * edge, edge, edge};
  const auto classifier_crop =
      CropSpec{.input_px = clean.report.model.input_px, .mpp = clean.report.model.mpp};
  std::size_t untouched = 0;
  for (const auto& cell : clean.cells) {
    const auto touches =
        crop_extent(clean.report.slide, classifier_crop, cell.centre).overlaps(lost) ||
        cell.box.overlaps(lost);
    if (touches) continue;
    ++untouched;
    const auto distance = [&](const CellRow& other) {
      return std::hypot(other.centre.x - cell.centre.x, other.centre.y - cell.centre.y) * kMpp;
    };
    const auto twin = std::min_element(
        found.cells.begin(), found.cells.end(),
        [&](const CellRow& a, const CellRow& b) { return distance(a) < distance(b); });
    ASSERT_NE(twin, found.cells.end());
    EXPECT_LE(distance(*twin), kSlackUm) << "at " << cell.centre.x << ", " << cell.centre.y;
    EXPECT_EQ(cell.outcome, twin->outcome);
    if (damage.level > 0) continue;
    testing::expect_same_place(cell, *twin);
    EXPECT_EQ(cell.class_index, twin->class_index);
  }
  EXPECT_GT(untouched, clean.cells.size() / 2);
  for (const auto& cell : found.cells) {
    if (cell.box.overlaps(lost)) {
      EXPECT_NE(cell.outcome, CellOutcome::classified);
    }
  }
}

// Level 0 is where crops are read, level 2 (1 um/px) where cells are located.
INSTANTIATE_TEST_SUITE_P(Contract, CorruptTile,
                         ::testing::Values(Damage{0, 5, 3}, Damage{2, 1, 0},
                                           Damage{0, 5, 3, end_early}, Damage{2, 1, 0, end_early}),
                         [](const auto& test) {
                           const auto* how =
                               test.param.inflict == destroy ? "Destroyed" : "EndedEarly";
                           return fmt::format("Level{}{}", test.param.level, how);
                         });

/// A file of a few bytes that claims a tile of a million pixels squared.
std::filesystem::path write_hostile(const std::filesystem::path& path) {
  const std::unique_ptr<TIFF, decltype(&TIFFClose)> tiff(TIFFOpen(path.c_str(), "w"), &TIFFClose);
  TIFFSetField(tiff.get(), TIFFTAG_IMAGEWIDTH, 1'000'000);
  TIFFSetField(tiff.get(), TIFFTAG_IMAGELENGTH, 1'000'000);
  TIFFSetField(tiff.get(), TIFFTAG_TILEWIDTH, 999'936);
  TIFFSetField(tiff.get(), TIFFTAG_TILELENGTH, 999'936);
  TIFFSetField(tiff.get(), TIFFTAG_BITSPERSAMPLE, 8);
  TIFFSetField(tiff.get(), TIFFTAG_SAMPLESPERPIXEL, 1);
  TIFFSetField(tiff.get(), TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
  TIFFWriteDirectory(tiff.get());
  return path;
}

TEST(HostileSlide, FailsWithItsCauseAndTheNextIsDone) {
  const TempDir folder;
  const auto hostile = write_hostile(folder / "hostile.tif");
  const auto outcome =
      testing::run(testing::request_for({hostile, testing::small_smear()}, folder / "out"));
  ASSERT_EQ(outcome.slides.size(), 2U);
  EXPECT_EQ(outcome.slides[0].status, Status::failed);
  EXPECT_THAT(outcome.slides[0].reasons.front(),
              AllOf(HasSubstr(hostile.string() + ": "), HasSubstr("tiles of 999936 x 999936")));
  EXPECT_NE(outcome.slides[1].status, Status::failed);
  EXPECT_TRUE(std::filesystem::exists(folder / "out/smear/report.h5"));
  EXPECT_EQ(outcome.exit_code(), kExitFailed);
}

/// Analyses a slide, to which `happen` does something when its fourth block is read, and another.
void expect_changed(void (*happen)(const std::filesystem::path& path)) {
  const TempDir folder;
  const auto lost = folder / "lost.tiff";
  std::filesystem::copy_file(testing::small_smear(), lost);
  set_fault_hook([&](const std::string& slide, std::uint64_t block) {
    if (slide == "lost" && block == 3) happen(lost);
  });
  const auto outcome = testing::run(
      testing::request_for({lost, testing::small_smear()}, folder / "out", {"blocks.tiles=1"}));
  set_fault_hook(nullptr);
  ASSERT_EQ(outcome.slides.size(), 2U);
  EXPECT_EQ(outcome.slides[0].status, Status::failed);
  EXPECT_THAT(outcome.slides[0].reasons.front(),
              HasSubstr("lost.tiff: changed while it was being read"));
  EXPECT_TRUE(is_failed_record(folder / "out/lost/report.h5"));
  EXPECT_NE(outcome.slides[1].status, Status::failed);
  EXPECT_EQ(outcome.exit_code(), kExitFailed);
}

TEST(LostSlide, FailsWithItsCauseAndTheNextIsDone) {
  expect_changed([](const auto& path) { std::filesystem::resize_file(path, 0); });
}

TEST(LostSlide, IsOneOfWhichAllCouldStillBeRead) {
  expect_changed([](const auto& path) {
    std::filesystem::last_write_time(
        path, std::filesystem::last_write_time(path) + std::chrono::seconds(1));
  });
}

}  // namespace
}  // namespace cytocape
