#include "io/tiff_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/errors.hpp"
#include "tests/io/tiff_writer.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using testing::entries_of;
using ::testing::HasSubstr;
using testing::TempDir;
using testing::TiffKind;
using testing::TiffWriter;
using testing::TiledPage;

/// "accepted", or what was said, without the file's name.
std::string refusal(const TiffWriter& writer) {
  const TempDir folder;
  const auto path = writer.write(folder / "a.tif");
  try {
    (void)TiffFile::open(path);
    return "accepted";
  } catch (const SlideError& error) {
    const std::string message = error.what();
    EXPECT_TRUE(message.starts_with(path.string() + ": ")) << message;
    EXPECT_THAT(message, HasSubstr("copy or export it again"));
    EXPECT_EQ(message.find('\n'), std::string::npos);
    return message.substr(path.string().size() + 2);
  }
}

std::string refusal(const TiledPage& page) {
  TiffWriter writer;
  writer.add_page(entries_of(page));
  return refusal(writer);
}

class EachKind : public ::testing::TestWithParam<TiffKind> {};

TEST_P(EachKind, OfTiffIsReadPageByPage) {
  const TempDir folder;
  TiffWriter writer(GetParam());
  const auto data = writer.add_data(std::string(300, 'x') + "tile");
  writer.add_page(
      entries_of({40, 20, 16, {data, data, data, data, data, data + 300}, {1, 2, 3, 4, 5, 4}}));
  writer.add_page({{256, {7}},
                   {257, {9}},
                   {258, {8}},
                   {259, {5}},
                   {277, {3}},
                   {278, {4}},
                   {273, {data, data, data}},
                   {279, {10, 11, 12}},
                   {347, {data}}});
  const auto file = TiffFile::open(writer.write(folder / "a.tif"));
  ASSERT_TRUE(file);
  ASSERT_EQ(file->pages().size(), 2U);
  const auto& tiled = file->pages()[0];
  EXPECT_EQ(tiled.size, (Size{40, 20}));
  EXPECT_EQ(tiled.tile, (Size{16, 16}));
  EXPECT_EQ(tiled.segments(), 6U);
  const auto last = file->segment(tiled, 5);
  EXPECT_EQ(last.offset, data + 300);
  const auto bytes = file->read(last);
  EXPECT_EQ(std::string(bytes.begin(), bytes.end()), "tile");
  const auto& strips = file->pages()[1];
  EXPECT_FALSE(strips.tiled());
  EXPECT_EQ(strips.compression, kTiffLzw);
  EXPECT_EQ(strips.samples, 3U);
  EXPECT_EQ(strips.segments(), 3U);
  EXPECT_EQ(file->segment(strips, 2).bytes, 12U);
}

TEST_P(EachKind, OfTiffThatLeadsInACircleIsRefused) {
  TiffWriter writer(GetParam());
  const auto first = writer.add_page(entries_of({}));
  writer.add_page(entries_of({}));
  writer.lead_to(first);
  EXPECT_THAT(refusal(writer), HasSubstr("lead in a circle"));
}

TEST_P(EachKind, OfTiffThatLeadsBeyondItsEndIsRefused) {
  TiffWriter writer(GetParam());
  writer.add_page(entries_of({}));
  writer.lead_to(std::uint64_t{1} << 30);
  EXPECT_THAT(refusal(writer), HasSubstr("at byte 1073741824, beyond the end"));
}

TEST_P(EachKind, OfTiffWithAnArrayBeyondItsEndIsRefused) {
  for (const std::uint64_t count : {30ULL, 100'000ULL, 4'000'000'000ULL}) {
    TiffWriter writer(GetParam());
    auto entries = entries_of({});
    entries[8] = {324, {100}, count};
    writer.add_page(entries);
    EXPECT_THAT(refusal(writer), HasSubstr("tag 324 of its directory"));
  }
}

