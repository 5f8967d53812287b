#include "io/slide.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <iterator>
#include <random>
#include <thread>

#include "io/digest.hpp"
#include "io/errors.hpp"
#include "io/image_codec.hpp"
#include "io/slide_state.hpp"
#include "io/tiff_damage.hpp"
#include "io/tiff_file.hpp"
#include "tests/io/tiff_writer.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/test_data.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using testing::data_folder;
using ::testing::HasSubstr;
using testing::TempDir;

const SlideOptions kQuarter{.mpp = Mpp{0.25, 0.26}, .reader = {}};

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

void overwrite(const fs::path& path, std::uint64_t at, const std::string& bytes) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(at));
  file << bytes;
}

/// In the middle of the data of the third tile of level 0: libjpeg warns and fills up with grey.
void end_third_tile_early(const fs::path& path) {
  const auto tiff = TiffFile::open(path);
  const auto tile = tiff->segment(tiff->pages()[0], 2);
  overwrite(path, tile.offset + tile.bytes / 2, "\xFF\xD9");
}

/// Puts the data of tile `from` of a level in the place of tile `to`, which takes more bytes: a
/// whole picture, and bytes before its end that belong to no pixel. OpenSlide does not look there.
void leave_data_over(const fs::path& path, std::size_t level, std::uint64_t from,
                     std::uint64_t to) {
  const auto tiff = TiffFile::open(path);
  const auto source = tiff->segment(tiff->pages()[level], from);
  const auto target = tiff->segment(tiff->pages()[level], to);
  ASSERT_GT(target.bytes, source.bytes);
  const auto data = tiff->read(source);
  std::string bytes(data.begin(), data.end() - 2);
  bytes.resize(target.bytes - 2);
  overwrite(path, target.offset, bytes + "\xFF\xD9");
}

TEST(DamagedTile, ThatEndsEarlyIsNamed) {
  const TempDir folder;
  const auto path = write_slide(folder, {2000, 600});
  const auto sound = Slide::open(path)->read(0, {0, 0, 512, 600});
  end_third_tile_early(path);
  const auto slide = Slide::open(path);
  for (const LevelRect& rect : {LevelRect{600, 10, 20, 30}, LevelRect{0, 0, 2000, 600}}) {
    try {
      (void)slide->read(0, rect);
      FAIL() << "no error";
    } catch (const SlideError& error) {
      EXPECT_THAT(error.what(), AllOf(HasSubstr(path.string()), HasSubstr("damaged tile (2, 0)"),
                                      HasSubstr("Corrupt JPEG data: premature end")));
    }
  }
  EXPECT_EQ(slide->read(0, {0, 0, 512, 600}), sound);
}

TEST(DamagedTile, WithDataLeftOverIsNamedAtEachLevel) {
  const TempDir folder;
  const auto path = write_slide(folder, {2000, 600});
  leave_data_over(path, 0, 2, 3);
  leave_data_over(path, 1, 0, 1);
  const auto slide = Slide::open(path);
  const auto why = [&](int level, const LevelRect& rect) -> std::string {
    try {
      (void)slide->read(level, rect);
      return "read";
    } catch (const SlideError& error) {
      return error.what();
    }
  };
  EXPECT_THAT(why(0, {800, 0, 10, 10}), HasSubstr("damaged tile (3, 0): Corrupt JPEG data"));
  EXPECT_THAT(why(1, {300, 0, 10, 10}), HasSubstr("damaged tile (1, 0): Corrupt JPEG data"));
  EXPECT_EQ(why(0, {0, 0, 768, 600}), "read");
  EXPECT_EQ(why(0, {0, 256, 2000, 344}), "read");
  EXPECT_EQ(why(1, {512, 0, 488, 300}), "read");
}

/// A TIFF of one black tile, deflated by Python's zlib, whose checksum is off by `wrong`.
fs::path write_deflated(const fs::path& path, int wrong) {
  testing::TiffWriter writer;
  std::string data("\x78\xDA\x63\x60\x18\xD9\x00\x00\x01\x00\x00\x01", 12);
  data.back() = static_cast<char>(data.back() + wrong);
  const auto at = writer.add_data(data);
  auto entries = testing::entries_of({16, 16, 16, {at}, {data.size()}});
  entries[3].values = {kTiffDeflate};
  writer.add_page(entries);
  return writer.write(path);
}

