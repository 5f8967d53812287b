/// What every reader owes every slide, whatever its format. A reader more is a line in `fixtures`.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <vips/vips.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <iterator>
#include <random>
#include <thread>

#include "io/errors.hpp"
#include "io/image_codec.hpp"
#include "tests/io/dicom_writer.hpp"
#include "tests/io/tiled_slide.hpp"
#include "tests/support/file_text.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using testing::crop;
using testing::dicom_kinds;
using ::testing::HasSubstr;
using testing::make_dicom;
using testing::make_tiled;
using testing::TempDir;
using testing::text_of;
using testing::waves;
using testing::write_bytes;

constexpr int kWidth = 533;
constexpr int kHeight = 401;

const Image& picture() {
  static const Image image = waves(kWidth, kHeight);
  return image;
}

/// A pyramid written by libvips, which is no reader of tiles here.
fs::path write_by_vips(const fs::path& path, const std::string& options) {
  start_image_libraries();
  auto pixels = picture();
  VipsImage* image = vips_image_new_from_memory(pixels.pixels().data(), pixels.pixels().size(),
                                                kWidth, kHeight, 3, VIPS_FORMAT_UCHAR);
  const auto target = path.string() + "[tile,tile-width=64,tile-height=64,pyramid," + options + "]";
  EXPECT_EQ(vips_image_write_to_file(image, target.c_str(), nullptr), 0) << vips_error_buffer();
  g_object_unref(image);
  return path;
}

template <int number>
fs::path vips_fixture(const fs::path& folder) {
  constexpr const char* kOptions[] = {"compression=lzw,predictor=horizontal",
                                      "compression=lzw,predictor=none",
                                      "compression=deflate,predictor=horizontal",
                                      "compression=zstd,predictor=horizontal",
                                      "compression=packbits",
                                      "compression=webp,lossless",
                                      "compression=webp,Q=80",
                                      "compression=jpeg,Q=75",
                                      "compression=jpeg,Q=95,bigtiff",
                                      "compression=deflate,subifd",
                                      "compression=none"};
  return write_by_vips(folder / "a.tif", kOptions[number]);
}

fs::path write_picture(const fs::path& folder) {
  write_png(picture(), folder / "a.png");
  return folder / "a.png";
}

fs::path write_turned(const fs::path& folder) {
  const auto made = make_tiled({{picture(), {}, {{274, {4}}}}}, {.jpeg = false, .colours = {}});
  return write_bytes(folder / "a.tif", made.bytes);
}

/// Three levels in a folder of files; the finest as it must be read is beside them.
template <std::size_t number>
fs::path write_series(const fs::path& folder) {
  auto spec = dicom_kinds().at(number).second;
  const auto write = [&](const char* name, const Image& image) {
    const auto made = make_dicom(image, spec);
    spec.instance += "1";
    spec.spacing_mm *= 2;
    spec.image_type = "DERIVED\\PRIMARY\\VOLUME\\RESAMPLED";
    spec.absent = {};
    write_bytes(folder / name, made.bytes);
    return made.expected;
  };
  write_png(write("a.dcm", picture()), folder / "expected.png");
  write("b.dcm", waves((kWidth + 1) / 2, (kHeight + 1) / 2, 2));
  write("c.dcm", waves((kWidth + 3) / 4, (kHeight + 3) / 4, 4));
  return folder / "a.dcm";
}

/// 16 bits a sample, of which the upper eight are the picture's.
template <bool tiled>
fs::path write_deep(const fs::path& folder) {
  start_image_libraries();
  std::vector<std::uint16_t> samples;
  for (const auto sample : picture().pixels())
    samples.push_back(static_cast<std::uint16_t>(sample * 257));
  VipsImage* image = vips_image_new_from_memory(samples.data(), samples.size() * 2, kWidth, kHeight,
                                                3, VIPS_FORMAT_USHORT);
  image->Type = VIPS_INTERPRETATION_RGB16;
  const auto path = folder / "a.tif";
  const auto target = path.string() + (tiled ? "[tile,tile-width=64,tile-height=64,compression=lzw]"
                                             : "[compression=deflate]");
  EXPECT_EQ(vips_image_write_to_file(image, target.c_str(), nullptr), 0) << vips_error_buffer();
  g_object_unref(image);
  return path;
}

struct Fixture {
  const char* name;
  const char* reader;
  std::size_t levels;
  fs::path (*write)(const fs::path& folder);
};

std::ostream& operator<<(std::ostream& out, const Fixture& fixture) {
  return out << fixture.name << " by " << fixture.reader;
}

