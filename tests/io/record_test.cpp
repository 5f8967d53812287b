#include "io/record.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <thread>

#include "io/errors.hpp"
#include "io/hdf5_reader.hpp"
#include "io/record_outline.hpp"
#include "tests/io/example_report.hpp"
#include "tests/io/hdf5_damage.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using testing::example_record;
using ::testing::HasSubstr;
using testing::TempDir;
using testing::write_example;

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string refusal(const fs::path& path) {
  try {
    (void)read_record(path);
    return "accepted";
  } catch (const StorageError& error) {
    return error.what();
  }
}

bool same_or_both_nan(double a, double b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

class WrittenRecord : public ::testing::Test {
 protected:
  void SetUp() override {
    written_.report.assessment.given = {
        {"wbc", "11.2", "10*9/L", "", "2024-03-01", "LIS", "labs.csv", 2, ""},
        {"mutation", "38", "%", "TET2", "", "", "labs.csv", 7, ""},
        {"pb_blasts", "3", "%", "", "", "", "labs.csv", 8, "200"}};
    write_example(folder_ / "report.h5", written_);
    read_ = read_record(folder_ / "report.h5");
  }
  TempDir folder_;
  testing::ExampleRecord written_ = example_record();
  Record read_;
};

TEST_F(WrittenRecord, GivesItsBlocksBack) {
  ASSERT_EQ(read_.blocks.size(), written_.blocks.size());
  for (std::size_t i = 0; i < read_.blocks.size(); ++i) {
    const auto& a = read_.blocks[i];
    const auto& b = written_.blocks[i];
    EXPECT_EQ(
        std::tie(a.index, a.core, a.outcome, a.rejection, a.failure, a.foreground_share, a.cells),
        std::tie(b.index, b.core, b.outcome, b.rejection, b.failure, b.foreground_share, b.cells));
    EXPECT_TRUE(same_or_both_nan(a.focus, b.focus)) << i;
  }
}

TEST_F(WrittenRecord, GivesItsCellsBack) {
  ASSERT_EQ(read_.cells.size(), written_.cells.size());
  for (std::size_t i = 0; i < read_.cells.size(); ++i) {
    const auto& a = read_.cells[i];
    const auto& b = written_.cells[i];
    EXPECT_EQ(
        std::tie(a.id, a.block, a.centre, a.box, a.nucleus_um2, a.outcome, a.exclusion, a.failure),
        std::tie(b.id, b.block, b.centre, b.box, b.nucleus_um2, b.outcome, b.exclusion, b.failure));
    EXPECT_EQ(std::tie(a.class_index, a.probability), std::tie(b.class_index, b.probability));
    // The example's map values are sums of few powers of two, which float16 holds exactly.
    EXPECT_EQ(a.map, b.map) << i;
    EXPECT_TRUE(same_or_both_nan(a.focus, b.focus)) << i;
    EXPECT_TRUE(same_or_both_nan(a.strangeness, b.strangeness)) << i;
  }
}

TEST_F(WrittenRecord, GivesSlideAndLevelsBack) {
  const auto& a = read_.report.slide;
  const auto& b = written_.report.slide;
  EXPECT_EQ(std::tie(a.path, a.id, a.reader, a.vendor, a.mpp, a.mpp_source, a.background),
            std::tie(b.path, b.id, b.reader, b.vendor, b.mpp, b.mpp_source, b.background));
  EXPECT_EQ(a.associated, b.associated);
  ASSERT_EQ(a.levels.size(), 2U);
  EXPECT_EQ(a.levels[1].size, (Size{300, 149}));
  EXPECT_EQ(a.levels[1].downsample, b.levels[1].downsample);
  EXPECT_EQ(a.levels[1].tile, (Size{256, 256}));
}

TEST_F(WrittenRecord, GivesStatusAndAccountingBack) {
  const auto& a = read_.report;
  const auto& b = written_.report;
  EXPECT_EQ(std::tie(a.status, a.status_reasons, a.failures, a.specimen, a.slide_sha256),
            std::tie(b.status, b.status_reasons, b.failures, b.specimen, b.slide_sha256));
  EXPECT_EQ(std::tie(a.blocks_planned, a.blocks_by_outcome, a.cells_located, a.cells_by_outcome),
            std::tie(b.blocks_planned, b.blocks_by_outcome, b.cells_located, b.cells_by_outcome));
  EXPECT_EQ(a.quality, b.quality);
}

TEST_F(WrittenRecord, GivesItsAppearanceBack) {
  EXPECT_EQ(read_.report.appearance, written_.report.appearance);
  EXPECT_EQ(read_.report.appearance.strip.size(), 3U);
}

TEST(ReadRecord, OfAnEarlyBuildHadNoMapOfColours) {
  const TempDir folder;
  write_example(folder / "r.h5", example_record());
  testing::damage(folder / "r.h5", [](hid_t file) { H5Ldelete(file, "/appearance", H5P_DEFAULT); });
  EXPECT_EQ(read_record(folder / "r.h5").report.appearance, AppearanceUse());
}

TEST(ReadRecord, OfASlideThatWasNotMappedHasWhatWasMeasured) {
  const TempDir folder;
  auto example = example_record();
  example.report.appearance = {.asked = AppearanceMap::lab,
                               .outcome = AppearanceOutcome::too_few_cells,
                               .cells = 0,
                               .own = std::nullopt,
                               .model = example.report.appearance.model,
                               .strip = {}};
  write_example(folder / "r.h5", example);
  EXPECT_EQ(read_record(folder / "r.h5").report.appearance, example.report.appearance);
}

TEST_F(WrittenRecord, GivesWhatWasGivenOfTheCaseBack) {
  const auto& a = read_.report.assessment;
  const auto& b = written_.report.assessment;
  EXPECT_EQ(read_.report.case_id, b.id);
  EXPECT_EQ(std::tie(a.labs.path, a.labs.sha256), std::tie(b.labs.path, b.labs.sha256));
  ASSERT_EQ(a.given.size(), b.given.size());
  ASSERT_FALSE(a.given.empty());
  for (std::size_t i = 0; i < a.given.size(); ++i)
    EXPECT_EQ(std::tie(a.given[i].item, a.given[i].value, a.given[i].unit, a.given[i].gene,
                       a.given[i].date, a.given[i].source, a.given[i].file, a.given[i].row,
                       a.given[i].cells),
              std::tie(b.given[i].item, b.given[i].value, b.given[i].unit, b.given[i].gene,
                       b.given[i].date, b.given[i].source, b.given[i].file, b.given[i].row,
                       b.given[i].cells));
}

TEST_F(WrittenRecord, GivesPicturesBack) {
  const auto& a = read_.report;
  const auto& b = written_.report;
  EXPECT_EQ(a.overview_jpeg, b.overview_jpeg);
  ASSERT_EQ(a.gallery.size(), b.gallery.size());
  ASSERT_FALSE(a.gallery.empty());
  for (std::size_t i = 0; i < a.gallery.size(); ++i)
    EXPECT_EQ(std::tie(a.gallery[i].id, a.gallery[i].class_index, a.gallery[i].centre,
                       a.gallery[i].probability, a.gallery[i].map, a.gallery[i].jpeg,
                       a.gallery[i].nucleus_um2, a.gallery[i].strangeness),
              std::tie(b.gallery[i].id, b.gallery[i].class_index, b.gallery[i].centre,
                       b.gallery[i].probability, b.gallery[i].map, b.gallery[i].jpeg,
                       b.gallery[i].nucleus_um2, b.gallery[i].strangeness));
  EXPECT_EQ(a.identity, b.identity);
  EXPECT_FALSE(b.identity.accession.empty());
}

TEST_F(WrittenRecord, GivesModelAndRunBack) {
  const auto& a = read_.report.model;
  const auto& b = written_.report.model;
  EXPECT_EQ(std::tie(a.name, a.path, a.sha256, a.card_json, a.classes, a.map_height, a.map_width),
            std::tie(b.name, b.path, b.sha256, b.card_json, b.classes, b.map_height, b.map_width));
  EXPECT_EQ(std::tie(a.mpp, a.input_px), std::tie(b.mpp, b.input_px));
  const auto& run = read_.report.run;
  EXPECT_EQ(run.libraries, written_.report.run.libraries);
  EXPECT_EQ(run.config_toml, written_.report.run.config_toml);
  EXPECT_EQ(run.finished_utc, written_.report.run.finished_utc);
}

TEST_F(WrittenRecord, GivesAbsentFractionsBackAsAbsent) {
  const auto& rows = read_.report.differential;
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].corrected_fraction, 0.5625);
  EXPECT_EQ(rows[0].wilson95->low, 0.2307);
  EXPECT_EQ(rows[1].corrected_fraction, std::nullopt);
  EXPECT_EQ(rows[2].fraction, std::nullopt);
  EXPECT_FALSE(rows[2].wilson95.has_value());
  EXPECT_FALSE(rows[2].in_denominator);
  EXPECT_EQ(read_.report.denominator, 5U);
}