TEST(DamagedTile, OfDeflateIsFoundByItsChecksum) {
  const TempDir folder;
  const auto fault = [](const fs::path& path) {
    const auto tiff = TiffFile::open(path);
    return page_fault(*tiff, tiff->pages()[0]);
  };
  const auto whole = write_deflated(folder / "a.tif", 0);
  EXPECT_EQ(fault(whole), "");
  EXPECT_EQ(Slide::open(whole, kQuarter)->read(0, {0, 0, 16, 16}), Image(16, 16, {0, 0, 0}));
  const auto damaged = write_deflated(folder / "b.tif", 1);
  EXPECT_EQ(fault(damaged), "tile 0: incorrect data check");
  EXPECT_THROW((void)Slide::open(damaged, kQuarter)->read(0, {0, 0, 16, 16}), SlideError);
}

struct Loss {
  const char* name;
  void (*happen)(const fs::path& path);
};

void PrintTo(const Loss& loss, std::ostream* out) {
  *out << loss.name;
}

class LostSlide : public ::testing::TestWithParam<Loss> {};

TEST_P(LostSlide, EndsEveryReadAndNotTheProgram) {
  const TempDir folder;
  fs::create_directory(folder / "share");
  const auto path = folder / "share/s.tif";
  write_pyramid(path, {.size = {2000, 600}, .mpp = {0.25, 0.26}}, render_waves);
  const auto slide = Slide::open(path);
  GetParam().happen(path);
  std::atomic<int> ended = 0;
  const auto work = [&](std::int64_t left) {
    for (std::int64_t y = 0; y < 600; y += 300) {
      try {
        (void)slide->read(0, {left, y, 500, 300});
      } catch (const SlideChanged& error) {
        if (std::string(error.what()).starts_with(path.string() + ": ")) ++ended;
      }
    }
  };
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(work, 500 * i);
  threads.clear();
  EXPECT_EQ(ended, 8);
}

