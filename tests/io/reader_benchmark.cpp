// Processor seconds of one thread for the same tiles of level 0, read several ways in turn. Prints
// "WAY SECONDS" lines for script/bench_readers.py, which compares them with other programs.
//   cytocape_reader_benchmark SLIDE ROWS
#include <fmt/format.h>
#include <time.h>

#include <cstdio>
#include <string>
#include <vector>
// After cstdio, which it needs.
#include <jpeglib.h>

#include "io/errors.hpp"
#include "io/slide.hpp"
#include "io/tiff_file.hpp"
#include "tiling/locate_grid.hpp"

namespace cytocape {
namespace {

double processor_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

template <class Work>
void time_of(const char* way, const Work& work) {
  const auto begin = processor_seconds();
  const auto sum = work();
  fmt::print("{} {:.6f} {}\n", way, processor_seconds() - begin, sum);
}

unsigned sum_of(const Image& image) {
  unsigned sum = 0;
  for (int y = 0; y < image.height(); y += 16) {
    for (int x = 0; x < image.width(); x += 16) sum += image.at(x, y).r;
  }
  return sum;
}

struct Area {
  Size tile;
  std::int64_t columns;
  std::int64_t rows;
};

unsigned read_tiles(const Slide& slide, const Area& area) {
  unsigned sum = 0;
  for (std::int64_t row = 0; row < area.rows; ++row) {
    for (std::int64_t column = 0; column < area.columns; ++column) {
      const auto& [width, height] = area.tile;
      sum += sum_of(slide.read(0, {column * width, row * height, width, height}));
    }
  }
  return sum;
}

unsigned read_shrunk(const Slide& slide, const Area& area, int by) {
  unsigned sum = 0;
  const auto width = area.tile.width / by;
  const auto height = area.tile.height / by;
  for (std::int64_t row = 0; row < area.rows; ++row) {
    for (std::int64_t column = 0; column < area.columns; ++column) {
      sum += sum_of(slide.read_reduced(0, by, {column * width, row * height, width, height}));
    }
  }
  return sum;
}

/// A slide whose codec cannot shrink.
class Unshrunk final : public Slide {
 public:
  explicit Unshrunk(const Slide& slide) : Slide(slide.info()), slide_(slide) {}
  [[nodiscard]] Image read(int level, const LevelRect& rect) const override {
    return slide_.read(level, rect);
  }
  [[nodiscard]] Image read_associated(const std::string& name) const override {
    return slide_.read_associated(name);
  }

 private:
  const Slide& slide_;
};

/// Windows of the grid on which cells are located, as if level 0 were the only one.
unsigned locate(const Slide& slide, const Area& area) {
  constexpr int kShrink = 4;
  constexpr std::int64_t kWindow = 500;
  LocateScale scale;
  scale.shrink_x = scale.shrink_y = kShrink;
  unsigned sum = 0;
  for (std::int64_t y = 0; (y + kWindow) * kShrink <= area.rows * area.tile.height; y += kWindow) {
    for (std::int64_t x = 0; (x + kWindow) * kShrink <= area.columns * area.tile.width;
         x += kWindow) {
      sum += sum_of(read_locate(slide, scale, {x, y, kWindow, kWindow}));
    }
  }
  return sum;
}

/// libjpeg-turbo and nothing else: the streams are in memory, and one decoder and one picture serve
/// all of them.
class BareDecoder {
 public:
  BareDecoder(const TiffFile& file, const Area& area)
      : tables_(file.read(file.pages()[0].jpeg_tables)),
        picture_(static_cast<int>(area.tile.width), static_cast<int>(area.tile.height)),
        ycbcr_(file.pages()[0].photometric == kTiffYCbCr) {
    for (std::int64_t index = 0; index < area.rows * area.columns; ++index) {
      const auto& page = file.pages()[0];
      streams_.push_back(file.read(file.segment(page, static_cast<std::uint64_t>(index))));
    }
    decoder_.err = jpeg_std_error(&errors_);
    jpeg_create_decompress(&decoder_);
    if (tables_.empty()) return;
    jpeg_mem_src(&decoder_, tables_.data(), tables_.size());
    jpeg_read_header(&decoder_, FALSE);
  }
  ~BareDecoder() { jpeg_destroy_decompress(&decoder_); }
  BareDecoder(const BareDecoder&) = delete;
  BareDecoder& operator=(const BareDecoder&) = delete;

  unsigned decode_all() {
    unsigned sum = 0;
    for (const auto& stream : streams_) {
      jpeg_mem_src(&decoder_, stream.data(), stream.size());
      jpeg_read_header(&decoder_, TRUE);
      decoder_.jpeg_color_space = ycbcr_ ? JCS_YCbCr : JCS_RGB;
      decoder_.out_color_space = JCS_RGB;
      jpeg_start_decompress(&decoder_);
      while (decoder_.output_scanline < decoder_.output_height) {
        JSAMPROW rows[16];
        for (int i = 0; i < 16; ++i) {
          const auto y = static_cast<int>(decoder_.output_scanline) + i;
          rows[i] = y < picture_.height() ? picture_.row(y) : nullptr;
        }
        jpeg_read_scanlines(&decoder_, rows, 16);
      }
      jpeg_finish_decompress(&decoder_);
      sum += sum_of(picture_);
    }
    return sum;
  }

 private:
  std::vector<std::uint8_t> tables_;
  std::vector<std::vector<std::uint8_t>> streams_;
  Image picture_;
  bool ycbcr_;
  jpeg_decompress_struct decoder_{};
  jpeg_error_mgr errors_{};
};

int run(const std::string& path, int rows) {
  const auto direct = Slide::open(path, {.mpp = Mpp{0.25, 0.25}, .reader = "tiff"});
  const auto other = Slide::open(path, {.mpp = Mpp{0.25, 0.25}, .reader = "openslide"});
  const auto& level = direct->info().levels.front();
  const Area area{level.tile, level.size.width / level.tile.width, rows};
  const auto file = TiffFile::open(path);
  BareDecoder bare(*file, area);
  (void)read_tiles(*direct, {level.tile, area.columns, 1});
  (void)bare.decode_all();
  fmt::print("tiles {} 0\n", area.columns * area.rows);
  time_of("bare", [&] { return bare.decode_all(); });
  time_of("direct", [&] { return read_tiles(*direct, area); });
  time_of("openslide", [&] { return read_tiles(*other, area); });
  for (const int by : {2, 4, 8}) {
    const auto way = fmt::format("shrunk_{}", by);
    time_of(way.c_str(), [&] { return read_shrunk(*direct, area, by); });
  }
  const auto fresh = Slide::open(path, {.mpp = Mpp{0.25, 0.25}, .reader = "tiff"});
  time_of("locate", [&] { return locate(*fresh, area); });
  time_of("locate_full", [&] { return locate(Unshrunk(*fresh), area); });
  time_of("locate_openslide", [&] { return locate(*other, area); });
  return 0;
}

}  // namespace
}  // namespace cytocape

int main(int count, char** arguments) {
  try {
    if (count == 3) return cytocape::run(arguments[1], std::stoi(arguments[2]));
    fmt::print(stderr, "usage: cytocape_reader_benchmark SLIDE ROWS\n");
  } catch (const std::exception& error) {
    fmt::print(stderr, "cytocape_reader_benchmark: {}\n", error.what());
  }
  return 2;
}
