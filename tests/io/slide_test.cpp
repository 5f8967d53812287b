#include "io/slide.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <iterator>
#include <random>
#include <thread>

#include "io/digest.hpp"
#include "io/errors.hpp"
#include "io/image_codec.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/test_data.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using testing::data_folder;
using ::testing::HasSubstr;
using testing::TempDir;

constexpr SlideOptions kQuarter{.mpp = Mpp{0.25, 0.26}};

std::string refusal(const fs::path& path) {
  try {
    (void)Slide::open(path);
    return "accepted";
  } catch (const SlideError& error) {
    return error.what();
  }
}

/// A colour for each position, of low contrast between neighbours.
void render_waves(const Level0Rect& rect, Image& out) {
  for (int y = 0; y < out.height(); ++y) {
    for (int x = 0; x < out.width(); ++x) {
      auto* pixel = out.row(y) + 3 * x;
      const auto gx = rect.x + x;
      const auto gy = rect.y + y;
      pixel[0] = static_cast<std::uint8_t>(gx / 3);
      pixel[1] = static_cast<std::uint8_t>(gy / 2);
      pixel[2] = static_cast<std::uint8_t>((gx + 2 * gy) / 5);
    }
  }
}

fs::path write_slide(const TempDir& folder, Size size) {
  const auto path = folder / "p.tif";
  write_pyramid(path, {.size = size, .mpp = {0.25, 0.26}}, render_waves);
  return path;
}

bool same(const Image& part, const Image& whole, int at_x, int at_y) {
  for (int y = 0; y < part.height(); ++y) {
    const auto* row = whole.row(at_y + y) + 3 * at_x;
    if (!std::equal(part.row(y), part.row(y) + part.stride(), row)) return false;
  }
  return true;
}

/// Random parts of a window in the middle of each level, compared with the whole window.
void expect_parts_equal_whole(const Slide& slide) {
  std::mt19937 random(7);
  const auto below = [&](int limit) {
    return static_cast<int>(random() % static_cast<unsigned>(limit));
  };
  for (std::size_t level = 0; level < slide.info().levels.size(); ++level) {
    const auto& size = slide.info().levels[level].size;
    const int width = static_cast<int>(std::min<std::int64_t>(size.width, 900));
    const int height = static_cast<int>(std::min<std::int64_t>(size.height, 700));
    const auto left = (size.width - width) / 2;
    const auto top = (size.height - height) / 2;
    const auto whole = slide.read(static_cast<int>(level), {left, top, width, height});
    for (int i = 0; i < 25; ++i) {
      const int x = below(width);
      const int y = below(height);
      const LevelRect rect{left + x, top + y, 1 + below(width - x), 1 + below(height - y)};
      const auto part = slide.read(static_cast<int>(level), rect);
      ASSERT_TRUE(same(part, whole, x, y))
          << slide.info().path << " level " << level << ", part " << x << "," << y << " "
          << rect.width << "x" << rect.height;
    }
  }
}

TEST(SlideRead, OfAPartEqualsThatPartOfTheWholeAtEveryLevelOfAnOddPyramid) {
  const TempDir folder;
  const auto slide = Slide::open(write_slide(folder, {5003, 3001}));
  ASSERT_NE(slide->info().levels[2].downsample.x, 4);
  expect_parts_equal_whole(*slide);
}

TEST(SlideRead, OfAPartEqualsThatPartOfTheWholeOnRealSlides) {
  CYTOCAPE_NEEDS_DATA("slides");
  for (const char* name :
       {"CMU-1-Small-Region.svs", "boxes.tiff", "yb10kx5k.zstd.tiff", "jpeg2000-no-mpp.svs"}) {
    const auto slide = Slide::open(data_folder() / "slides" / name, kQuarter);
    expect_parts_equal_whole(*slide);
  }
}

TEST(SlideRead, OutsideTheLevelIsBackground) {
  const TempDir folder;
  const auto slide = Slide::open(write_slide(folder, {300, 200}));
  const auto image = slide->read(0, {-10, 190, 40, 20});
  const auto inside = slide->read(0, {0, 190, 30, 10});
  EXPECT_EQ(image.width(), 40);
  EXPECT_EQ(image.height(), 20);
  EXPECT_TRUE(same(inside, image, 10, 0));
  EXPECT_EQ(image.at(9, 5), slide->info().background);
  EXPECT_EQ(image.at(20, 10), slide->info().background);
  EXPECT_EQ(slide->read(0, {900, 900, 4, 4}), Image(4, 4, slide->info().background));
}

