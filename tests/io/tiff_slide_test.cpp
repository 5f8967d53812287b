#include "io/tiff_slide.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <random>
#include <thread>

#include "io/errors.hpp"
#include "io/image_codec.hpp"
#include "io/slide_kind.hpp"
#include "tests/io/tiled_slide.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/test_data.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using testing::crop;
using testing::data_folder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::JpegKind;
using testing::make_tiled;
using testing::TempDir;
using testing::TiledKind;
using testing::TiledLevel;
using testing::waves;
using testing::write_bytes;

const SlideOptions kByTiff{.mpp = Mpp{0.25, 0.5}, .reader = "tiff"};

Image whole_level(const Slide& slide, int level) {
  const auto& size = slide.info().levels.at(static_cast<std::size_t>(level)).size;
  return slide.read(level, {0, 0, size.width, size.height});
}

std::vector<TiledLevel> pyramid() {
  return {{waves(300, 200), {}, {}}, {waves(150, 100, 2), {}, {}}, {waves(75, 50, 4), {}, {}}};
}

std::string why_unreadable(const Slide& slide, int level, const LevelRect& rect) {
  try {
    (void)slide.read(level, rect);
    return "read";
  } catch (const SlideError& error) {
    return error.what();
  }
}

std::string refusal(const fs::path& path, const SlideOptions& options = {}) {
  try {
    (void)Slide::open(path, options);
    return "accepted";
  } catch (const SlideError& error) {
    return error.what();
  }
}

struct Made {
  std::string name;
  TiledKind kind;
};

void PrintTo(const Made& made, std::ostream* out) {
  *out << made.name;
}

class TiffSlideOf : public ::testing::TestWithParam<Made> {
 protected:
  TempDir folder_;
  testing::TiledSlide made_ = make_tiled(pyramid(), GetParam().kind);
  fs::path path_ = write_bytes(folder_ / "a.tif", made_.bytes);
};

TEST_P(TiffSlideOf, HasThePixelsOfLibjpegTurboBitForBit) {
  const auto slide = Slide::open(path_, kByTiff);
  ASSERT_EQ(slide->info().levels.size(), 3U);
  for (int level = 0; level < 3; ++level) {
    EXPECT_EQ(whole_level(*slide, level), made_.expected[static_cast<std::size_t>(level)]);
  }
}

TEST_P(TiffSlideOf, HasWhereverAReadBeginsThePixelsOfTheWhole) {
  const auto slide = Slide::open(path_, kByTiff);
  const auto& whole = made_.expected[0];
  std::mt19937 random(5);
  const auto below = [&](int limit) {
    return static_cast<int>(random() % static_cast<unsigned>(limit));
  };
  for (int i = 0; i < 60; ++i) {
    const int x = below(300);
    const int y = below(200);
    const LevelRect rect{x, y, 1 + below(300 - x), 1 + below(200 - y)};
    ASSERT_EQ(slide->read(0, rect), crop(whole, rect)) << x << "," << y;
  }
  const LevelRect tiles{64, 64, 128, 64};
  EXPECT_EQ(slide->read(0, tiles), crop(whole, tiles));
}

TEST_P(TiffSlideOf, IsWhatOpenSlideReads) {
  const auto direct = Slide::open(path_, kByTiff);
  const bool unknown = GetParam().kind.kind.big_endian && !GetParam().kind.kind.big_tiff;
  if (unknown) GTEST_SKIP() << "OpenSlide 3.4 knows no classic big-endian TIFF in tiles";
  const auto other = Slide::open(path_, {.mpp = Mpp{0.25, 0.5}, .reader = "openslide"});
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(direct->info().levels[i].size, other->info().levels[i].size);
    EXPECT_EQ(direct->info().levels[i].tile, other->info().levels[i].tile);
    EXPECT_EQ(direct->info().levels[i].downsample, other->info().levels[i].downsample);
    // OpenSlide shifts a level that is lower than a tile where libtiff makes its pixels.
    if (direct->info().levels[i].size.height < GetParam().kind.tile) continue;
    EXPECT_EQ(whole_level(*direct, static_cast<int>(i)), whole_level(*other, static_cast<int>(i)));
  }
}