TEST_P(EachKind, OfTiffThatIsCutInsideItsDirectoryIsRefused) {
  const TempDir folder;
  TiffWriter writer(GetParam());
  writer.add_page(entries_of({}));
  const auto path = writer.write(folder / "a.tif");
  fs::resize_file(path, writer.bytes().size() - 40);
  EXPECT_THROW((void)TiffFile::open(path), SlideError);
}

INSTANTIATE_TEST_SUITE_P(TiffFile, EachKind,
                         ::testing::Values(TiffKind{false, false}, TiffKind{true, false},
                                           TiffKind{false, true}, TiffKind{true, true}),
                         [](const auto& test) {
                           return std::string(test.param.big_tiff ? "Big" : "Classic") +
                                  (test.param.big_endian ? "BigEndian" : "LittleEndian");
                         });

TEST(TiffFile, OfAbsurdTilesIsRefused) {
  for (const std::uint64_t tile : {4097U, 20'000U, 23'200U, 1'000'000U, 2'147'483'647U}) {
    EXPECT_THAT(refusal({1000, 1000, tile, {8}, {1}}),
                HasSubstr("tiles of " + std::to_string(tile) + " x " + std::to_string(tile)));
  }
  EXPECT_THAT(refusal({16, 16, 0}), HasSubstr("tiles of 0 x 0"));
}

TEST(TiffFile, OfLargeTilesWithinTheLimitIsAccepted) {
  EXPECT_EQ(refusal({4096, 4096, 4096, {8}, {1}}), "accepted");
}

TEST(TiffFile, OfAnAbsurdSizeIsRefused) {
  EXPECT_THAT(refusal({1'000'001, 16, 4096, std::vector<std::uint64_t>(245, 8),
                       std::vector<std::uint64_t>(245, 1)}),
              HasSubstr("1000001 x 16 pixels has an implausible size"));
  EXPECT_THAT(refusal({0, 16}), HasSubstr("implausible size"));
}

TEST(TiffFile, ThatTellsOfFewerOrMoreTilesThanItHasIsRefused) {
  EXPECT_THAT(refusal({160, 160, 16, {8, 8}, {1, 1}}),
              HasSubstr("has 100 tiles but gives the place of 2"));
  EXPECT_THAT(refusal({16, 16, 16, {8, 8}, {1, 1}}),
              HasSubstr("gives the place of 2, so that its size is wrong"));
}

TEST(TiffFile, OfMoreTilesThanAnySlideHasIsRefusedBeforeTheirPlacesAreRead) {
  EXPECT_THAT(refusal({1'000'000, 1'000'000, 16, {8}, {1}}),
              HasSubstr("3906250000 tiles; at most 16777216 are allowed"));
}

/// A page with a directory inside, which is also the page after it: writers do not do that.
TEST_P(EachKind, OfTiffWhoseInnerDirectoryIsAPageAsWellIsRefused) {
  TiffWriter writer(GetParam());
  const auto first = writer.add_page(entries_of({}));
  auto entries = entries_of({});
  entries.push_back({330, {first}});
  writer.add_page(entries);
  EXPECT_THAT(refusal(writer), HasSubstr("lead in a circle"));
}

TEST(TiffFile, OfTooManyPagesIsRefused) {
  TiffWriter writer;
  for (std::size_t i = 0; i <= kMaxTiffPages; ++i) writer.add_page(entries_of({}));
  EXPECT_THAT(refusal(writer), HasSubstr("more than 4096 pages"));
}

TEST(TiffFile, OfTooManyEntriesIsRefused) {
  TiffWriter writer;
  writer.add_page(std::vector<testing::TiffEntry>(kMaxTiffEntries + 1, {65000, {1}}));
  EXPECT_THAT(refusal(writer), HasSubstr("1001 entries"));
}

/// OpenSlide would take memory for them.
TEST_P(EachKind, OfTiffWhoseTextClaimsMoreThanTheFileHoldsIsRefused) {
  for (const std::uint64_t tag : {270U, 305U, 65'000U}) {
    TiffWriter writer(GetParam());
    auto entries = entries_of({});
    entries.push_back({tag, {8}, 0xFA00000CU, 2});
    writer.add_page(entries);
    EXPECT_THAT(refusal(writer), HasSubstr("tag " + std::to_string(tag)));
  }
}

TEST(TiffFile, WithOddAndUnknownTagsIsAccepted) {
  TiffWriter writer;
  auto entries = entries_of({});
  entries.push_back({65'432, {1, 2, 3}});
  entries.push_back({270, {4'000'000'000}});
  entries.push_back({257, {99}});  // again: the first counts
  writer.add_page(entries);
  EXPECT_EQ(refusal(writer), "accepted");
}

TEST(TiffFile, WithoutTheOffsetOfTheNextDirectoryIsAccepted) {
  const TempDir folder;
  TiffWriter writer;
  writer.add_page(entries_of({}));
  const auto path = writer.write(folder / "a.tif");
  fs::resize_file(path, writer.bytes().size() - 4);
  EXPECT_EQ(TiffFile::open(path)->pages().size(), 1U);
}

TEST(TiffFile, IsNoneOfOtherBytes) {
  const TempDir folder;
  for (const char* bytes : {"", "II", "II\x2B", "MMMMMMMMMMMM", "\x89PNG\r\n\x1A\n...."}) {
    std::ofstream(folder / "a.tif", std::ios::binary) << bytes;
    EXPECT_EQ(TiffFile::open(folder / "a.tif"), nullptr) << bytes;
  }
}

TEST(TiffFile, TileBeyondTheEndIsRefusedWhenItIsAskedFor) {
  const TempDir folder;
  TiffWriter writer;
  writer.add_page(entries_of({32, 16, 16, {8, 8}, {1, 1'000'000}}));
  const auto file = TiffFile::open(writer.write(folder / "a.tif"));
  EXPECT_EQ(file->segment(file->pages()[0], 0).bytes, 1U);
  EXPECT_THROW((void)file->segment(file->pages()[0], 1), SlideError);
  EXPECT_THROW((void)file->segment(file->pages()[0], 2), SlideError);
}

TEST(TiffFile, CutWhileItIsOpenIsAnErrorAndNoSignal) {
  const TempDir folder;
  TiffWriter writer;
  const auto data = writer.add_data(std::string(100'000, 'x'));
  writer.add_page(entries_of({16, 16, 16, {data}, {100'000}}));
  const auto path = writer.write(folder / "a.tif");
  const auto file = TiffFile::open(path);
  const auto range = file->segment(file->pages()[0], 0);
  fs::resize_file(path, 50);
  EXPECT_THROW((void)file->read(range), SlideError);
}

TEST(TiffFile, OfSizesThatItCannotHoldIsRefusedBeforeMemoryIsTaken) {
  const TempDir folder;
  const auto room = [&](std::uint64_t edge, std::uint64_t compression) -> std::string {
    TiffWriter writer;
    writer.add_page({{256, {edge}},
                     {257, {edge}},
                     {258, {8}},
                     {259, {compression}},
                     {277, {1}},
                     {273, {8}},
                     {279, {1}}});
    const auto file = TiffFile::open(writer.write(folder / "a.tif"));
    try {
      file->require_room_for(file->pages()[0]);
      return "room";
    } catch (const SlideError& error) {
      return error.what();
    }
  };
  for (const auto compression :
       {kTiffUncompressed, kTiffLzw, kTiffJpeg, kTiffDeflate, kTiffPackBits, kTiffOldDeflate}) {
    EXPECT_THAT(room(31'000, compression), HasSubstr("it claims 31000 x 31000 pixels"));
    EXPECT_EQ(room(8, compression), "room");
  }
  EXPECT_THAT(room(100, kTiffUncompressed), HasSubstr("claims"));
  EXPECT_EQ(room(100, kTiffDeflate), "room");
  EXPECT_EQ(room(31'000, 50'001), "room");  // WebP: white takes a few bytes
}

}  // namespace
}  // namespace cytocape
