/// What a file leaves out, never got, or holds beside what is read: told apart from glass, and
/// said.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/errors.hpp"
#include "io/further_frames.hpp"
#include "io/image_codec.hpp"
#include "io/zero_tiles.hpp"
#include "tests/io/dicom_samples.hpp"
#include "tests/io/tiled_slide.hpp"
#include "tests/support/file_text.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// Five by four tiles of waves, of which some are black.
Image with_black_tiles(const std::set<std::int64_t>& black) {
  auto picture = testing::waves(5 * 64, 4 * 64);
  for (const auto tile : black) {
    paste(Image(64, 64, {0, 0, 0}), picture, tile % 5 * 64, tile / 5 * 64);
  }
  return picture;
}

struct Black {
  const char* name;
  std::set<std::int64_t> tiles;
  std::set<std::int64_t> damaged;  ///< of these
  bool cut = false;                ///< the file ends in zeros
};

void PrintTo(const Black& black, std::ostream* out) {
  *out << black.name;
}

const Black kBlack[] = {
    {"AmongPictures", {7}, {7}},
    {"AtAnEdge", {2, 9}, {2, 9}},
    {"InACorner", {0, 1, 5}, {}},
    {"BorderAndHole", {15, 16, 17, 18, 19, 7}, {7}},
    {"LastsToTheEndOfTheFile", {18, 19}, {18, 19}, true},
};

class BlackTiles : public ::testing::TestWithParam<Black> {
 protected:
  /// "" where it is read.
  static std::string said_of(const Slide& slide, std::int64_t tile) {
    try {
      (void)slide.read(0, {tile % 5 * 64, tile / 5 * 64, 64, 64});
      return "";
    } catch (const SlideError& error) {
      return error.what();
    }
  }
  void expect_damage(const Slide& slide) const {
    for (std::int64_t tile = 0; tile < 20; ++tile) {
      if (GetParam().damaged.contains(tile))
        EXPECT_THAT(said_of(slide, tile), HasSubstr("all of its bytes are 0")) << tile;
      else
        EXPECT_EQ(said_of(slide, tile), "") << tile;
    }
  }
  testing::TempDir folder_;
};

TEST_P(BlackTiles, OfUncompressedTiffAreDamagedUnlessTheyAreABorder) {
  const testing::TiledKind kind{.jpeg = false, .colours = {}};
  auto bytes = testing::make_tiled({{with_black_tiles(GetParam().tiles), {}, {}}}, kind).bytes;
  if (GetParam().cut) bytes += std::string(8192, '\0');
  const auto path = testing::write_bytes(folder_ / "a.tif", bytes);
  expect_damage(*Slide::open(path, {.reader = "tiff"}));
}

TEST_P(BlackTiles, OfUncompressedDicomAreDamagedUnlessTheyAreABorder) {
  if (GetParam().cut) GTEST_SKIP() << "a DICOM file tells where its frames end";
  testing::DicomSpec spec;
  spec.tile = {64, 64};
  expect_damage(*Slide::open(
      testing::write_dicom(folder_ / "a.dcm", spec, with_black_tiles(GetParam().tiles))));
}

TEST_P(BlackTiles, OfJpegAreBlack) {
  const auto made = testing::make_tiled({{with_black_tiles(GetParam().tiles), {}, {}}}, {});
  const auto slide = Slide::open(testing::write_bytes(folder_ / "a.tif", made.bytes));
  for (std::int64_t tile = 0; tile < 20; ++tile) EXPECT_EQ(said_of(*slide, tile), "");
}

