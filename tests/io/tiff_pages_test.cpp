/// Which of a TIFF file's pictures is read, what is said of the others, and with what pixel size:
/// in tiles and in strips, in either byte order.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "io/errors.hpp"
#include "io/slide_kind.hpp"
#include "io/slide_readers.hpp"
#include "tests/io/tiled_slide.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TempDir;
using testing::TiffEntry;

/// A page of one colour.
struct Page {
  int width = 128;
  int height = 64;
  std::uint8_t shade = 200;
  double mpp = 0;  ///< by its resolution tags; 0 for none
  bool reduced = false;
  bool grey = false;
  std::string text = {};
  std::uint64_t unit = 3;  ///< of the resolution: centimetres
  double pixels_a_unit = 0;
};

struct Layout {
  const char* name;
  bool tiled;
  bool big_endian;
};

void PrintTo(const Layout& layout, std::ostream* out) {
  *out << layout.name;
}

fs::path write(const fs::path& path, const std::vector<Page>& pages, const Layout& layout) {
  constexpr int kTile = 64;
  testing::TiffWriter writer({.big_endian = layout.big_endian});
  const auto number = [&](std::uint64_t value) {
    std::string out;
    for (int i = 0; i < 4; ++i)
      out += static_cast<char>(value >> 8 * (layout.big_endian ? 3 - i : i));
    return out;
  };
  for (const auto& page : pages) {
    const int samples = page.grey ? 1 : 3;
    const auto across = layout.tiled ? (page.width + kTile - 1) / kTile : 1;
    const auto along = layout.tiled ? (page.height + kTile - 1) / kTile : 1;
    const auto bytes = layout.tiled ? kTile * kTile * samples : page.width * page.height * samples;
    const std::string data(static_cast<std::size_t>(bytes), static_cast<char>(page.shade));
    std::vector<std::uint64_t> offsets, counts;
    for (int i = 0; i < across * along; ++i) {
      offsets.push_back(writer.add_data(data));
      counts.push_back(data.size());
    }
    std::vector<TiffEntry> entries{{254, {page.reduced ? 1U : 0U}},
                                   {256, {static_cast<std::uint64_t>(page.width)}},
                                   {257, {static_cast<std::uint64_t>(page.height)}},
                                   {258, {8}},
                                   {259, {1}},
                                   {262, {page.grey ? 1U : 2U}},
                                   {277, {static_cast<std::uint64_t>(samples)}},
                                   {284, {1}}};
    if (layout.tiled) {
      testing::add_tags(entries, {{322, {kTile}}, {323, {kTile}}, {324, offsets}, {325, counts}});
    } else {
      testing::add_tags(
          entries,
          {{273, offsets}, {278, {static_cast<std::uint64_t>(page.height)}}, {279, counts}});
    }
    if (page.mpp > 0 || page.pixels_a_unit > 0) {
      const double pixels = page.mpp > 0 ? 10'000 / page.mpp : page.pixels_a_unit;
      const auto at =
          writer.add_data(number(static_cast<std::uint64_t>(pixels * 100)) + number(100));
      testing::add_tags(entries, {{282, {at}, 1, 5}, {283, {at}, 1, 5}, {296, {page.unit}}});
    }
    if (!page.text.empty()) {
      const auto at = writer.add_data(page.text + '\0');
      testing::add_tags(entries, {{270, {at}, page.text.size() + 1, 2}});
    }
    writer.add_page(entries);
  }
  return writer.write(path);
}

class TiffPages : public ::testing::TestWithParam<Layout> {
 protected:
  [[nodiscard]] std::unique_ptr<Slide> open(const std::vector<Page>& pages,
                                            const SlideOptions& options = {}) const {
    return Slide::open(write(folder_ / "a.tif", pages, GetParam()), options);
  }
  [[nodiscard]] std::string refusal(const std::vector<Page>& pages,
                                    const SlideOptions& options = {}) const {
    try {
      (void)open(pages, options);
      return "accepted";
    } catch (const SlideError& error) {
      return error.what();
    }
  }
  TempDir folder_;
};

int shade_of(const Slide& slide, int level = 0) {
  return slide.read(level, {5, 5, 1, 1}).at(0, 0).r;
}

