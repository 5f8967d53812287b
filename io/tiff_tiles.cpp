#include "io/tiff_tiles.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "io/jpeg2000_tile.hpp"
#include "io/tiff_damage.hpp"
#include "io/tiff_kind.hpp"
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

/// Each thread holds one: four samples of 16 bits of the largest tile.
constexpr std::uint64_t kMostTileBytes = std::uint64_t{128} << 20;

std::string why_not_these_samples(const TiffPage& page) {
  if (page.separate_planes) return "its colours are in planes of their own";
  if (auto why = why_undefined(page); !why.empty()) return why;
  if (is_jpeg2000(page.compression) && page.samples == 3) return "";
  const bool ycbcr = page.photometric == kTiffYCbCr && page.compression == kTiffJpeg;
  const bool eight = page.bits == 8 && page.sample_format == 1;
  constexpr std::uint64_t kMostExtras = 2;
  bool taken = has_plain_kind(page) && page.samples <= number_of_colours(page) + kMostExtras;
  if (page.compression == kTiffJpeg)
    taken = eight && ((page.samples == 1 && page.photometric == kTiffBlackIsZero) ||
                      (page.samples == 3 && (ycbcr || page.photometric == kTiffRgb)));
  if (page.compression == kTiffWebp)
    taken = eight && (page.samples == 3 || page.samples == 4) && page.photometric == kTiffRgb;
  if (taken) return "";
  return fmt::format("its pixels are of another kind (bits {}, samples {}, photometric {})",
                     page.bits, page.samples, page.photometric);
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
      if (page.predictor != 1 && page.predictor != (page.sample_format == 3 ? 3 : 2)) {
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

}  // namespace

std::string why_not_decoded(const TiffPage& page) {
  if (!page.tiled()) return "it is cut into strips, not tiles";
  if (page.tile.width < kLeastTileEdge || page.tile.height < kLeastTileEdge) {
    return fmt::format("its tiles are of {} x {} pixels", page.tile.width, page.tile.height);
  }
  const auto bytes =
      static_cast<std::uint64_t>(page.tile.width * page.tile.height) * page.samples * page.bits / 8;
  if (bytes > kMostTileBytes) return fmt::format("its tiles take {} bytes each", bytes);
  const auto codec = why_not_this_codec(page);
  return codec.empty() ? why_not_these_samples(page) : codec;
}

TiffTiles::TiffTiles(std::shared_ptr<const TiffFile> file, const TiffPage& page)
    : file_(std::move(file)),
      page_(page),
      grid_{(page.size.width + page.tile.width - 1) / page.tile.width,
            (page.size.height + page.tile.height - 1) / page.tile.height},
      offsets_(file_->numbers(page.offsets, page.segments())),
      bytes_(file_->numbers(page.bytes, page.segments())),
      zero_tiles_(grid_) {
  if (page.jpeg_tables.bytes > 0) tables_ = file_->read(page.jpeg_tables);
  if (has_plain_kind(page)) kind_ = kind_of(page);
  constexpr std::uint64_t kTail = 4096;
  const auto tail = std::min(kTail, file_->size());
  if (page.compression == kTiffUncompressed)
    ends_in_zeros_ = all_zero(file_->read({file_->size() - tail, tail}));
  if (page.compression == kTiffJpeg) colours_ = jpeg_colours(*file_, page_);
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

/// Of the place where the file says that the tile is; empty when it may be read.
std::string TiffTiles::place_fault(std::uint64_t index) const {
  const TiffRange range{offsets_[index], bytes_[index]};
  auto fault = segment_size_fault(page_, range.bytes);
  if (!fault.empty()) return fault;
  if (range.offset <= file_->size() && range.bytes <= file_->size() - range.offset) return "";
  return fmt::format("its {} bytes should be at byte {}, beyond the file's end at byte {}",
                     range.bytes, range.offset, file_->size());
}

bool TiffTiles::is_zero(std::uint64_t index) const {
  if (is_absent(index) || !place_fault(index).empty()) return false;
  // Most tiles tell by their beginning.
  constexpr std::uint64_t kHead = 4096;
  const TiffRange head{offsets_[index], std::min(bytes_[index], kHead)};
  return all_zero(file_->read(head)) && all_zero(file_->read({offsets_[index], bytes_[index]}));
}

bool TiffTiles::was_never_written(std::uint64_t index, std::span<const std::uint8_t> data) const {
  const bool zero_is_black = page_.photometric == kTiffRgb || page_.photometric == kTiffBlackIsZero;
  if (page_.compression != kTiffUncompressed || !zero_is_black || !all_zero(data)) return false;
  return ends_in_zeros_ ||
         !zero_tiles_.is_border(index, [&](std::uint64_t tile) { return is_zero(tile); });
}

std::string TiffTiles::decode(std::uint64_t index, int shrink, const RgbTarget& target) const {
  if (auto fault = place_fault(index); !fault.empty()) return fault;
  const TiffRange range{offsets_[index], bytes_[index]};
  decoded_.fetch_add(1, std::memory_order_relaxed);
  auto data = file_->read(range);
  if (is_jpeg2000(page_.compression)) {
    return decode_jpeg2000_tile(
        data, page_.compression == kTiffAperioJpeg2000Rgb ? JpegSamples::rgb : JpegSamples::ycbcr,
        target);
  }
  if (was_never_written(index, data)) return kZeroTileFault;
  if (page_.compression != kTiffJpeg) return decode_samples(std::move(data), target);
  return decode_jpeg_tile({.stream = data,
                           .tables = tables_,
                           .samples = colours_.read_as,
                           .unstated = colours_.unstated,
                           .shrink = shrink},
                          target);
}

TiffTiles::Samples TiffTiles::samples_of(std::vector<std::uint8_t> data) const {
  const auto whole = static_cast<std::size_t>(page_.tile.width * page_.tile.height) *
                     kind_.samples * width_of(kind_.type);
  // libtiff turns numbers of several bytes to the order of this machine.
  if (page_.compression == kTiffUncompressed && kind_.type == SampleType::u8) {
    if (data.size() < whole)
      return {{}, fmt::format("it has {} bytes where {} belong", data.size(), whole)};
    return {std::move(data), ""};
  }
  if (is_deflate(page_.compression)) {
    // libtiff does not always read the checksum.
    if (auto fault = deflate_fault(data, most_segment_bytes(page_)); !fault.empty())
      return {{}, std::move(fault)};
  }
  Samples samples{std::vector<std::uint8_t>(whole), ""};
  samples.fault = decode_tiff_samples(page_, file_->big_endian(), data, samples.bytes);
  return samples;
}

std::string TiffTiles::decode_samples(std::vector<std::uint8_t> data,
                                      const RgbTarget& target) const {
  const auto samples = samples_of(std::move(data));
  if (!samples.fault.empty()) return samples.fault;
  const auto width = static_cast<std::size_t>(page_.tile.width);
  if (holds_no_number(kind_, samples.bytes)) return "it holds a sample that is no number";
  const auto row_bytes = width * kind_.samples * width_of(kind_.type);
  for (std::size_t y = 0; y < static_cast<std::size_t>(page_.tile.height); ++y) {
    convert_samples(kind_, samples.bytes.data() + row_bytes * y, width,
                    target.pixels + target.stride * y);
  }
  return "";
}

std::string TiffTiles::why_too_dark() const {
  if (kind_.full_is_stated) return "";
  constexpr std::uint64_t kLooks = 64;
  const auto count = static_cast<std::uint64_t>(bytes_.size());
  const auto pixels = static_cast<std::size_t>(page_.tile.width * page_.tile.height);
  double largest = 0;
  bool seen = false;
  for (std::uint64_t look = 0; look < std::min(count, kLooks); ++look) {
    const auto index = look * count / std::min(count, kLooks);
    if (is_absent(index) || !place_fault(index).empty()) continue;
    const auto samples = samples_of(file_->read({offsets_[index], bytes_[index]}));
    if (!samples.fault.empty()) continue;
    seen = true;
    largest = std::max(largest, largest_sample(kind_, samples.bytes.data(), pixels));
    if (!is_too_dark(kind_, largest)) return "";
  }
  return seen ? too_dark_words(kind_, largest) : "";
}

}  // namespace cytocape
