/// Tiles whose JPEG data say that their colours are others than their page's tag 262 says, or than
/// the tiles around them: read one way, said, or named as damaged, and never mixed in silence.

#include "io/jpeg_colours.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/errors.hpp"
#include "tests/io/tiled_slide.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

using testing::JpegKind;

constexpr JpegKind kMarkedYCbCr{.name = "YCbCr by JFIF", .marked = true};
constexpr JpegKind kMarkedRgb{
    .name = "RGB by Adobe", .ycbcr = false, .across = 1, .along = 1, .marked = true};
constexpr JpegKind kBareYCbCr{.name = "YCbCr unsaid"};
constexpr JpegKind kBareRgb{
    .name = "RGB unsaid", .ycbcr = false, .across = 1, .along = 1, .named = false};
constexpr JpegKind kNamedRgb{.name = "RGB by name", .ycbcr = false, .across = 1, .along = 1};
constexpr JpegKind kRgbByTables{.name = "RGB by its tables",
                                .ycbcr = false,
                                .across = 1,
                                .along = 1,
                                .tables = true,
                                .tables_marked = true,
                                .named = false};
constexpr JpegKind kFullYCbCr{.name = "YCbCr unsaid, all samples", .across = 1, .along = 1};
constexpr std::uint64_t kTagRgb = 2;
constexpr std::uint64_t kTagYCbCr = 6;
constexpr std::uint64_t kOddTile = 5;

struct Colours {
  const char* name;
  std::uint64_t tag;
  JpegKind tiles;
  JpegKind odd;  ///< tile kOddTile
  /// What opening says of the tag; empty where all agree.
  const char* notice = "";
  /// Of the odd tile; empty where it is read as the others.
  const char* damage = "";
  bool mixed = false;  ///< opening says that tiles differ
};

void PrintTo(const Colours& colours, std::ostream* out) {
  *out << colours.name;
}

constexpr Colours kColours[] = {
    // As Aperio writes them, and libtiff.
    {"RgbUnsaid", kTagRgb, kBareRgb, kBareRgb},
    {"YCbCrUnsaid", kTagYCbCr, kBareYCbCr, kBareYCbCr},
    {"RgbSaid", kTagRgb, kMarkedRgb, kMarkedRgb},
    {"YCbCrSaid", kTagYCbCr, kMarkedYCbCr, kMarkedYCbCr},
    {"YCbCrSaidAndUnsaid", kTagYCbCr, kMarkedYCbCr, kBareYCbCr},
    {"RgbUnsaidAndSaid", kTagRgb, kBareRgb, kMarkedRgb},
    // As Bio-Formats wrote them.
    {"AllYCbCrUnderRgb", kTagRgb, kMarkedYCbCr, kMarkedYCbCr,
     "tag 262 says that its colours are RGB, and its JPEG data that they are YCbCr"},
    {"AllRgbUnderYCbCr", kTagYCbCr, kMarkedRgb, kMarkedRgb,
     "tag 262 says that its colours are YCbCr, and its JPEG data that they are RGB"},
    {"AllNamedRgbUnderYCbCr", kTagYCbCr, kNamedRgb, kMarkedRgb,
     "tag 262 says that its colours are YCbCr, and its JPEG data that they are RGB"},
    {"AllRgbByTheirTablesUnderYCbCr", kTagYCbCr, kRgbByTables, kRgbByTables,
     "tag 262 says that its colours are YCbCr, and its JPEG data that they are RGB"},
    // No RGB has fewer samples of green and blue.
    {"AllSubsampledUnderRgb", kTagRgb, kBareYCbCr, kBareYCbCr,
     "tag 262 says that its colours are RGB, and its JPEG data that they are YCbCr"},
    {"YCbCrUnsaidAndFull", kTagYCbCr, kFullYCbCr, kBareYCbCr},
    {"OneRgbAmongYCbCr", kTagYCbCr, kMarkedYCbCr, kMarkedRgb, "",
     "its picture is RGB where those around it are YCbCr", true},
    {"OneRgbAmongUnsaid", kTagYCbCr, kBareYCbCr, kMarkedRgb, "",
     "its picture is RGB where those around it are YCbCr", true},
    {"OneYCbCrAmongRgbUnsaid", kTagRgb, kBareRgb, kMarkedYCbCr, "",
     "its picture is YCbCr where those around it are RGB"},
};