INSTANTIATE_TEST_SUITE_P(
    WhileItIsRead, LostSlide,
    ::testing::Values(Loss{"Removed", [](const fs::path& path) { fs::remove(path); }},
                      Loss{"CutToNothing", [](const fs::path& path) { fs::resize_file(path, 0); }},
                      Loss{"Overwritten",
                           [](const fs::path& path) {
                             std::ofstream(path, std::ios::binary) << std::string(300'000, '?');
                           }},
                      Loss{"FolderRenamed",
                           [](const fs::path& path) {
                             fs::rename(path.parent_path(), path.parent_path().string() + "2");
                           }}),
    [](const auto& test) { return test.param.name; });

TEST(ImageAsSlide, OutlivesItsFile) {
  const TempDir folder;
  Image picture(40, 30);
  render_waves({0, 0, 40, 30}, picture);
  write_png(picture, folder / "a.png");
  const auto slide = Slide::open(folder / "a.png", kQuarter);
  fs::remove(folder / "a.png");
  EXPECT_EQ(slide->read(0, {0, 0, 40, 30}), picture);
}

TEST(SlideState, ToldOfTheSameFileIsUnchanged) {
  const TempDir folder;
  std::ofstream(folder / "a.svs") << "abc";
  const auto state = SlideState::of(folder / "a.svs");
  EXPECT_NO_THROW(state.require_unchanged());
  EXPECT_NO_THROW(SlideState().require_unchanged());
}

TEST(SlideState, SeesAnotherFileOfTheSameSize) {
  const TempDir folder;
  std::ofstream(folder / "a.svs") << "abc";
  const auto state = SlideState::of(folder / "a.svs");
  fs::last_write_time(folder / "a.svs",
                      fs::last_write_time(folder / "a.svs") + std::chrono::seconds(2));
  EXPECT_THROW(state.require_unchanged(), SlideChanged);
}

/// As `cp -p` and a rename leave it: of the size and time of the file whose name it takes.
void replace_unseen(const fs::path& path, const std::string& content) {
  const auto time = fs::last_write_time(path);
  const auto fresh = path.string() + ".new";
  std::ofstream(fresh, std::ios::binary) << content;
  fs::last_write_time(fresh, time);
  fs::rename(fresh, path);
}

TEST(SlideState, SeesAnotherFileOfTheSameSizeAndTimeByItsContent) {
  const TempDir folder;
  const auto path = folder / "a.svs";
  std::ofstream(path) << "abc";
  const auto state = SlideState::of(path);
  const auto digest = state.sha256(path);
  EXPECT_EQ(digest, sha256_of("abc"));
  replace_unseen(path, "abd");
  EXPECT_NO_THROW(state.require_unchanged());
  EXPECT_THROW(state.require_same(path, digest), SlideChanged);
  // A digest that is taken only now would be of the other file.
  EXPECT_THROW((void)state.sha256(path), SlideChanged);
}

TEST(SlideState, SeesAFileThatWasOverwrittenUnderItsOldTime) {
  const TempDir folder;
  const auto path = folder / "a.svs";
  std::ofstream(path) << "abc";
  const auto state = SlideState::of(path);
  const auto digest = state.sha256(path);
  const auto time = fs::last_write_time(path);
  std::ofstream(path) << "abd";
  fs::last_write_time(path, time);
  EXPECT_THROW(state.require_same(path, digest), SlideChanged);
}

TEST(SlideState, TakesAFileThatIsAnotherOnlyToTheSystemForTheSame) {
  const TempDir folder;
  const auto path = folder / "a.svs";
  std::ofstream(path) << "abc";
  const auto state = SlideState::of(path);
  const auto digest = state.sha256(path);
  fs::create_hard_link(path, folder / "backup.svs");
  EXPECT_NO_THROW(state.require_same(path, digest));
  replace_unseen(path, "abc");  // as a share that reconnects: another inode
  EXPECT_NO_THROW(state.require_same(path, digest));
}

/// A backup may come before the digest is taken, as well as after.
TEST(SlideState, AFileThatIsLinkedOrGivenOtherRightsBeforeItsDigestIsTheSame) {
  const TempDir folder;
  const auto path = folder / "a.svs";
  std::ofstream(path) << "abc";
  const auto state = SlideState::of(path);
  fs::create_hard_link(path, folder / "backup.svs");
  fs::permissions(path, fs::perms::owner_read);
  const auto digest = state.sha256(path);
  EXPECT_EQ(digest, sha256_of("abc"));
  EXPECT_NO_THROW(state.require_same(path, digest));
}

TEST(SlideState, SeesAnyOfAMiraxSlidesFilesGo) {
  const TempDir folder;
  fs::create_directory(folder / "a");
  for (const char* name : {"a.mrxs", "a/Data0000.dat"}) std::ofstream(folder / name) << name;
  const auto state = SlideState::of(folder / "a.mrxs");
  fs::remove(folder / "a/Data0000.dat");
  try {
    state.require_unchanged();
    FAIL() << "no error";
  } catch (const SlideChanged& error) {
    EXPECT_THAT(error.what(), HasSubstr("Data0000.dat: was lost while it was being read"));
  }
}

TEST(SlideOpen, RefusesHostileDirectoriesBeforeOpenSlideSeesThem) {
  const TempDir folder;
  const auto said = [&](const testing::TiledPage& page) {
    testing::TiffWriter writer;
    writer.add_page(testing::entries_of(page));
    return refusal(writer.write(folder / "a.tif"));
  };
  EXPECT_THAT(said({1'000'000, 1'000'000, 1'000'000, {8}, {100}}), HasSubstr("tiles of 1000000"));
  EXPECT_THAT(said({23'200, 23'200, 23'200, {8}, {100}}), HasSubstr("tiles of 23200"));
  EXPECT_THAT(said({20'000, 20'000, 20'000, {8}, {100}}), HasSubstr("tiles of 20000"));
}

TEST(SlideOpen, OfAFileThatMayNotBeReadSaysSo) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const TempDir folder;
  const auto path = write_slide(folder, {300, 200});
  fs::permissions(path, fs::perms::none);
  EXPECT_THAT(refusal(path), HasSubstr("Permission denied"));
}

TEST(SlideOpen, RefusesEachBadFileInOneLineWithItsCause) {
  CYTOCAPE_NEEDS_DATA("slides");
  const struct {
    const char* file;
    const char* cause;
  } cases[] = {
      {"unopenable.tiff", "Unsupported TIFF compression"},
      {"not-a-tiff.svs", "is of an unknown format"},
      {"broken-mirax/Mirax2-Fluorescence-1.mrxs", "Index.dat doesn't have expected version"},
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