TEST(SlideRead, OfAnAbsentLevelSaysHowManyThereAre) {
  const TempDir folder;
  const auto slide = Slide::open(write_slide(folder, {300, 200}));
  for (const int level : {-1, 2}) {
    try {
      (void)slide->read(level, {0, 0, 1, 1});
      FAIL() << "no error";
    } catch (const SlideError& error) {
      EXPECT_THAT(error.what(), HasSubstr("there is no level " + std::to_string(level)));
    }
  }
}

/// Overwrites the head of the third tile's JPEG stream: level 0, x 512..767, y 0..255.
void damage_third_tile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  in.close();
  std::size_t at = 0;
  for (int tile = 0; tile < 3; ++tile) at = bytes.find("\xFF\xD8\xFF", at + 1);
  ASSERT_NE(at, std::string::npos);
  bytes.replace(at, 3, 3, '\0');
  std::ofstream(path, std::ios::binary) << bytes;
}

TEST(DamagedTile, IsAnErrorThatNamesLevelAndRectangle) {
  const TempDir folder;
  const auto path = write_slide(folder, {2000, 600});
  damage_third_tile(path);
  const auto slide = Slide::open(path);
  try {
    (void)slide->read(0, {600, 10, 20, 30});
    FAIL() << "no error";
  } catch (const SlideError& error) {
    EXPECT_THAT(error.what(),
                AllOf(HasSubstr(path.string()), HasSubstr("level 0"),
                      HasSubstr("x 600 y 10 width 20 height 30"), HasSubstr("Not a JPEG file")));
  }
}

TEST(DamagedTile, LeavesEveryOtherReadWholeAlsoWhileManyThreadsRead) {
  const TempDir folder;
  const auto path = write_slide(folder, {2000, 600});
  const auto sound = Slide::open(path)->read(0, {1100, 0, 256, 256});
  damage_third_tile(path);
  const auto slide = Slide::open(path);
  std::atomic<int> wrong = 0;
  std::atomic<int> refused = 0;
  const auto work = [&](int seed) {
    for (int i = 0; i < 40; ++i) {
      try {
        if ((i + seed) % 4 == 0) {
          (void)slide->read(0, {520, 20, 100, 100});
          ++wrong;
        } else if (slide->read(0, {1100, 0, 256, 256}) != sound) {
          ++wrong;
        }
      } catch (const SlideError&) {
        if ((i + seed) % 4 == 0)
          ++refused;
        else
          ++wrong;
      }
    }
  };
  std::vector<std::jthread> threads;
  for (int seed = 0; seed < 4; ++seed) threads.emplace_back(work, seed);
  threads.clear();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(refused, 40);
}

TEST(SlideOpen, RefusesEachBadFileInOneLineWithItsCause) {
  CYTOCAPE_NEEDS_DATA("slides");
  const struct {
    const char* file;
    const char* cause;
  } cases[] = {
      {"unopenable.tiff", "Unsupported TIFF compression"},
      {"not-a-tiff.svs", "not a known file format"},
      {"broken-mirax/Mirax2-Fluorescence-1.mrxs", "Index.dat doesn't have expected version"},
      {"sm_image.dcm", "no slide that OpenSlide knows"},
      {"jpeg2000-no-mpp.svs", "--set slide.mpp="},
      {"boxes.tiff", "outside 0.05..20"},
      {"absent.svs", "there is no such file"},
      {"broken-mirax", "is a folder"},
  };
  for (const auto& c : cases) {
    const auto path = data_folder() / "slides" / c.file;
    const auto message = refusal(path);
    EXPECT_THAT(message, ::testing::StartsWith(path.string() + ": "));
    EXPECT_THAT(message, HasSubstr(c.cause));
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  }
}

TEST(SlideOpen, TellsWhatARealSlideIs) {
  CYTOCAPE_NEEDS_DATA("slides/CMU-1-Small-Region.svs");
  const auto slide = Slide::open(data_folder() / "slides/CMU-1-Small-Region.svs");
  const auto& info = slide->info();
  EXPECT_EQ(info.id, "CMU-1-Small-Region");
  EXPECT_EQ(info.vendor, "aperio");
  EXPECT_EQ(info.levels.front().size, (Size{2220, 2967}));
  EXPECT_EQ(info.levels.front().tile, (Size{240, 240}));
  EXPECT_EQ(info.mpp, (Mpp{0.499, 0.499}));
  EXPECT_EQ(info.mpp_source, MppSource::slide_property);
  EXPECT_THAT(info.associated, ::testing::UnorderedElementsAre("label", "macro", "thumbnail"));
  EXPECT_GT(slide->read_associated("macro").width(), 100);
  EXPECT_THROW((void)slide->read_associated("map"), SlideError);
}

