#include "io/tiff_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <set>

#include "io/tiff_directory.hpp"

namespace cytocape {
namespace {

constexpr TiffLayout kClassic{4, 2, 12};
constexpr TiffLayout kBig{8, 8, 20};

std::int64_t clamped(std::uint64_t value) {
  constexpr auto most = std::numeric_limits<std::int32_t>::max();
  return static_cast<std::int64_t>(std::min<std::uint64_t>(value, most));
}

bool is_tiled(const TiffDirectory& directory) {
  return directory.find(TiffTag::tile_width) || directory.find(TiffTag::tile_offsets);
}

TiffRange range_of(const std::optional<TiffArray>& array) {
  return array ? TiffRange{array->offset, array->count * array->width} : TiffRange{};
}

/// What tells how samples are meant.
void describe(TiffPage& page, const TiffDirectory& directory) {
  page.reduced = (directory.value(TiffTag::subfile, 0) & 1) != 0;
  page.photometric = directory.value(TiffTag::photometric, kTiffNoPhotometric);
  // Some writers mean by 0 that they say nothing.
  page.orientation = std::max<std::uint64_t>(1, directory.value(TiffTag::orientation, 1));
  page.predictor = directory.value(TiffTag::predictor, 1);
  page.extra_sample = directory.value(TiffTag::extra_samples, 0);
  page.sample_format = directory.value(TiffTag::sample_format, 1);
  page.equal_samples = directory.has_equal_values(TiffTag::bits) &&
                       directory.has_equal_values(TiffTag::sample_format);
  const bool floating = page.sample_format == 3;
  page.smallest =
      directory.number_hint(floating ? TiffTag::smallest_number : TiffTag::smallest_sample);
  page.largest =
      directory.number_hint(floating ? TiffTag::largest_number : TiffTag::largest_sample);
  page.ink_set = directory.value(TiffTag::ink_set, 1);
  page.icc_profile = range_of(directory.find_hint(TiffTag::icc_profile, kTiffUndefined));
  page.description = range_of(directory.find_hint(TiffTag::description, kTiffText));
  page.x_resolution = range_of(directory.find_hint(TiffTag::x_resolution, kTiffRational));
  page.y_resolution = range_of(directory.find_hint(TiffTag::y_resolution, kTiffRational));
  page.resolution_unit = directory.value(TiffTag::resolution_unit, 2);
}

TiffPage page_of(const TiffDirectory& directory) {
  TiffPage page;
  page.size = {clamped(directory.value(TiffTag::width, 0)),
               clamped(directory.value(TiffTag::height, 0))};
  const bool tiled = is_tiled(directory);
  if (tiled) {
    page.tile = {clamped(directory.value(TiffTag::tile_width, 0)),
                 clamped(directory.value(TiffTag::tile_height, 0))};
  }
  page.rows_per_strip = std::max<std::int64_t>(
      1,
      clamped(directory.value(TiffTag::rows_per_strip, std::numeric_limits<std::uint32_t>::max())));
  page.compression = directory.value(TiffTag::compression, kTiffUncompressed);
  page.bits = directory.value(TiffTag::bits, 1);
  page.samples = directory.value(TiffTag::samples, 1);
  page.separate_planes = directory.value(TiffTag::planes, 1) == 2;
  // Some writers keep a tiled page's offsets under the tags of strips, and libtiff reads them.
  const auto either = [&](TiffTag of_tiles, TiffTag of_strips) {
    const auto found = tiled ? directory.find(of_tiles) : std::nullopt;
    return found ? *found : directory.find(of_strips).value_or(TiffArray{});
  };
  page.offsets = either(TiffTag::tile_offsets, TiffTag::strip_offsets);
  page.bytes = either(TiffTag::tile_bytes, TiffTag::strip_bytes);
  if (const auto tables = directory.find(TiffTag::jpeg_tables)) {
    page.jpeg_tables = {tables->offset, tables->count * tables->width};
  }
  describe(page, directory);
  return page;
}

/// What OpenSlide would take at its word. Pages in strips are left to those who read them.
void require_sane_tiles(const TiffBytes& bytes, const TiffDirectory& directory,
                        const TiffPage& page, std::size_t number) {
  if (!is_tiled(directory)) return;
  const auto refuse = [&](const std::string& what) {
    bytes.refuse(fmt::format("its page {} of {} x {} pixels has {}", number, page.size.width,
                             page.size.height, what));
  };
  if (page.size.width < 1 || page.size.height < 1 || page.size.width > kMaxTiffEdge ||
      page.size.height > kMaxTiffEdge) {
    refuse(fmt::format("an implausible size; 1 to {} pixels a side are allowed", kMaxTiffEdge));
  }
  if (page.tile.width < 1 || page.tile.height < 1 ||
      page.tile.width * page.tile.height > kMaxTilePixels) {
    refuse(fmt::format("tiles of {} x {} pixels; 1 to {} pixels a tile are allowed",
                       page.tile.width, page.tile.height, kMaxTilePixels));
  }
  if (page.samples < 1 || page.samples > 64) refuse(fmt::format("{} samples", page.samples));
  const auto needed = page.segments();
  if (needed > kMaxTiffTiles) {
    refuse(fmt::format("{} tiles; at most {} are allowed", needed, kMaxTiffTiles));
  }
  if (page.offsets.count < needed || page.bytes.count < needed) {
    refuse(fmt::format("{} tiles but gives the place of {}", needed,
                       std::min(page.offsets.count, page.bytes.count)));
  }
  // Of another width they are other tiles: the picture would be in pieces.
  if (page.tiled() && page.offsets.count > needed) {
    refuse(fmt::format("{} tiles by its size and gives the place of {}, so that its size is wrong",
                       needed, page.offsets.count));
  }
}

struct Header {
  TiffLayout layout;
  std::uint64_t first = 0;  ///< offset of the first directory
};

/// None when this is no TIFF.
std::optional<Header> read_header(TiffBytes& bytes) {
  std::array<std::uint8_t, 8> head{};
  if (bytes.size() < head.size()) return std::nullopt;
  bytes.read(0, head);
  const bool little = head[0] == 'I' && head[1] == 'I';
  const bool big = head[0] == 'M' && head[1] == 'M';
  if (!little && !big) return std::nullopt;
  bytes.set_big_endian(big);
  const auto version = bytes.number(std::span(head).subspan(2), 2);
  if (version == 43) return Header{kBig, bytes.number_at(8, 8)};
  constexpr auto kMostClassic = std::numeric_limits<std::uint32_t>::max();
  if (version != 42 || bytes.size() > kMostClassic) return std::nullopt;
  return Header{kClassic, bytes.number_at(4, 4)};
}

/// Follows the chain of directories, and from each to those inside it.
class PageReader {
 public:
  PageReader(const TiffBytes& bytes, const Header& header)
      : bytes_(bytes), layout_(header.layout) {}