constexpr Fixture kFixtures[] = {
    {"LzwPredicted", "tiff", 5, vips_fixture<0>},
    {"Lzw", "tiff", 5, vips_fixture<1>},
    {"DeflatePredicted", "tiff", 5, vips_fixture<2>},
    {"ZstandardPredicted", "tiff", 5, vips_fixture<3>},
    {"PackBits", "tiff", 5, vips_fixture<4>},
    {"WebpLossless", "tiff", 5, vips_fixture<5>},
    {"WebpLossy", "tiff", 5, vips_fixture<6>},
    {"Jpeg420", "tiff", 5, vips_fixture<7>},
    {"Jpeg444Big", "tiff", 5, vips_fixture<8>},
    {"SubIfds", "tiff", 5, vips_fixture<9>},
    {"Uncompressed", "tiff", 5, vips_fixture<10>},
    {"Explicit", "dicom", 3, write_series<0>},
    {"Implicit", "dicom", 3, write_series<1>},
    {"InPlanes", "dicom", 3, write_series<2>},
    {"RunLengths", "dicom", 3, write_series<3>},
    {"Jpeg422", "dicom", 3, write_series<4>},
    {"Jpeg444ByExtendedTable", "dicom", 3, write_series<5>},
    {"JpegRgbWithoutTable", "dicom", 3, write_series<6>},
    {"JpegInItems", "dicom", 3, write_series<7>},
    {"JpegInItemsWithoutTable", "dicom", 3, write_series<8>},
    {"Sparse", "dicom", 3, write_series<9>},
    {"SparseImplicit", "dicom", 3, write_series<10>},
    {"Jpeg420", "openslide", 5, vips_fixture<7>},
    {"LzwPredicted", "openslide", 5, vips_fixture<0>},
    {"Picture", "libvips", 1, write_picture},
    {"Turned", "libvips", 1, write_turned},
    {"Turned", "tiff", 1, write_turned},
    {"DeepTiles", "tiff", 1, write_deep<true>},
    {"DeepStrips", "libvips", 1, write_deep<false>},
};

class Reader : public ::testing::TestWithParam<Fixture> {
 protected:
  [[nodiscard]] Image whole(int level) const {
    const auto& size = slide_->info().levels.at(static_cast<std::size_t>(level)).size;
    return slide_->read(level, {0, 0, size.width, size.height});
  }

  TempDir folder_;
  fs::path path_ = GetParam().write(folder_.path());
  std::unique_ptr<Slide> slide_ =
      Slide::open(path_, {.mpp = Mpp{0.25, 0.5}, .reader = GetParam().reader});
};

TEST_P(Reader, TellsTheGeometryOfAPyramid) {
  const auto& info = slide_->info();
  EXPECT_EQ(info.reader, GetParam().reader);
  EXPECT_EQ(info.id, "a");
  EXPECT_EQ(info.mpp, (Mpp{0.25, 0.5}));
  EXPECT_EQ(info.levels.front().size, (Size{kWidth, kHeight}));
  EXPECT_EQ(info.levels.front().downsample, (Downsample{1, 1}));
  for (std::size_t i = 1; i < info.levels.size(); ++i) {
    const auto& level = info.levels[i];
    EXPECT_LT(level.size.width, info.levels[i - 1].size.width);
    EXPECT_EQ(level.downsample.x,
              static_cast<double>(kWidth) / static_cast<double>(level.size.width));
    EXPECT_EQ(level.downsample.y,
              static_cast<double>(kHeight) / static_cast<double>(level.size.height));
  }
  EXPECT_GE(info.levels.size() + 1, GetParam().levels);
}

/// Or of what made the file, where libvips does not read it.
TEST_P(Reader, HasThePixelsOfLibvips) {
  const auto beside = folder_ / "expected.png";
  EXPECT_EQ(whole(0), read_image(fs::exists(beside) ? beside : path_));
}

TEST_P(Reader, ReadsACropOfTheWholeAtAnyOffset) {
  std::mt19937 random(11);
  for (int level = 0; level < static_cast<int>(slide_->info().levels.size()); ++level) {
    const auto all = whole(level);
    for (int i = 0; i < 15; ++i) {
      const auto x = static_cast<std::int64_t>(random() % static_cast<unsigned>(all.width()));
      const auto y = static_cast<std::int64_t>(random() % static_cast<unsigned>(all.height()));
      const LevelRect rect{x, y, 1 + static_cast<std::int64_t>(random() % 90),
                           1 + static_cast<std::int64_t>(random() % 90)};
      const auto inside = rect.intersected({0, 0, all.width(), all.height()});
      ASSERT_EQ(slide_->read(level, inside), crop(all, inside)) << level << ": " << x << "," << y;
    }
  }
}