TEST(SlideOpen, ReadsASlideWithoutPixelSizeOnceTheUserGivesIt) {
  CYTOCAPE_NEEDS_DATA("slides/jpeg2000-no-mpp.svs");
  const auto slide = Slide::open(data_folder() / "slides/jpeg2000-no-mpp.svs", kQuarter);
  EXPECT_EQ(slide->info().mpp, (Mpp{0.25, 0.26}));
  EXPECT_EQ(slide->info().mpp_source, MppSource::user);
  const auto image = slide->read(0, {2000, 1500, 64, 48});
  EXPECT_NE(image, Image(64, 48, slide->info().background));
}

TEST(ImageAsSlide, HasOneLevelWithoutTilesAndItsOwnPixels) {
  const TempDir folder;
  Image picture(40, 30);
  render_waves({0, 0, 40, 30}, picture);
  write_png(picture, folder / "field 1.png");
  const auto slide = Slide::open(folder / "field 1.png", kQuarter);
  EXPECT_EQ(slide->info().id, "field_1");
  EXPECT_EQ(slide->info().reader, "libvips");
  ASSERT_EQ(slide->info().levels.size(), 1U);
  EXPECT_EQ(slide->info().levels[0].tile, (Size{0, 0}));
  EXPECT_EQ(slide->read(0, {0, 0, 40, 30}), picture);
  EXPECT_TRUE(same(slide->read(0, {7, 9, 5, 4}), picture, 7, 9));
  EXPECT_EQ(slide->read(0, {38, 28, 4, 4}).at(3, 3), (Rgb{255, 255, 255}));
  EXPECT_THROW((void)slide->read(1, {0, 0, 1, 1}), SlideError);
}

TEST(ImageAsSlide, NeedsThePixelSizeFromTheUser) {
  const TempDir folder;
  write_png(Image(8, 8), folder / "a.png");
  EXPECT_THAT(refusal(folder / "a.png"), HasSubstr("--set slide.mpp="));
}

TEST(SlideFiles, OfMiraxAreTheIndexAndItsFolderInOrder) {
  const TempDir folder;
  fs::create_directory(folder / "a");
  for (const char* name : {"a.mrxs", "a/Slidedat.ini", "a/Data0001.dat", "a/Data0000.dat"}) {
    std::ofstream(folder / name) << name;
  }
  const auto files = slide_files(folder / "a.mrxs");
  EXPECT_THAT(files, ::testing::ElementsAre(folder / "a.mrxs", folder / "a/Data0000.dat",
                                            folder / "a/Data0001.dat", folder / "a/Slidedat.ini"));
}

TEST(SlideFiles, OfHamamatsuVmsAreThoseItNames) {
  const TempDir folder;
  std::ofstream(folder / "a.vms") << "[Virtual Microscope Specimen]\nImageFile=b.jpg\r\n"
                                     "MapFile=m.jpg\nImageFile(1,0)=absent.jpg\n";
  for (const char* name : {"m.jpg", "b.jpg", "other.jpg"}) std::ofstream(folder / name) << name;
  EXPECT_THAT(slide_files(folder / "a.vms"),
              ::testing::ElementsAre(folder / "a.vms", folder / "b.jpg", folder / "m.jpg"));
}

TEST(SlideSha256, OfOneFileIsThatOfSha256sum) {
  const TempDir folder;
  std::ofstream(folder / "a.svs") << "abc";
  EXPECT_EQ(slide_sha256(folder / "a.svs"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(SlideSha256, OfSeveralFilesIsThatOfTheirSumsAndDoesNotDependOnTheFolder) {
  const TempDir folder;
  fs::create_directories(folder / "x/a");
  std::ofstream(folder / "x/a.mrxs") << "abc";
  std::ofstream(folder / "x/a/Index.dat") << "";
  const auto expected =
      sha256_of(sha256_of("abc") + "  a.mrxs\n" + sha256_of("") + "  a/Index.dat\n");
  EXPECT_EQ(slide_sha256(folder / "x/a.mrxs"), expected);
  fs::rename(folder / "x", folder / "y");
  EXPECT_EQ(slide_sha256(folder / "y/a.mrxs"), expected);
}

TEST(SlideSha256, OfAnAbsentSlideIsASlideError) {
  EXPECT_THROW((void)slide_sha256("/nowhere/a.svs"), SlideError);
}

}  // namespace
}  // namespace cytocape