TEST_P(TiffPages, AreReadFromTheLargestWhateverTheirOrderWithItsOwnPixelSize) {
  const std::vector<Page> smallest_first{
      {32, 16, 10, 1.0, true}, {64, 32, 20, 0.5, true}, {128, 64, 30, 0.25}};
  const auto slide = open(smallest_first);
  EXPECT_EQ(slide->info().levels.front().size, (Size{128, 64}));
  EXPECT_EQ(slide->info().mpp, (Mpp{0.25, 0.25}));
  EXPECT_EQ(shade_of(*slide), 30);
  if (!GetParam().tiled) return;
  ASSERT_EQ(slide->info().levels.size(), 3U);
  EXPECT_EQ(shade_of(*slide, 1), 20);
}

TEST_P(TiffPages, ThatAreFurtherPlanesAreSaid) {
  const auto slide = open({{128, 64, 1, 0.25}, {128, 64, 2, 0.25}, {128, 64, 3, 0.25}});
  EXPECT_EQ(shade_of(*slide), 1);
  EXPECT_THAT(slide->info().notices,
              ElementsAre(AllOf(HasSubstr("Of 3 pictures of one size"), HasSubstr("page 1"))));
  EXPECT_THAT(open({{128, 64, 1, 0.25}, {64, 32, 2, 0, true}})->info().notices, IsEmpty());
}

TEST_P(TiffPages, ThatAreFurtherPlanesAreChosenByASetting) {
  const std::vector<Page> planes{
      {128, 64, 1, 0.25}, {64, 32, 11, 0.5, true}, {128, 64, 2, 0.25}, {64, 32, 22, 0.5, true}};
  EXPECT_EQ(shade_of(*open(planes)), 1);
  if (GetParam().tiled) {
    EXPECT_EQ(shade_of(*open(planes), 1), 11);
  }
  const auto second = open(planes, {.plane = 2});
  EXPECT_EQ(second->info().plane, 2);
  EXPECT_EQ(shade_of(*second), 2);
  EXPECT_THAT(second->info().notices, ElementsAre(HasSubstr("page 3")));
  if (GetParam().tiled) {
    EXPECT_EQ(shade_of(*second, 1), 22);
  }
  EXPECT_THAT(refusal(planes, {.plane = 3}), HasSubstr("slide.plane = 3: it has fewer"));
  EXPECT_THAT(refusal(planes, {.reader = "openslide", .plane = 2}),
              ::testing::AnyOf(HasSubstr("set slide.plane to 1"), HasSubstr("does not read it")));
}

TEST_P(TiffPages, ThatMayBeRedGreenAndBlueAreRefused) {
  Page grey{128, 64, 100, 0.25};
  grey.grey = true;
  EXPECT_THAT(refusal({grey, grey, grey}), HasSubstr("3 of its pages are grey and of one size"));
  EXPECT_EQ(refusal({grey}), "accepted");
}

TEST_P(TiffPages, ThatStateAPixelSizeTheirNumberOfPixelsContradictsAreNoLevels) {
  if (!GetParam().tiled) GTEST_SKIP() << "strips have no levels";
  const auto slide = open({{128, 64, 1, 0.25}, {64, 32, 2, 0.7, true}, {32, 16, 3, 1.0, true}});
  ASSERT_EQ(slide->info().levels.size(), 2U);
  EXPECT_EQ(shade_of(*slide, 1), 3);
  EXPECT_THAT(slide->info().remarks, ElementsAre(HasSubstr("page 2 of 64 x 32 pixels")));
  // Writers that copy the finest's resolution to each page say nothing by it.
  EXPECT_EQ(open({{128, 64, 1, 0.25}, {64, 32, 2, 0.25, true}})->info().levels.size(), 2U);
}

TEST_P(TiffPages, TellTheirPixelSizeInCentimetresAndInches) {
  EXPECT_EQ(open({{128, 64, 1, 0.5}})->info().mpp, (Mpp{0.5, 0.5}));
  Page inches;
  inches.unit = 2;
  inches.pixels_a_unit = 101'600;
  EXPECT_EQ(open({inches})->info().mpp, (Mpp{0.25, 0.25}));
  EXPECT_EQ(open({inches})->info().mpp_source, MppSource::resolution_tag);
  inches.pixels_a_unit = 72;
  EXPECT_THAT(refusal({inches}), HasSubstr("from the TIFF resolution tags (inch) is outside"));
  inches.unit = 1;
  EXPECT_THAT(refusal({inches}), HasSubstr("does not state its pixel size"));
}

