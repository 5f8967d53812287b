#include "io/record_scan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "io/errors.hpp"
#include "io/gzip_file.hpp"
#include "io/image_codec.hpp"
#include "io/record.hpp"
#include "io/slide_kind.hpp"
#include "io/thumbnail.hpp"
#include "tests/io/example_report.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using testing::TempDir;

/// The example with one cell fewer, so that its columns have another length.
testing::ExampleRecord shorter_example() {
  auto example = testing::example_record();
  example.cells.pop_back();
  example.report.slide.id = "shorter";
  return example;
}

void expect_scanned(const SlideReport& scanned, const SlideReport& written) {
  EXPECT_EQ(scanned.slide.id, written.slide.id);
  EXPECT_EQ(scanned.slide_sha256, written.slide_sha256);
  EXPECT_EQ(scanned.denominator, written.denominator);
  ASSERT_EQ(scanned.differential.size(), written.differential.size());
  EXPECT_EQ(scanned.differential[0].count, written.differential[0].count);
  ASSERT_EQ(scanned.groups.size(), written.groups.size());
  EXPECT_EQ(scanned.groups[0].fraction, written.groups[0].fraction);
  EXPECT_EQ(scanned.quality, written.quality);
  EXPECT_EQ(scanned.overview_jpeg, written.overview_jpeg);
  ASSERT_EQ(scanned.assessment.editions.size(), written.assessment.editions.size());
  EXPECT_EQ(scanned.assessment.editions[0].code, written.assessment.editions[0].code);
  EXPECT_EQ(scanned.assessment.given.size(), written.assessment.given.size());
}

TEST(RecordScan, GivesWhatTheRecordHoldsButForMapsAndPictures) {
  const TempDir folder;
  const auto written = testing::example_record();
  testing::write_example(folder / "a.h5", written);
  std::vector<CellRow> cells;
  const auto scanned = scan_record(
      folder / "a.h5", [&](const SlideReport& report, const std::vector<CellRow>& some) {
        EXPECT_EQ(report.slide.id, written.report.slide.id);
        cells.insert(cells.end(), some.begin(), some.end());
      });
  expect_scanned(scanned, written.report);
  ASSERT_EQ(cells.size(), written.cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    EXPECT_EQ(cells[i].centre.x, written.cells[i].centre.x);
    EXPECT_EQ(cells[i].class_index, written.cells[i].class_index);
    EXPECT_EQ(cells[i].probability, written.cells[i].probability);
    EXPECT_TRUE(cells[i].map.empty());
  }
}

TEST(RecordScan, OfManyIsAsOfEachAlone) {
  const TempDir folder;
  const auto one = testing::example_record(), other = shorter_example();
  testing::write_example(folder / "a.h5", one);
  testing::write_example(folder / "b.h5", other);
  RecordSeries series;
  for (int round = 0; round < 2; ++round) {
    for (const auto* record : {&one, &other}) {
      const auto path = folder / (record == &one ? "a.h5" : "b.h5");
      std::size_t cells = 0;
      expect_scanned(
          scan_record(
              path, [&](const SlideReport&, const auto& some) { cells += some.size(); }, &series),
          record->report);
      EXPECT_EQ(cells, record->cells.size());
      EXPECT_EQ(read_origin(path, &series).slide.id, record->report.slide.id);
    }
  }
}

TEST(RecordScan, ADamagedOneAmongManyIsRefusedAndTheNextIsRead) {
  const TempDir folder;
  const auto example = testing::example_record();
  testing::write_example(folder / "a.h5", example);
  testing::write_example(folder / "cut.h5", example);
  fs::resize_file(folder / "cut.h5", fs::file_size(folder / "cut.h5") * 2 / 3);
  RecordSeries series;
  (void)scan_record(folder / "a.h5", {}, &series);
  EXPECT_THROW((void)scan_record(folder / "cut.h5", {}, &series), StorageError);
  expect_scanned(scan_record(folder / "a.h5", {}, &series), example.report);
}

TEST(RecordScan, OriginSaysWhatARecordWasMadeOf) {
  const TempDir folder;
  const auto example = testing::example_record();
  testing::write_example(folder / "a.h5", example);
  const auto origin = read_origin(folder / "a.h5");
  EXPECT_EQ(origin.status, example.report.status);
  EXPECT_EQ(origin.model.sha256, example.report.model.sha256);
  EXPECT_EQ(origin.run.config_toml, example.report.run.config_toml);
  EXPECT_EQ(origin.case_id, example.report.case_id);
  EXPECT_TRUE(origin.differential.empty());
}

TEST(SlideKind, IsToldByTheFirstBytes) {
  const TempDir folder;
  write_png(Image(8, 8), folder / "named.svs");
  std::ofstream(folder / "text.png") << "no picture";
  std::ofstream(folder / "empty") << "";
  write_pyramid(folder / "slide", {.size = {64, 48}, .mpp = {0.25, 0.25}, .tile = 16},
                [](const Level0Rect&, Image&) {});
  EXPECT_EQ(slide_kind(folder / "named.svs"), SlideKind::picture);
  EXPECT_EQ(slide_kind(folder / "text.png"), SlideKind::none);
  EXPECT_EQ(slide_kind(folder / "empty"), SlideKind::none);
  EXPECT_EQ(slide_kind(folder / "slide"), SlideKind::slide);
  EXPECT_EQ(slide_kind(folder.path()), SlideKind::none);
  EXPECT_EQ(slide_kind(folder / "absent"), SlideKind::none);
}

TEST(SlideKind, ANameOfASlideIsKnownInAnyLetterCase) {
  EXPECT_TRUE(is_named_as_slide("A.SVS"));
  EXPECT_FALSE(is_named_as_slide("svs.csv"));
}

TEST(Thumbnail, IsNoLargerThanAskedAndKeepsItsShape) {
  const TempDir folder;
  const auto small = jpeg_thumbnail(encode_jpeg(Image(400, 200, {200, 100, 50}), 90), 96);
  std::ofstream(folder / "small.jpg", std::ios::binary)
      .write(reinterpret_cast<const char*>(small.data()),
             static_cast<std::streamsize>(small.size()));
  const auto image = read_image(folder / "small.jpg");
  EXPECT_EQ(image.width(), 96);
  EXPECT_EQ(image.height(), 48);
}

TEST(Thumbnail, OfWhatIsNoJpegIsNone) {
  EXPECT_TRUE(jpeg_thumbnail({}, 96).empty());
  EXPECT_TRUE(jpeg_thumbnail(std::vector<std::uint8_t>{1, 2, 3}, 96).empty());
}

TEST(GzipFile, GivesTheTextBackAndHoldsNoTime) {
  const TempDir folder;
  for (const auto* name : {"a.gz", "b.gz"}) {
    GzipFile file(folder / name);
    file.write("one,two\n");
    file.write(std::string(100'000, 'x'));
    file.close();
  }
  const auto plain = (folder / "plain").string();
  ASSERT_EQ(
      std::system(("gzip -dc '" + (folder / "a.gz").string() + "' > '" + plain + "'").c_str()), 0);
  EXPECT_EQ(fs::file_size(plain), 100'008U);
  const auto bytes = [&](const char* name) {
    std::ifstream file(folder / name, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  EXPECT_EQ(bytes("a.gz"), bytes("b.gz"));
}

TEST(GzipFile, OnAFullDiskIsAnError) {
  const auto fill = [] {
    GzipFile file("/dev/full");
    file.write("text");
    file.close();
  };
  EXPECT_THROW(fill(), StorageError);
}

}  // namespace
}  // namespace cytocape