  std::vector<TiffPage> read(std::uint64_t first) {
    std::vector<TiffPage> pages;
    if (first == 0) bytes_.refuse("it has no page");
    for (auto offset = first; offset != 0;) {
      const auto directory = enter(offset);
      pages.push_back(page(directory));
      read_inner(directory, pages.back());
      offset = directory.next();
    }
    return pages;
  }

 private:
  TiffDirectory enter(std::uint64_t offset) {
    if (!seen_.insert(offset).second) {
      bytes_.refuse(fmt::format("its directories lead in a circle, back to byte {}", offset));
    }
    if (seen_.size() > kMaxTiffPages) {
      bytes_.refuse(fmt::format("it has more than {} pages", kMaxTiffPages));
    }
    return {bytes_, layout_, offset};
  }

  [[nodiscard]] TiffPage page(const TiffDirectory& directory) const {
    auto page = page_of(directory);
    require_sane_tiles(bytes_, directory, page, seen_.size());
    return page;
  }

  /// SubIFDs: in OME-TIFF the smaller levels of a page, elsewhere EXIF data and thumbnails. Those
  /// of a page of no tiles are nobody's.
  void read_inner(const TiffDirectory& outer, TiffPage& page_outside) {
    if (!page_outside.tiled()) return;
    const auto inner = outer.find(TiffTag::sub_directories);
    if (!inner) return;
    for (std::uint64_t i = 0; i < inner->count; ++i) {
      const auto directory =
          enter(bytes_.number_at(inner->offset + i * inner->width, inner->width));
      page_outside.inner.push_back(page(directory));
    }
  }