TEST_P(TiffPages, TellTheirPixelSizeInOmesAndImageJsTexts) {
  Page page;
  page.text =
      "<OME><Image><Pixels SizeX=\"128\" SizeY=\"64\" PhysicalSizeX=\"250\" "
      "PhysicalSizeXUnit=\"nm\" PhysicalSizeY=\"0.0003\" PhysicalSizeYUnit=\"mm\"/></OME>";
  const auto ome = open({page});
  EXPECT_NEAR(ome->info().mpp.x, 0.25, 1e-9);
  EXPECT_NEAR(ome->info().mpp.y, 0.3, 1e-9);
  EXPECT_EQ(ome->info().mpp_source, MppSource::slide_property);
  auto other = page;
  other.mpp = 0.3;
  EXPECT_THAT(refusal({other}), AllOf(HasSubstr("0.25 x 0.3 um"), HasSubstr("0.3 x 0.3 um"),
                                      HasSubstr("--set slide.mpp=")));
  page.text = "ImageJ=1.53t\nunit=micron\nmin=0.0\n";
  page.unit = 1;
  page.pixels_a_unit = 4;
  EXPECT_EQ(open({page})->info().mpp, (Mpp{0.25, 0.25}));
  page.text = "ImageJ=1.53t\nunit=pixel\n";
  EXPECT_THAT(refusal({page}), HasSubstr("does not state its pixel size"));
}

/// OME-XML of pictures of these edges and microns a pixel.
std::string ome_of(const std::vector<std::array<const char*, 3>>& pictures) {
  std::string text = "<OME>";
  for (const auto& [width, height, um] : pictures)
    text += fmt::format(
        R"(<Image><Pixels SizeX="{}" SizeY="{}" PhysicalSizeX="{}" PhysicalSizeY="{}"/></Image>)",
        width, height, um, um);
  return text + "</OME>";
}

TEST_P(TiffPages, WhoseOmeXmlTellsOfAnotherPictureAreRefusedWithoutAPixelSizeOfTheUsers) {
  Page page;
  page.text = ome_of({{"64", "32", "0.5"}});
  EXPECT_THAT(refusal({page}), AllOf(HasSubstr("of 64 x 32 pixels, and this one has 128 x 64"),
                                     HasSubstr("--set slide.mpp=")));
  EXPECT_EQ(slide_kind(folder_ / "a.tif"), SlideKind::slide);
  EXPECT_EQ(open({page}, {.mpp = Mpp{0.25, 0.25}})->info().mpp, (Mpp{0.25, 0.25}));
  page.text = ome_of({{"128", "64", "0.5"}, {"128", "64", "0.25"}});
  EXPECT_THAT(refusal({page}), HasSubstr("several pictures of 128 x 64 pixels"));
  page.text = ome_of({{"128", "64", "0.5"}, {"128", "64", "0.5"}});
  EXPECT_EQ(refusal({page}), "accepted");
}

TEST_P(TiffPages, OfSeveralSeriesAreReadWithThePixelSizeOfTheirOwnAndTheOthersAreSaid) {
  Page small{64, 32, 1};
  small.text =
      "<OME><Image><Pixels SizeX=\"64\" SizeY=\"32\" PhysicalSizeX=\"0.5\" PhysicalSizeY=\"0.5\"/>"
      "</Image><Image><Pixels SizeX=\"128\" SizeY=\"64\" PhysicalSizeX=\"0.25\" "
      "PhysicalSizeY=\"0.25\"/></Image></OME>";
  const auto slide = open({small, {128, 64, 2}});
  EXPECT_EQ(shade_of(*slide), 2);
  EXPECT_EQ(slide->info().mpp, (Mpp{0.25, 0.25}));
  EXPECT_THAT(slide->info().notices, ElementsAre(HasSubstr("1 more picture (OME series)")));
}

TEST_P(TiffPages, OfASetOfFilesAreReadWithThePixelSizeOfTheirOwnFile) {
  const auto image = [](const char* um, const char* file) {
    return fmt::format(
        "<OME:Image><OME:Pixels SizeX=\"128\" SizeY=\"64\" PhysicalSizeX=\"{0}\" "
        "PhysicalSizeY=\"{0}\"><OME:TiffData IFD=\"0\"><OME:UUID FileName=\"{1}\"/>"
        "</OME:TiffData></OME:Pixels></OME:Image>",
        um, file);
  };
  Page page{128, 64, 1};
  page.text = "<OME:OME>" + image("0.5", "other.tif") + image("0.25", "a.tif") + "</OME:OME>";
  EXPECT_EQ(open({page})->info().mpp, (Mpp{0.25, 0.25}));
}