std::vector<Made> all_kinds() {
  std::vector<Made> kinds;
  for (const bool big_endian : {false, true}) {
    for (const bool big_tiff : {false, true}) {
      TiledKind kind;
      kind.kind = {big_endian, big_tiff};
      kinds.push_back(
          {std::string(big_tiff ? "Big" : "Classic") + (big_endian ? "MM" : "II"), kind});
      kind.jpeg = false;
      kinds.push_back({kinds.back().name + "Uncompressed", kind});
    }
  }
  const JpegKind jpegs[] = {
      {"YCbCr444", true, 1, 1, false, false},          {"YCbCr422", true, 2, 1, false, false},
      {"YCbCr420WithTables", true, 2, 2, true, false}, {"Rgb", false, 1, 1, false, false},
      {"RgbWithTables", false, 1, 1, true, false},     {"Grey", true, 1, 1, true, true}};
  for (const auto& jpeg : jpegs) {
    TiledKind kind;
    kind.colours = jpeg;
    kinds.push_back({jpeg.name, kind});
  }
  TiledKind odd;
  odd.tile = 48;
  kinds.push_back({"TilesOf48", odd});
  return kinds;
}

INSTANTIATE_TEST_SUITE_P(EachKind, TiffSlideOf, ::testing::ValuesIn(all_kinds()),
                         [](const auto& test) { return test.param.name; });

TEST(TiffSlide, TellsItsGeometryAndPixelSizeOfBothAxes) {
  const TempDir folder;
  const auto made = make_tiled(pyramid(), {});
  const auto slide = Slide::open(write_bytes(folder / "a.tif", made.bytes));
  EXPECT_EQ(slide->info().reader, "tiff");
  EXPECT_THAT(slide->info().reader_why, HasSubstr("3 levels in tiles"));
  EXPECT_EQ(slide->info().mpp, (Mpp{0.25, 0.5}));
  EXPECT_EQ(slide->info().mpp_source, MppSource::resolution_tag);
  EXPECT_EQ(slide->info().levels[1].downsample, (Downsample{2, 2}));
  EXPECT_THAT(slide->info().remarks, IsEmpty());
}

TEST(TiffSlide, DecodesWithoutWarningOrNamesTheTile) {
  const TempDir folder;
  auto made = make_tiled(pyramid(), {});
  const auto path = write_bytes(folder / "a.tif", made.bytes);
  const auto tiff = TiffFile::open(path);
  const auto tile = tiff->segment(tiff->pages()[0], 6);  // column 1, row 1
  made.bytes.replace(tile.offset + tile.bytes - 60, 2, "\xFF\xD9");
  write_bytes(path, made.bytes);
  const auto slide = Slide::open(path, kByTiff);
  for (const LevelRect& rect : {LevelRect{64, 64, 64, 64}, LevelRect{70, 70, 3, 5}}) {
    EXPECT_THAT(why_unreadable(*slide, 0, rect),
                AllOf(HasSubstr(path.string() + ": cannot read level 0, x"),
                      HasSubstr("damaged tile (1, 1): Corrupt JPEG data: premature end")));
    EXPECT_THAT(why_unreadable(*slide, 0, rect), HasSubstr("damaged tile (1, 1)")) << "again";
  }
  EXPECT_EQ(slide->read(0, {0, 0, 300, 64}), crop(made.expected[0], {0, 0, 300, 64}));
}

