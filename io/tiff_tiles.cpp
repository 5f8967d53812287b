#include "io/tiff_tiles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "io/jpeg2000_tile.hpp"
#include "io/tiff_damage.hpp"
#include "io/tiff_samples.hpp"
#include "io/zlib_check.hpp"

namespace cytocape {
namespace {

bool is_deflate(std::uint64_t compression) {
  return compression == kTiffDeflate || compression == kTiffOldDeflate;
}

bool is_jpeg2000(std::uint64_t compression) {
  return compression == kTiffAperioJpeg2000YCbCr || compression == kTiffAperioJpeg2000Rgb;
}

/// Smaller ones cost more to find than to decode, and no scanner writes them.
constexpr std::int64_t kLeastTileEdge = 16;

std::string why_not_these_samples(const TiffPage& page) {
  if (page.separate_planes) return "its colours are in planes of their own";
  if (page.bits != 8 || !page.equal_samples || page.sample_format != 1) {
    return fmt::format("its samples are not all whole numbers of 8 bits (bits {}, format {})",
                       page.bits, page.sample_format);
  }
  // Aperio's numbers of the compression tell the colours; the photometric tag is wrong in some.
  if (is_jpeg2000(page.compression) && page.samples == 3) return "";
  const bool grey = page.samples == 1 && page.photometric == kTiffBlackIsZero;
  const bool fourth = page.samples == 4 && page.extra_sample <= kTiffAlpha &&
                      page.compression != kTiffJpeg && page.compression != kTiffWebp;
  const bool rgb = (page.samples == 3 || fourth) && page.photometric == kTiffRgb;
  const bool ycbcr =
      page.samples == 3 && page.photometric == kTiffYCbCr && page.compression == kTiffJpeg;
  if (grey || rgb || ycbcr) return "";
  return fmt::format("its pixels are of another kind (samples {}, photometric {})", page.samples,
                     page.photometric);
}

std::string why_not_this_codec(const TiffPage& page) {
  switch (page.compression) {
    case kTiffUncompressed:
    case kTiffJpeg:
    case kTiffAperioJpeg2000YCbCr:
    case kTiffAperioJpeg2000Rgb:
      return "";
    case kTiffLzw:
    case kTiffDeflate:
    case kTiffOldDeflate:
    case kTiffZstd:
      if (page.predictor != 1 && page.predictor != 2) {
        return fmt::format("its predictor is {}", page.predictor);
      }
      break;
    case kTiffPackBits:
    case kTiffWebp:
      break;
    default:
      return fmt::format("its compression is {}", page.compression);
  }
  return libtiff_decodes(page.compression)
             ? ""
             : fmt::format("libtiff here lacks compression {}", page.compression);
}

/// One over white.
std::uint8_t over_white(unsigned sample, unsigned alpha, bool premultiplied) {
  const auto colour = premultiplied ? sample : (sample * alpha + 127) / 255;
  return static_cast<std::uint8_t>(std::min(255U, colour + 255 - alpha));
}

/// A fourth sample of no stated meaning is none that hides the picture.
void write_row(const TiffPage& page, const std::uint8_t* from, std::uint8_t* to) {
  const auto width = static_cast<std::size_t>(page.tile.width);
  if (page.samples == 3) {
    std::memcpy(to, from, 3 * width);
    return;
  }
  for (std::size_t x = 0; x < width; ++x, from += page.samples, to += 3) {
    for (std::size_t c = 0; c < 3; ++c) {
      if (page.samples == 1) {
        to[c] = from[0];
      } else {
        to[c] = page.extra_sample == 0
                    ? from[c]
                    : over_white(from[c], from[3], page.extra_sample == kTiffPremultipliedAlpha);
      }
    }
  }
}

}  // namespace

std::string why_not_decoded(const TiffPage& page) {
  if (!page.tiled()) return "it is cut into strips, not tiles";
  if (page.tile.width < kLeastTileEdge || page.tile.height < kLeastTileEdge) {
    return fmt::format("its tiles are of {} x {} pixels", page.tile.width, page.tile.height);
  }
  const auto codec = why_not_this_codec(page);
  return codec.empty() ? why_not_these_samples(page) : codec;
}

TiffTiles::TiffTiles(std::shared_ptr<const TiffFile> file, const TiffPage& page)
    : file_(std::move(file)),
      page_(page),
      grid_{(page.size.width + page.tile.width - 1) / page.tile.width,
            (page.size.height + page.tile.height - 1) / page.tile.height},
      offsets_(file_->numbers(page.offsets, page.segments())),
      bytes_(file_->numbers(page.bytes, page.segments())) {
  if (page.jpeg_tables.bytes > 0) tables_ = file_->read(page.jpeg_tables);
}

double TiffTiles::absent_share() const {
  const auto absent = std::count(bytes_.begin(), bytes_.end(), 0U);
  return static_cast<double>(absent) / static_cast<double>(bytes_.size());
}

int TiffTiles::largest_shrink() const {
  if (page_.compression != kTiffJpeg) return 1;
  int shrink = 8;
  while (page_.tile.width % shrink != 0 || page_.tile.height % shrink != 0) shrink /= 2;
  return shrink;
}

std::string TiffTiles::decode(std::uint64_t index, int shrink, const RgbTarget& target) const {
  const TiffRange range{offsets_[index], bytes_[index]};
  auto fault = segment_size_fault(page_, range.bytes);
  if (!fault.empty()) return fault;
  if (range.offset > file_->size() || range.bytes > file_->size() - range.offset) {
    return fmt::format("its {} bytes should be at byte {}, beyond the file's end at byte {}",
                       range.bytes, range.offset, file_->size());
  }
  decoded_.fetch_add(1, std::memory_order_relaxed);
  const auto data = file_->read(range);
  if (is_jpeg2000(page_.compression)) {
    return decode_jpeg2000_tile(
        data, page_.compression == kTiffAperioJpeg2000Rgb ? JpegSamples::rgb : JpegSamples::ycbcr,
        target);
  }
  if (page_.compression != kTiffJpeg) return decode_samples(data, target);
  const auto samples = page_.samples == 1              ? JpegSamples::grey
                       : page_.photometric == kTiffRgb ? JpegSamples::rgb
                                                       : JpegSamples::ycbcr;
  return decode_jpeg_tile({.stream = data, .tables = tables_, .samples = samples, .shrink = shrink},
                          target);
}

std::string TiffTiles::decode_samples(const std::vector<std::uint8_t>& data,
                                      const RgbTarget& target) const {
  const auto row_bytes = static_cast<std::size_t>(page_.tile.width) * page_.samples;
  std::vector<std::uint8_t> decoded;
  std::span<const std::uint8_t> samples = data;
  const auto whole = row_bytes * static_cast<std::size_t>(page_.tile.height);
  if (page_.compression != kTiffUncompressed) {
    if (is_deflate(page_.compression)) {
      // libtiff does not always read the checksum.
      if (auto fault = deflate_fault(data); !fault.empty()) return fault;
    }
    decoded.resize(whole);
    if (auto fault = decode_tiff_samples(page_, data, decoded); !fault.empty()) return fault;
    samples = decoded;
  } else if (data.size() < whole) {
    return fmt::format("it has {} bytes where {} belong", data.size(), whole);
  }
  for (std::int64_t y = 0; y < page_.tile.height; ++y) {
    const auto* from = samples.data() + row_bytes * static_cast<std::size_t>(y);
    write_row(page_, from, target.pixels + target.stride * static_cast<std::size_t>(y));
  }
  return "";
}

}  // namespace cytocape