TEST_P(TiffPages, ThatMayBeFurtherScannedRegionsAreSaid) {
  const auto notices = [&](const Page& second) {
    return open({{128, 64, 1, 0.25}, second})->info().notices;
  };
  EXPECT_THAT(notices({100, 60, 2, 0.25}),
              ElementsAre(AllOf(HasSubstr("1 more picture"), HasSubstr("page 2 of 100 x 60"),
                                HasSubstr("are not counted"))));
  EXPECT_THAT(notices({60, 60, 2}), ElementsAre(HasSubstr("page 2 of 60 x 60")));
  // An overview, a level of a writer that does not mark it, a page that is marked, a mask.
  EXPECT_THAT(notices({40, 40, 2}), IsEmpty());
  EXPECT_THAT(notices({64, 32, 2}), IsEmpty());
  EXPECT_THAT(notices({100, 60, 2, 0, true}), IsEmpty());
  EXPECT_THAT(notices({100, 60, 2, 0, false, true}), IsEmpty());
}

TEST_P(TiffPages, WhosePixelSizeTheUserOverrulesSaySo) {
  const auto overruled = open({{128, 64, 1, 0.25}}, {.mpp = Mpp{0.25, 0.26}});
  EXPECT_EQ(overruled->info().mpp, (Mpp{0.25, 0.26}));
  EXPECT_THAT(overruled->info().notices,
              ElementsAre(AllOf(HasSubstr("0.25 x 0.26 um is the user's"),
                                HasSubstr("say 0.25 x 0.25 um"))));
  EXPECT_THAT(open({{128, 64, 1, 0.25}}, {.mpp = Mpp{0.251, 0.25}})->info().notices, IsEmpty());
  EXPECT_THAT(open({{128, 64, 1}}, {.mpp = Mpp{0.5, 0.5}})->info().notices, IsEmpty());
}

TEST_P(TiffPages, ThatTellTheirPixelSizeAreSlidesOfAFolder) {
  const auto kind = [&](double mpp) {
    return slide_kind(write(folder_ / "a.tif", {{128, 64, 1, mpp}}, GetParam()));
  };
  EXPECT_EQ(kind(0.25), SlideKind::slide);
  EXPECT_EQ(kind(350), GetParam().tiled ? SlideKind::slide : SlideKind::picture);
}

INSTANTIATE_TEST_SUITE_P(In, TiffPages,
                         ::testing::Values(Layout{"Tiles", true, false},
                                           Layout{"TilesBigEndian", true, true},
                                           Layout{"Strips", false, false},
                                           Layout{"StripsBigEndian", false, true}),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(TiffPagesOfBothKinds, AreReadFromTheLargestThoughItIsInStrips) {
  const TempDir folder;
  testing::TiffWriter writer;
  const auto tile = writer.add_data(std::string(64 * 64 * 3, '\t'));
  const auto strip = writer.add_data(std::string(128 * 64 * 3, '\x50'));
  writer.add_page({{256, {64}},
                   {257, {32}},
                   {258, {8}},
                   {259, {1}},
                   {262, {2}},
                   {277, {3}},
                   {322, {64}},
                   {323, {64}},
                   {324, {tile}},
                   {325, {64 * 64 * 3}}});
  writer.add_page({{256, {128}},
                   {257, {64}},
                   {258, {8}},
                   {259, {1}},
                   {262, {2}},
                   {273, {strip}},
                   {277, {3}},
                   {278, {64}},
                   {279, {128 * 64 * 3}}});
  const auto path = writer.write(folder / "a.tif");
  const auto slide = Slide::open(path, {.mpp = Mpp{0.25, 0.25}});
  EXPECT_EQ(slide->info().levels.front().size, (Size{128, 64}));
  EXPECT_EQ(shade_of(*slide), 0x50);
  EXPECT_THROW((void)Slide::open(path, {.mpp = Mpp{0.25, 0.25}, .reader = "tiff"}), SlideError);
  EXPECT_THROW((void)Slide::open(path, {.mpp = Mpp{0.25, 0.25}, .reader = "openslide"}),
               SlideError);
}

}  // namespace
}  // namespace cytocape