class JpegColoursOf : public ::testing::TestWithParam<Colours> {
 protected:
  static constexpr LevelRect kOdd{64, 64, 64, 64};  ///< of four tiles a row, the sixth
  [[nodiscard]] testing::TiledSlide made() const {
    return testing::make_tiled(
        {{testing::waves(250, 190), {}, {{262, {GetParam().tag}}}, {{kOddTile, GetParam().odd}}}},
        {.colours = GetParam().tiles});
  }
  [[nodiscard]] std::unique_ptr<Slide> open(const char* reader) const {
    return Slide::open(path_, {.reader = reader});
  }
  testing::TempDir folder_;
  testing::TiledSlide made_ = made();
  std::filesystem::path path_ = testing::write_bytes(folder_ / "a.tif", made_.bytes);
};

TEST_P(JpegColoursOf, AreReadAsTheTilesSayOrTheTileIsNamed) {
  const auto slide = open("tiff");
  const auto& notices = slide->info().notices;
  const std::string notice = GetParam().notice;
  if (GetParam().mixed) {
    EXPECT_THAT(notices, ElementsAre(HasSubstr("RGB and others that they are YCbCr")));
  } else if (notice.empty()) {
    EXPECT_THAT(notices, IsEmpty());
  } else {
    EXPECT_THAT(notices, ElementsAre(HasSubstr(notice)));
  }
  const std::string damage = GetParam().damage;
  const auto expected = testing::crop(made_.expected[0], kOdd);
  if (damage.empty()) {
    EXPECT_EQ(slide->read(0, kOdd), expected);
  } else {
    for (const int shrink : {1, 4}) {
      const LevelRect rect{kOdd.x / shrink, kOdd.y / shrink, 64 / shrink, 64 / shrink};
      const auto read = [&] { (void)slide->read_reduced(0, shrink, rect); };
      EXPECT_THAT(read, ::testing::ThrowsMessage<SlideError>(
                            AllOf(HasSubstr("damaged tile (1, 1)"), HasSubstr(damage))));
    }
  }
  const LevelRect beside{0, 0, 64, 64};
  EXPECT_EQ(slide->read(0, beside), testing::crop(made_.expected[0], beside));
}

/// OpenSlide goes by the tag alone.
TEST(JpegColours, OfADamagedTileAreNoVote) {
  const testing::TempDir folder;
  auto made = testing::make_tiled({{testing::waves(250, 190), {}, {{262, {kTagYCbCr}}}, {}}},
                                  {.colours = kMarkedRgb});
  const auto last = made.bytes.rfind("\xff\xd8\xff");
  ASSERT_NE(last, std::string::npos);
  made.bytes.replace(last + 2, 8, std::string(8, '\0'));
  const auto slide =
      Slide::open(testing::write_bytes(folder / "a.tif", made.bytes), {.reader = "tiff"});
  const LevelRect sound{64, 64, 64, 64};
  EXPECT_EQ(slide->read(0, sound), testing::crop(made.expected[0], sound));
}

TEST_P(JpegColoursOf, AreNotReadByOpenSlideWhereItWouldGetThemWrong) {
  std::string said;
  try {
    said = open("openslide")->read(0, kOdd) == testing::crop(made_.expected[0], kOdd) ? "right"
                                                                                      : "wrong";
  } catch (const SlideError& error) {
    said = error.what();
  }
  const std::string notice = GetParam().notice;
  const bool odd = *GetParam().damage != '\0';
  if (!notice.empty()) {
    EXPECT_THAT(said, AllOf(HasSubstr(notice), HasSubstr("OpenSlide goes by the tag")));
  } else if (odd) {
    EXPECT_THAT(said, AllOf(HasSubstr("tile (1, 1): it says that its colours are"),
                            HasSubstr("and tag 262 that they are")));
  } else {
    EXPECT_EQ(said, "right");
  }
}

INSTANTIATE_TEST_SUITE_P(Each, JpegColoursOf, ::testing::ValuesIn(kColours),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace cytocape