TEST_F(WrittenRecord, EvidenceStillSumsToTheExpectedFraction) {
  const auto& grid = read_.report.evidence;
  EXPECT_EQ(std::tie(grid.edge, grid.width, grid.height),
            std::tie(written_.report.evidence.edge, written_.report.evidence.width,
                     written_.report.evidence.height));
  for (std::size_t c = 0; c < 3; ++c) {
    double sum = 0;
    for (std::size_t i = 0; i < 8; ++i) sum += grid.value[c * 8 + i];
    EXPECT_NEAR(sum, *read_.report.differential[c].expected_fraction, 1e-12);
  }
}

TEST_F(WrittenRecord, OfTheSameContentHasTheSameBytes) {
  write_example(folder_ / "again.h5", written_);
  EXPECT_EQ(bytes_of(folder_ / "report.h5"), bytes_of(folder_ / "again.h5"));
}

TEST_F(WrittenRecord, IsReplacedOnlyByACommittedOne) {
  const auto before = bytes_of(folder_ / "report.h5");
  {
    auto writer = RecordWriter::create(folder_ / "report.h5", {3, 2, 3});
    writer.append(written_.blocks);
    writer.finish(written_.report);
  }
  EXPECT_EQ(bytes_of(folder_ / "report.h5"), before);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), {}), 1);
}