TEST_P(Reader, HasBackgroundOutsideTheLevelOnEverySide) {
  const auto all = whole(0);
  const auto background = slide_->info().background;
  const LevelRect rect{-20, -30, kWidth + 60, kHeight + 50};
  Image expected(static_cast<int>(rect.width), static_cast<int>(rect.height), background);
  paste(all, expected, 20, 30);
  EXPECT_EQ(slide_->read(0, rect), expected);
  EXPECT_EQ(slide_->read(0, {kWidth, 0, 5, 5}), Image(5, 5, background));
  EXPECT_EQ(slide_->read(0, {-9, -9, 5, 5}), Image(5, 5, background));
}

TEST_P(Reader, ReadsTheSameInManyThreads) {
  const auto all = whole(0);
  std::atomic<int> wrong = 0;
  const auto work = [&](unsigned seed) {
    std::mt19937 random(seed);
    for (int i = 0; i < 30; ++i) {
      const LevelRect rect{static_cast<std::int64_t>(random() % 400),
                           static_cast<std::int64_t>(random() % 300), 100, 90};
      if (slide_->read(0, rect) != crop(all, rect)) ++wrong;
    }
  };
  std::vector<std::jthread> threads;
  for (unsigned i = 0; i < 4; ++i) threads.emplace_back(work, i);
  threads.clear();
  EXPECT_EQ(wrong, 0);
}

TEST_P(Reader, RefusesWhatIsNotThereByTheFilesName) {
  const auto said = [&](const auto& read) -> std::string {
    try {
      (void)read();
      return "read";
    } catch (const SlideError& error) {
      return error.what();
    }
  };
  const auto count = static_cast<int>(slide_->info().levels.size());
  for (const int level : {-1, count}) {
    EXPECT_THAT(said([&] {
                  return slide_->read(level, {0, 0, 1, 1});
                }),
                HasSubstr(path_.string() + ": there is no level " + std::to_string(level)));
  }
  EXPECT_THAT(said([&] { return slide_->read_associated("map"); }),
              HasSubstr(path_.string() + ": there is no associated image 'map'"));
}

struct Fault {
  const char* name;
  void (*happen)(const fs::path& path, const std::string& other);
};

constexpr Fault kFaults[] = {
    {"removed", [](const fs::path& path, const std::string&) { fs::remove(path); }},
    {"cut to nothing", [](const fs::path& path, const std::string&) { fs::resize_file(path, 0); }},
    {"cut to a half", [](const fs::path& path,
                         const std::string&) { fs::resize_file(path, fs::file_size(path) / 2); }},
    {"grown",
     [](const fs::path& path, const std::string&) {
       std::ofstream(path, std::ios::app | std::ios::binary) << "more";
     }},
    {"overwritten by another slide",
     [](const fs::path& path, const std::string& other) { write_bytes(path, other); }},
    {"replaced by another slide",
     [](const fs::path& path, const std::string& other) {
       write_bytes(path.string() + ".new", other);
       fs::rename(path.string() + ".new", path);
     }},
    {"its folder renamed",
     [](const fs::path& path, const std::string&) {
       fs::rename(path.parent_path(), path.parent_path().string() + "2");
     }},
};

/// Another picture under the same directories: every sample of the data is its complement.
std::string other_content(const fs::path& path) {
  auto bytes = text_of(path);
  const auto keep = std::min<std::size_t>(bytes.size(), 40);
  for (auto at = bytes.begin() + static_cast<std::ptrdiff_t>(keep); at != bytes.end(); ++at)
    *at = static_cast<char>(~*at);
  return bytes;
}

TEST_P(Reader, EndsASlideThatChangesWhileItIsRead) {
  const LevelRect rect{70, 60, 100, 90};
  for (const auto& fault : kFaults) {
    SCOPED_TRACE(fault.name);
    const TempDir outer;
    fs::create_directory(outer / "share");
    const auto path = outer / "share" / path_.filename();
    fs::copy_file(path_, path);
    fs::last_write_time(path, fs::last_write_time(path) - std::chrono::hours(1));
    const auto other = other_content(path);
    const auto state = SlideState::of(path);
    const auto slide = Slide::open(path, {.mpp = Mpp{0.25, 0.5}, .reader = GetParam().reader});
    const auto digest = state.sha256(path);
    fault.happen(path, other);
    try {
      // What was in memory before may be handed out: the slide is refused once all is read.
      EXPECT_EQ(slide->read(0, rect), slide_->read(0, rect));
    } catch (const SlideChanged& error) {
      EXPECT_THAT(error.what(), HasSubstr(path.string() + ": "));
    }
    EXPECT_THROW(state.require_same(path, digest), SlideChanged);
  }
}

INSTANTIATE_TEST_SUITE_P(Each, Reader, ::testing::ValuesIn(kFixtures), [](const auto& test) {
  return std::string(test.param.name) + "By" + test.param.reader;
});

}  // namespace
}  // namespace cytocape