  const TiffBytes& bytes_;
  const TiffLayout& layout_;
  std::set<std::uint64_t> seen_;
};

}  // namespace

std::uint64_t TiffPage::segments() const {
  const auto over = [](std::int64_t length, std::int64_t part) {
    return static_cast<std::uint64_t>((length + part - 1) / part);
  };
  const auto of_a_plane = tiled() ? over(size.width, tile.width) * over(size.height, tile.height)
                                  : over(size.height, rows_per_strip);
  return separate_planes ? of_a_plane * samples : of_a_plane;
}

TiffFile::TiffFile(std::unique_ptr<const TiffBytes> bytes, std::vector<TiffPage> pages)
    : bytes_(std::move(bytes)), pages_(std::move(pages)) {}

std::unique_ptr<const TiffFile> TiffFile::open(const std::filesystem::path& path) {
  auto bytes = std::make_unique<TiffBytes>(path);
  const auto header = read_header(*bytes);
  if (!header) return nullptr;
  auto pages = PageReader(*bytes, *header).read(header->first);
  return std::unique_ptr<const TiffFile>(new TiffFile(std::move(bytes), std::move(pages)));
}

TiffRange TiffFile::segment(const TiffPage& page, std::uint64_t index) const {
  const auto element = [&](const TiffArray& array) {
    if (index >= array.count) {
      bytes_->refuse(fmt::format("it does not say where part {} of a page is", index));
    }
    return bytes_->number_at(array.offset + index * array.width, array.width);
  };
  const TiffRange range{element(page.offsets), element(page.bytes)};
  if (range.bytes > 0 && !bytes_->holds(range)) {
    bytes_->refuse(fmt::format("{} bytes should be at byte {} of {}", range.bytes, range.offset,
                               bytes_->size()));
  }
  return range;
}

std::vector<std::uint64_t> TiffFile::numbers(const TiffArray& array, std::uint64_t count) const {
  const auto bytes = read({array.offset, count * array.width});
  std::vector<std::uint64_t> out(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    out[i] = bytes_->number(std::span(bytes).subspan(i * array.width), array.width);
  }
  return out;
}

std::string TiffFile::text(const TiffRange& range) const {
  constexpr std::uint64_t kMostText = std::uint64_t{4} << 20;
  const auto bytes = read({range.offset, std::min(range.bytes, kMostText)});
  return {bytes.begin(), std::find(bytes.begin(), bytes.end(), 0)};
}

std::vector<std::uint8_t> TiffFile::icc_profile(const TiffPage& page) const {
  constexpr std::uint64_t kMostBytes = std::uint64_t{32} << 20;
  if (page.icc_profile.bytes == 0 || page.icc_profile.bytes > kMostBytes) return {};
  return read(page.icc_profile);
}

std::optional<double> TiffFile::rational(const TiffRange& range) const {
  if (range.bytes < 8) return std::nullopt;
  const auto over = bytes_->number_at(range.offset, 4);
  const auto under = bytes_->number_at(range.offset + 4, 4);
  if (under == 0) return std::nullopt;
  return static_cast<double>(over) / static_cast<double>(under);
}

std::vector<std::uint8_t> TiffFile::read(const TiffRange& range) const {
  if (!bytes_->holds(range)) {
    bytes_->refuse(fmt::format("{} bytes should be at byte {} of {}", range.bytes, range.offset,
                               bytes_->size()));
  }
  std::vector<std::uint8_t> out(range.bytes);
  bytes_->read(range.offset, out);
  return out;
}

void TiffFile::require_room_for(const TiffPage& page) const {
  // Deflate's longest match takes 2 bits for 258 bytes. LZW's strings grow by a byte a code up to
  // 3.8 kB, PackBits repeats a byte 128 times in two, a JPEG block of 64 pixels takes a bit.
  const auto gain = [&]() -> double {
    switch (page.compression) {
      case kTiffUncompressed:
        return 1;
      case kTiffPackBits:
        return 64;
      case kTiffDeflate:
      case kTiffOldDeflate:
        return 1032;
      case kTiffLzw:
        return 1400;
      case kTiffJpeg:
        return 512.0 * static_cast<double>(page.bits * page.samples) / 8;
      default:
        return 0;  // WebP, Zstandard and JPEG 2000 say "all white" in a few bytes
    }
  }();
  const auto claimed = static_cast<double>(page.size.width) *
                       static_cast<double>(page.size.height) *
                       static_cast<double>(page.bits * page.samples) / 8;
  if (gain > 0 && claimed > gain * static_cast<double>(bytes_->size())) {
    bytes_->refuse(fmt::format("it claims {} x {} pixels, which its {} bytes cannot hold",
                               page.size.width, page.size.height, bytes_->size()));
  }
}

}  // namespace cytocape