TEST_F(WrittenRecord, CutAnywhereIsRefused) {
  const auto whole = bytes_of(folder_ / "report.h5");
  for (const double share : {0.0, 0.001, 0.1, 0.5, 0.9, 0.999}) {
    const auto size = static_cast<std::size_t>(share * static_cast<double>(whole.size()));
    std::ofstream(folder_ / "cut.h5", std::ios::binary) << whole.substr(0, size);
    EXPECT_THAT(refusal(folder_ / "cut.h5"), HasSubstr("cut.h5: ")) << share;
  }
}

/// Rows appended one by one must cross a chunk's end (8192 rows) like rows appended at once.
TEST(RecordWriter, ChunksFillTheSameHoweverRowsArrive) {
  const TempDir folder;
  auto example = example_record();
  const auto model_cell = example.cells[0];
  example.cells.clear();
  for (std::uint64_t i = 0; i < 9000; ++i) {
    example.cells.push_back(model_cell);
    example.cells.back().id = i;
    example.cells.back().centre.x = static_cast<double>(i) / 4;
  }
  auto writer = RecordWriter::create(folder / "r.h5", {3, 2, 3});
  for (const auto& cell : example.cells) writer.append(std::span(&cell, 1));
  writer.append(example.blocks);
  writer.finish(example.report);
  writer.commit();
  const auto cells = read_record(folder / "r.h5").cells;
  ASSERT_EQ(cells.size(), 9000U);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    ASSERT_EQ(cells[i].id, i);
    ASSERT_EQ(cells[i].centre.x, static_cast<double>(i) / 4);
    ASSERT_EQ(cells[i].map, model_cell.map);
  }
}

TEST(RecordWriter, OfASlideWithoutBlocksAndCellsCanBeRead) {
  const TempDir folder;
  auto writer = RecordWriter::create(folder / "r.h5", {2, 7, 7});
  SlideReport report;
  report.model.classes = {"a", "b"};
  report.model.map_height = report.model.map_width = 7;
  report.status_reasons = {"the slide is empty"};
  writer.finish(report);
  writer.commit();
  const auto record = read_record(folder / "r.h5");
  EXPECT_TRUE(record.blocks.empty());
  EXPECT_TRUE(record.cells.empty());
  EXPECT_TRUE(record.report.evidence.value.empty());
  EXPECT_EQ(record.report.status, Status::failed);
  EXPECT_EQ(record.report.status_reasons, report.status_reasons);
}

TEST(RecordOfAFailedSlide, SaysWhyAndHoldsNoCounts) {
  const TempDir folder;
  auto report = testing::example_record().report;
  report.case_id = "C-17";
  const auto failed = failed_report(report, {"cannot be read"});
  testing::write_example(folder / "r.h5", {.report = failed, .blocks = {}, .cells = {}});
  EXPECT_TRUE(is_failed_record(folder / "r.h5"));
  const auto read = read_record(folder / "r.h5").report;
  EXPECT_EQ(read.status, Status::failed);
  EXPECT_EQ(read.status_reasons, failed.status_reasons);
  EXPECT_EQ(read.slide.path, report.slide.path);
  EXPECT_EQ(read.slide.mpp, report.slide.mpp);
  EXPECT_EQ(read.model.sha256, report.model.sha256);
  EXPECT_EQ(read.run.finished_utc, report.run.finished_utc);
  EXPECT_EQ(read.case_id, "C-17");
  EXPECT_TRUE(read.differential.empty());
  const h5::Reader file(folder / "r.h5");
  for (const auto& [object, count] :
       {std::pair{"/blocks", "planned"}, {"/cells", "located"}, {"/differential", "denominator"}}) {
    const auto names = file.attribute_names(object);
    EXPECT_EQ(std::count(names.begin(), names.end(), count), 0) << object;
  }
}