INSTANTIATE_TEST_SUITE_P(Lie, BlackTiles, ::testing::ValuesIn(kBlack),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(LeftOut, IsWhatNeitherALevelNorAFinerOneHolds) {
  const testing::TempDir folder;
  const auto made = testing::make_tiled({{testing::waves(320, 256), {0, 1, 5, 6}, {{274, {3}}}},
                                         {testing::waves(160, 128, 2), {0, 1}, {{274, {3}}}}},
                                        {});
  const auto slide = Slide::open(testing::write_bytes(folder / "a.tif", made.bytes));
  // The file is turned by half: its first tiles are the last ones of the picture.
  const auto at = [](std::int64_t x, std::int64_t y) { return LevelRect{x, y, 10, 10}; };
  EXPECT_TRUE(slide->is_left_out(0, at(310, 246)));
  EXPECT_TRUE(slide->is_left_out(0, {192, 128, 128, 128}));
  EXPECT_FALSE(slide->is_left_out(0, {191, 128, 128, 128}));
  EXPECT_FALSE(slide->is_left_out(0, at(0, 0)));
  EXPECT_TRUE(slide->is_left_out(1, {96, 64, 64, 64}));
  EXPECT_FALSE(slide->is_left_out(1, {32, 64, 64, 64}));
  EXPECT_TRUE(slide->is_left_out(0, at(1000, 0)));
}

TEST(CopiesOfADicomFile, AreReadFromTheWholeOneWhicheverIsNamedFirst) {
  for (const bool cut_first : {true, false}) {
    SCOPED_TRACE(cut_first);
    const testing::TempDir folder;
    const auto whole =
        testing::write_dicom(folder / (cut_first ? "b" : "a"), testing::dicom_kind("Jpeg422"));
    const auto bytes = testing::text_of(whole);
    testing::write_bytes(folder / (cut_first ? "a" : "b"), bytes.substr(0, bytes.size() / 2));
    const auto slide = Slide::open(folder / "a");
    const auto& size = slide->info().levels.front().size;
    EXPECT_NO_THROW((void)slide->read(0, {0, 0, size.width, size.height}));
    EXPECT_THAT(slide->info().notices,
                ElementsAre(AllOf(HasSubstr("was cut short"), HasSubstr("read instead"))));
  }
}

std::string big_endian(std::uint32_t value, int bytes = 4) {
  std::string out;
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> 8 * i);
  return out;
}

TEST(FurtherFrames, OfPngAndJpegAreSaid) {
  const testing::TempDir folder;
  const auto pixels = testing::waves(40, 30);
  const auto text = [](const std::vector<std::uint8_t>& bytes) {
    return std::string(bytes.begin(), bytes.end());
  };
  const auto png = text(encode_png(pixels));
  const auto jpeg = text(encode_jpeg(pixels, 90));
  // IHDR ends at byte 33. The checksum is libpng's to know, which passes over chunks of others.
  const auto animated = png.substr(0, 33) + big_endian(8) + "acTL" + big_endian(3) + big_endian(0) +
                        big_endian(0x12345678) + png.substr(33);
  const std::string directory = "MM" + big_endian(42, 2) + big_endian(8) + big_endian(1, 2) +
                                big_endian(0xB001, 2) + big_endian(4, 2) + big_endian(1) +
                                big_endian(2) + big_endian(0);
  const auto several = jpeg.substr(0, 2) + "\xff\xe2" +
                       big_endian(static_cast<std::uint32_t>(directory.size()) + 6, 2) +
                       std::string("MPF\0", 4) + directory + jpeg.substr(2);
  const auto frames = [&](const std::string& bytes) {
    return stated_frames(testing::write_bytes(folder / "a", bytes));
  };
  EXPECT_EQ(frames(png), 1U);
  EXPECT_EQ(frames(jpeg), 1U);
  EXPECT_EQ(frames(animated), 3U);
  EXPECT_EQ(frames(several), 2U);
  EXPECT_EQ(frames(several.substr(0, 20)), 1U);
  const auto path = testing::write_bytes(folder / "a.jpg", several);
  EXPECT_THAT(Slide::open(path, {.mpp = Mpp{0.25, 0.25}})->info().notices,
              ElementsAre(HasSubstr("The file holds 2 pictures")));
}

}  // namespace
}  // namespace cytocape