TEST(TiffSlide, NamesATileThatIsNotWhatItsPageSays) {
  const TempDir folder;
  TiledKind kind;
  kind.tile = 32;
  const auto small = make_tiled({{waves(32, 32), {}, {}}}, kind);
  auto made = make_tiled({{waves(64, 64), {}, {}}}, {});
  const auto from = TiffFile::open(write_bytes(folder / "s.tif", small.bytes));
  const auto path = write_bytes(folder / "a.tif", made.bytes);
  const auto to = TiffFile::open(path);
  const auto source = from->segment(from->pages()[0], 0);
  const auto target = to->segment(to->pages()[0], 0);
  ASSERT_LT(source.bytes, target.bytes);
  made.bytes.replace(target.offset, source.bytes, small.bytes.substr(source.offset, source.bytes));
  write_bytes(path, made.bytes);
  EXPECT_THAT(why_unreadable(*Slide::open(path, kByTiff), 0, {0, 0, 10, 10}),
              HasSubstr("its picture has 32 x 32 pixels where 64 x 64 belong"));
}

TEST(TiffSlide, NamesATileBeyondTheEndOfTheFileAndReadsTheOthers) {
  const TempDir folder;
  auto levels = std::vector<TiledLevel>{{waves(128, 64), {}, {}}};
  const auto made = make_tiled(levels, {});
  const auto tiff = TiffFile::open(write_bytes(folder / "a.tif", made.bytes));
  const auto first = tiff->segment(tiff->pages()[0], 0);
  levels[0].tags = {{324, {first.offset, 1'000'000'000}}, {325, {first.bytes, 100}}};
  const auto path = write_bytes(folder / "b.tif", make_tiled(levels, {}).bytes);
  const auto slide = Slide::open(path, kByTiff);
  EXPECT_THAT(why_unreadable(*slide, 0, {64, 0, 64, 64}),
              HasSubstr("damaged tile (1, 0): its 100 bytes should be at byte 1000000000"));
  EXPECT_EQ(slide->read(0, {0, 0, 64, 64}), crop(made.expected[0], {0, 0, 64, 64}));
}

TEST(TiffSlide, TakesAbsentTilesForBackgroundAndTellsTheirShare) {
  const TempDir folder;
  const auto made = make_tiled({{waves(256, 128), {1, 6}, {}}}, {});
  const auto slide = Slide::open(write_bytes(folder / "a.tif", made.bytes), kByTiff);
  EXPECT_EQ(slide->info().levels[0].absent_share, 0.25);
  EXPECT_EQ(whole_level(*slide, 0), made.expected[0]);
  EXPECT_EQ(slide->read(0, {64, 0, 64, 64}), Image(64, 64));
}

TEST(TiffSlide, ReadsATileThatOnlyACoarserLevelLacksFromTheFinerOne) {
  const TempDir folder;
  const auto fine = waves(256, 128);
  const auto made = make_tiled({{fine, {7}, {}}, {waves(128, 64, 2), {0, 1}, {}}},
                               {.jpeg = false, .colours = {}});
  const auto slide = Slide::open(write_bytes(folder / "a.tif", made.bytes), kByTiff);
  const auto coarse = whole_level(*slide, 1);
  int differing = 0;
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 128; ++x) {
      const bool lost = x >= 96 && y >= 32;  // level 0 lacks it as well
      int sum = 0;
      for (const int at : {0, 1, 2, 3})
        sum += lost ? 255 : fine.at(2 * x + at % 2, 2 * y + at / 2).r;
      differing += coarse.at(x, y).r == (sum + 2) / 4 ? 0 : 1;
    }
  }
  EXPECT_EQ(differing, 0);
}

TEST(TiffSlide, IsRefusedByOpenSlideWhereACoarserLevelAloneLacksTiles) {
  const TempDir folder;
  const auto open = [&](const std::set<std::uint64_t>& fine,
                        const std::set<std::uint64_t>& coarse) {
    const auto made =
        make_tiled({{waves(512, 256), fine, {}}, {waves(256, 128, 2), coarse, {}}}, {});
    return refusal(write_bytes(folder / "a.tif", made.bytes), {.reader = "openslide"});
  };
  EXPECT_EQ(open({}, {}), "accepted");
  EXPECT_EQ(open({0, 1, 8, 9}, {0}), "accepted");
  EXPECT_THAT(open({0, 1, 8}, {0}), HasSubstr("would show as glass"));
  EXPECT_THAT(open({}, {7}), HasSubstr("would show as glass"));
}

TEST(TiffSlide, TakesTheLargestPageForTheFinestLevelWhereverItStands) {
  const TempDir folder;
  std::vector<TiledLevel> levels{{waves(75, 50, 4), {}, {{254, {1}}}},
                                 {waves(300, 200), {}, {{254, {0}}}},
                                 {waves(150, 100, 2), {}, {}}};
  const auto made = make_tiled(levels, {});
  const auto slide = Slide::open(write_bytes(folder / "a.tif", made.bytes), kByTiff);
  ASSERT_EQ(slide->info().levels.size(), 3U);
  EXPECT_EQ(whole_level(*slide, 0), made.expected[1]);
  EXPECT_EQ(whole_level(*slide, 2), made.expected[0]);
}

TEST(TiffSlide, TakesNoPageForALevelThatIsNotASmallerVersionOfTheFinest) {
  const TempDir folder;
  auto levels = pyramid();
  levels[1].tags = {{254, {0}}};
  levels.push_back({waves(100, 100), {}, {}});
  levels.push_back({waves(300, 200), {}, {}});
  const auto slide =
      Slide::open(write_bytes(folder / "a.tif", make_tiled(levels, {}).bytes), kByTiff);
  ASSERT_EQ(slide->info().levels.size(), 2U);
  EXPECT_EQ(slide->info().levels[1].size, (Size{75, 50}));
  EXPECT_THAT(slide->info().remarks,
              ElementsAre(HasSubstr("page 2 of 150 x 100 pixels is no level: it is not marked"),
                          HasSubstr("page 4 of 100 x 100 pixels is no level: it has other"),
                          HasSubstr("page 5 of 300 x 200 pixels is no level: it is as large")));
}

TEST(TiffSlide, LeavesWhatItDoesNotDecodeToOthersAndSaysWhy) {
  const TempDir folder;
  const struct {
    std::vector<testing::TiffEntry> tags;
    const char* why;
  } cases[] = {{{{284, {2}}, {324, {8, 8, 8}}, {325, {1, 1, 1}}}, "planes of their own"},
               {{{258, {12}}}, "of 12 bits (BitsPerSample, tag 258)"},
               {{{262, {3}}}, "photometric 3"},
               {{{277, {6}}}, "samples 6"},
               {{{339, {2}}}, "SampleFormat, tag 339, 2"},
               {{{274, {9}}}, "its orientation tag (274) is 9"},
               {{{259, {34712}}}, "its compression is 34712"}};
  for (const auto& c : cases) {
    const TiledKind kind{.jpeg = false, .colours = {}};
    const auto bytes = make_tiled({{waves(64, 64), {}, c.tags}}, kind).bytes;
    EXPECT_THAT(refusal(write_bytes(folder / "a.tif", bytes), kByTiff),
                AllOf(HasSubstr("the reader tiff does not read it"), HasSubstr(c.why)));
  }
}

TEST(TiffSlide, SharesATileAmongReadsAndThreads) {
  const TempDir folder;
  const auto made = make_tiled(pyramid(), {});
  const auto slide = Slide::open(write_bytes(folder / "a.tif", made.bytes), kByTiff);
  std::atomic<int> wrong = 0;
  const auto work = [&](std::int64_t by) {
    for (std::int64_t y = by; y + 30 < 200; y += 17) {
      for (std::int64_t x = by; x + 30 < 300; x += 13) {
        const LevelRect rect{x, y, 30, 30};
        if (slide->read(0, rect) != crop(made.expected[0], rect)) ++wrong;
      }
    }
  };
  std::vector<std::jthread> threads;
  for (std::int64_t i = 0; i < 4; ++i) threads.emplace_back(work, i);
  threads.clear();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(dynamic_cast<const TiffSlide&>(*slide).decoded(0), 5U * 3U);
}

TEST(TiffSlide, ShrinksInTheCodecToThePixelsOfLibjpegTurboAndToMeansAtTheEdges) {
  const TempDir folder;
  const auto picture = waves(300, 200);
  const auto made = make_tiled({{picture, {}, {}}}, {});
  const auto slide = Slide::open(write_bytes(folder / "a.tif", made.bytes), kByTiff);
  ASSERT_EQ(slide->largest_reduction(0), 8);
  for (const int by : {2, 4, 8}) {
    const LevelRect all{0, 0, (300 + by - 1) / by, (200 + by - 1) / by};
    const auto small = slide->read_reduced(0, by, all);
    const auto streams = testing::JpegEncoder({}, {64, 64}).encode(crop(picture, {64, 64, 64, 64}));
    EXPECT_EQ(crop(small, {64 / by, 64 / by, 64 / by, 64 / by}),
              testing::decoded_plainly({}, streams, static_cast<unsigned>(by)));
    const LevelRect part{17, 9, 8, 7};
    EXPECT_EQ(slide->read_reduced(0, by, part), crop(small, part));
    int sum = 0;
    int count = 0;
    for (int y = 200 / by * by - (200 % by == 0 ? by : 0); y < 200; ++y) {
      for (int x = 300 / by * by - (300 % by == 0 ? by : 0); x < 300; ++x, ++count)
        sum += made.expected[0].at(x, y).g;
    }
    EXPECT_EQ(small.at(static_cast<int>(all.width) - 1, static_cast<int>(all.height) - 1).g,
              (sum + count / 2) / count);
  }
  EXPECT_THROW((void)slide->read_reduced(0, 16, {0, 0, 1, 1}), SlideError);
  EXPECT_THROW((void)slide->read_reduced(0, 3, {0, 0, 1, 1}), SlideError);
}

TEST(TiffSlide, TakesItsPixelSizeFromOmeAndRefusesAnotherInTheTags) {
  const TempDir folder;
  const auto with_xml = [&](const std::string& xml) {
    auto made = make_tiled({{waves(64, 64), {}, {{270, {0}, 1, 2}, {296, {1}}}}}, {});
    const auto at = made.bytes.size();
    made = make_tiled({{waves(64, 64), {}, {{270, {at}, xml.size(), 2}, {296, {1}}}}}, {});
    return write_bytes(folder / "a.tif", made.bytes + xml);
  };
  const std::string begin = "<?xml version=\"1.0\"?><OME><Image><Pixels ID=\"P\" ";
  const auto micron = Slide::open(
      with_xml(begin + "PhysicalSizeX=\"0.3\" PhysicalSizeY='0.4' SizeX=\"64\"></Pixels></OME>"));
  EXPECT_EQ(micron->info().mpp, (Mpp{0.3, 0.4}));
  EXPECT_EQ(micron->info().mpp_source, MppSource::slide_property);
  EXPECT_THAT(refusal(with_xml(begin + "PhysicalSizeX=\"3\" PhysicalSizeXUnit=\"pixel\" >")),
              HasSubstr("does not state its pixel size"));
  EXPECT_THAT(refusal(with_xml(begin + "PhysicalSizeX=\"0.3\">")),
              HasSubstr("ome.PhysicalSizeY is missing"));
}

/// One tile of 16 x 16 pixels of four samples each.
fs::path write_four(const fs::path& path, const std::string& pixel, std::uint64_t meaning) {
  testing::TiffWriter writer;
  std::string data;
  for (int i = 0; i < 256; ++i) data += pixel;
  const auto at = writer.add_data(data);
  auto entries = testing::entries_of({16, 16, 16, {at}, {data.size()}});
  testing::add_tags(entries, {{262, {2}}, {277, {4}}, {338, {meaning}}});
  writer.add_page(entries);
  return writer.write(path);
}

TEST(TiffSlide, PutsATransparentPixelOnWhiteAndTakesAnUnknownFourthSampleForNone) {
  const TempDir folder;
  const auto pixel = [&](std::uint64_t meaning) {
    const auto path = write_four(folder / "a.tif", std::string("\x40\x20\x10\x80"), meaning);
    return Slide::open(path, kByTiff)->read(0, {3, 4, 1, 1}).at(0, 0);
  };
  EXPECT_EQ(pixel(0), (Rgb{0x40, 0x20, 0x10}));
  EXPECT_EQ(pixel(1), (Rgb{0x40 + 127, 0x20 + 127, 0x10 + 127}));
  EXPECT_EQ(pixel(2), (Rgb{32 + 127, 16 + 127, 8 + 127}));
}

/// What `orientation` makes of a picture, as EXIF defines it: where row 0 and column 0 belong.
Image as_seen(const Image& stored, std::uint64_t orientation) {
  const bool swapped = orientation >= 5;
  const int width = stored.width();
  const int height = stored.height();
  Image out(swapped ? height : width, swapped ? width : height);
  for (int row = 0; row < height; ++row) {
    for (int column = 0; column < width; ++column) {
      const int down = height - 1 - row;
      const int left = width - 1 - column;
      const std::pair<int, int> places[] = {{column, row},  {left, row},   {left, down},
                                            {column, down}, {row, column}, {down, column},
                                            {down, left},   {row, left}};
      const auto [x, y] = places[orientation - 1];
      std::copy_n(stored.row(row) + 3 * column, 3, out.row(y) + 3 * x);
    }
  }
  return out;
}

TEST(TiffSlide, ThatIsStoredTurnedIsUprightAtEveryLevelAndWhereverAReadBegins) {
  const TempDir folder;
  for (const bool jpeg : {false, true}) {
    for (std::uint64_t o = 1; o <= 8; ++o) {
      auto levels = pyramid();
      for (auto& level : levels) level.tags = {{274, {o}}};
      const auto made = make_tiled(levels, {.jpeg = jpeg, .colours = {}});
      const auto slide = Slide::open(write_bytes(folder / "a.tif", made.bytes), {.reader = "tiff"});
      ASSERT_EQ(slide->info().levels.size(), 3U);
      EXPECT_EQ(slide->info().mpp, (o < 5 ? Mpp{0.25, 0.5} : Mpp{0.5, 0.25}));
      for (int level = 0; level < 3; ++level) {
        const auto seen = as_seen(made.expected[static_cast<std::size_t>(level)], o);
        EXPECT_EQ(whole_level(*slide, level), seen) << o << ", level " << level;
        const LevelRect part{13, 9, 31, 17};
        EXPECT_EQ(slide->read(level, part), crop(seen, part)) << o << ", level " << level;
      }
      const LevelRect beyond{-5, -3, 20, 11};
      Image expected(20, 11);
      paste(as_seen(made.expected[0], o), expected, 5, 3);
      EXPECT_EQ(slide->read(0, beyond), expected) << o;
      // 300 x 200 pixels: a grid of 8 fits both ways along columns of the file alone.
      const int by = slide->largest_reduction(0);
      EXPECT_EQ(by, !jpeg ? 1 : o == 1 || o == 4 || o == 5 || o == 6 ? 8 : 4) << o;
      const auto plain = Slide::open(
          write_bytes(folder / "b.tif", make_tiled(pyramid(), {.jpeg = jpeg, .colours = {}}).bytes),
          {.reader = "tiff"});
      const LevelRect stored{0, 0, (300 + by - 1) / by, 200 / by};
      const bool swapped = o >= 5;
      const LevelRect upright{0, 0, swapped ? stored.height : stored.width,
                              swapped ? stored.width : stored.height};
      EXPECT_EQ(slide->read_reduced(0, by, upright), as_seen(plain->read_reduced(0, by, stored), o))
          << o;
    }
  }
}

TEST(TiffSlide, ThatIsStoredTurnedIsLeftByReadersThatWouldNotTurnIt) {
  const TempDir folder;
  const auto made =
      make_tiled({{waves(100, 70), {}, {{274, {6}}}}}, {.jpeg = false, .colours = {}});
  const auto path = write_bytes(folder / "a.tif", made.bytes);
  EXPECT_THAT(refusal(path, {.mpp = Mpp{0.25, 0.5}, .reader = "openslide"}),
              HasSubstr("its orientation tag (274) is 6"));
  const auto given = Slide::open(path, {.mpp = Mpp{0.25, 0.5}});
  EXPECT_EQ(given->info().reader, "tiff");
  EXPECT_EQ(given->info().mpp, (Mpp{0.25, 0.5})) << "is of the slide as it is seen";
  EXPECT_THAT(given->info().remarks, ElementsAre(HasSubstr("orientation tag 274: 6")));
  EXPECT_EQ(
      given->read(0, {0, 0, 70, 100}),
      Slide::open(path, {.mpp = Mpp{0.25, 0.5}, .reader = "libvips"})->read(0, {0, 0, 70, 100}));
}

TEST(TiffSlide, TakesNoPageForALevelThatIsTurnedOtherwise) {
  const TempDir folder;
  auto levels = pyramid();
  levels[0].tags = levels[2].tags = {{274, {3}}};
  const auto slide = Slide::open(write_bytes(folder / "a.tif", make_tiled(levels, {}).bytes));
  ASSERT_EQ(slide->info().levels.size(), 2U);
  EXPECT_THAT(slide->info().remarks, ::testing::Contains(HasSubstr("turned otherwise")));
}

TEST(TiffSlide, IsASlideInAFolderAlsoWhereOpenSlideDoesNotKnowIt) {
  const TempDir folder;
  TiledKind kind;
  kind.kind.big_endian = true;
  const auto path = write_bytes(folder / "a.tif", make_tiled(pyramid(), kind).bytes);
  EXPECT_EQ(slide_kind(path), SlideKind::slide);
}

TEST(TiffSlide, OfJpeg2000HasOpenSlidesPixelsAndNamesDamage) {
  CYTOCAPE_NEEDS_DATA("slides/jpeg2000-no-mpp.svs");
  const TempDir folder;
  fs::copy_file(data_folder() / "slides/jpeg2000-no-mpp.svs", folder / "a.svs");
  const SlideOptions other{.mpp = Mpp{0.25, 0.25}, .reader = "openslide"};
  const LevelRect rect{1000, 900, 600, 500};
  const auto sound = Slide::open(folder / "a.svs", other)->read(0, rect);
  EXPECT_EQ(Slide::open(folder / "a.svs", kByTiff)->read(0, rect), sound);
  const auto tiff = TiffFile::open(folder / "a.svs");
  const auto tile = tiff->segment(tiff->pages()[0], 20);
  fs::permissions(folder / "a.svs", fs::perms::owner_all);
  std::fstream file(folder / "a.svs", std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(tile.offset));
  file << std::string(tile.bytes, '?');
  file.close();
  EXPECT_THAT(why_unreadable(*Slide::open(folder / "a.svs", kByTiff), 0, {0, 256, 1000, 1000}),
              HasSubstr("damaged tile (2, 1): "));
}

TEST(TiffSlide, OfARealScannerHasOpenSlidesPixelsAndAssociatedImages) {
  CYTOCAPE_NEEDS_DATA("slides/CMU-1-Small-Region.svs");
  const auto path = data_folder() / "slides/CMU-1-Small-Region.svs";
  const auto direct = Slide::open(path, {.reader = "tiff"});
  const auto other = Slide::open(path, {.reader = "openslide"});
  EXPECT_EQ(whole_level(*direct, 0), whole_level(*other, 0));
  EXPECT_EQ(direct->info().mpp, other->info().mpp);
  EXPECT_EQ(direct->info().associated, other->info().associated);
  EXPECT_EQ(direct->read_associated("label"), other->read_associated("label"));
}

}  // namespace
}  // namespace cytocape