TEST(RecordOfAFailedSlide, ThatWasNeverOpenedHasNoPixelSize) {
  const TempDir folder;
  auto report = example_record().report;
  report.slide = {};
  testing::write_example(folder / "r.h5",
                         {.report = failed_report(report, {"x"}), .blocks = {}, .cells = {}});
  const auto read = read_record(folder / "r.h5").report;
  EXPECT_TRUE(std::isnan(read.slide.mpp.x));
  const auto names = h5::Reader(folder / "r.h5").attribute_names("/slide");
  EXPECT_EQ(std::count(names.begin(), names.end(), "mpp_source"), 0);
}

TEST(RecordOfAFailedSlide, IsKnownFromOthers) {
  const TempDir folder;
  testing::write_example(folder / "whole.h5", testing::example_record());
  std::ofstream(folder / "damaged.h5") << "x";
  EXPECT_FALSE(is_failed_record(folder / "whole.h5"));
  EXPECT_FALSE(is_failed_record(folder / "damaged.h5"));
  EXPECT_FALSE(is_failed_record(folder / "absent.h5"));
}

TEST(RecordWriter, RefusesACellOfAnotherShape) {
  const TempDir folder;
  const auto example = example_record();
  auto writer = RecordWriter::create(folder / "r.h5", {3, 7, 7});
  try {
    writer.append(example.cells);
    FAIL() << "no error";
  } catch (const StorageError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("r.h5: cell 0"), HasSubstr("maps of 7 x 7")));
  }
}

TEST(RecordWriter, CommitBeforeFinishIsAnErrorAndWritesNothing) {
  const TempDir folder;
  {
    auto writer = RecordWriter::create(folder / "r.h5", {3, 2, 3});
    EXPECT_THROW(writer.commit(), StorageError);
  }
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(RecordWriter, UnderAFolderThatIsAFileNamesPathAndCause) {
  const TempDir folder;
  std::ofstream(folder / "out") << "x";
  try {
    (void)RecordWriter::create(folder.path() / "out" / "r.h5", {3, 2, 3});
    FAIL() << "no error";
  } catch (const StorageError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("out/r.h5: cannot create: Not a dir")));
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
  }
}

TEST(RecordWriter, SeveralAtOnceDoNotDisturbOneAnother) {
  const TempDir folder;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back(
          [&, i] { write_example(folder / ("r" + std::to_string(i) + ".h5"), example_record()); });
    }
  }
  const auto first = bytes_of(folder / "r0.h5");
  EXPECT_FALSE(first.empty());
  for (int i = 1; i < 4; ++i)
    EXPECT_EQ(bytes_of(folder / ("r" + std::to_string(i) + ".h5")), first);
}

TEST(ReadRecord, RefusesWhatIsNoRecord) {
  const TempDir folder;
  std::ofstream(folder / "text.h5") << "not HDF5";
  EXPECT_THAT(refusal(folder / "text.h5"), HasSubstr("text.h5: is not an HDF5 file"));
  EXPECT_THAT(refusal(folder / "absent.h5"), HasSubstr("there is no such file"));
  EXPECT_THAT(refusal(folder.path()), HasSubstr("this is a folder, pipe or device, not a file"));
}

TEST(ReadRecord, RefusesAnotherSchemaVersionByNumber) {
  const TempDir folder;
  write_example(folder / "r.h5", example_record());
  auto bytes = bytes_of(folder / "r.h5");
  // The value follows the attribute's name; 2 as 64-bit little-endian.
  const auto name = bytes.find("schema_version");
  const auto at = bytes.find(std::string("\x02\0\0\0\0\0\0\0", 8), name + 40);
  ASSERT_NE(at, std::string::npos);
  ASSERT_LT(at, name + 120);
  bytes[at] = 9;
  std::ofstream(folder / "r.h5", std::ios::binary) << bytes;
  EXPECT_THAT(refusal(folder / "r.h5"), AllOf(HasSubstr("version 9"), HasSubstr("knows 2")));
}

}  // namespace
}  // namespace cytocape
