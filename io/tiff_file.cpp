#include "io/tiff_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <set>

namespace cytocape {
namespace {

enum class Tag : std::uint64_t {
  width = 256,
  height = 257,
  bits = 258,
  compression = 259,
  strip_offsets = 273,
  samples = 277,
  rows_per_strip = 278,
  strip_bytes = 279,
  planes = 284,
  tile_width = 322,
  tile_height = 323,
  tile_offsets = 324,
  tile_bytes = 325,
  jpeg_tables = 347,
};

/// Where classic TIFF and BigTIFF differ.
struct Layout {
  unsigned offset;       ///< bytes of an offset, and of the number of values
  unsigned entry_count;  ///< bytes of a directory's number of entries
  std::uint64_t entry;   ///< bytes of an entry: tag, type, number of values, values or offset
};
constexpr Layout kClassic{4, 2, 12};
constexpr Layout kBig{8, 8, 20};

/// Bytes of a value of each type of whole numbers or bytes; 0 for the others, which nothing here
/// needs, and for those that do not exist.
unsigned width_of_type(std::uint64_t type) {
  switch (type) {
    case 1:  // BYTE
    case 7:  // UNDEFINED
      return 1;
    case 3:  // SHORT
      return 2;
    case 4:   // LONG
    case 13:  // IFD
      return 4;
    case 16:  // LONG8
    case 18:  // IFD8
      return 8;
    default:
      return 0;
  }
}

/// One directory's entries by tag.
class Directory {
 public:
  Directory(const TiffBytes& bytes, const Layout& layout, std::uint64_t offset)
      : bytes_(bytes), layout_(layout), offset_(offset) {
    if (!bytes.holds({offset, layout.entry_count})) {
      bytes.refuse(fmt::format("a directory should be at byte {}, beyond the end at byte {}",
                               offset, bytes.size()));
    }
    const auto count = bytes.number_at(offset, layout.entry_count);
    if (count == 0 || count > kMaxTiffEntries) {
      bytes.refuse(fmt::format("its directory at byte {} has {} entries; 1 to {} are allowed",
                               offset, count, kMaxTiffEntries));
    }
    const TiffRange entries{offset + layout.entry_count, count * layout.entry};
    if (!bytes.holds(entries)) {
      bytes.refuse(fmt::format("its directory at byte {} goes beyond its end at byte {}", offset,
                               bytes.size()));
    }
    entries_.resize(entries.bytes);
    bytes.read(entries.offset, entries_);
    // Some writers end a file without the offset of the next directory, and libtiff allows it.
    const TiffRange link{entries.offset + entries.bytes, layout.offset};
    if (bytes.holds(link)) next_ = bytes.number_at(link.offset, layout.offset);
  }

  [[nodiscard]] std::uint64_t next() const { return next_; }

  /// None where the directory lacks the tag. Of a tag that occurs twice the first counts.
  [[nodiscard]] std::optional<TiffArray> find(Tag tag) const {
    for (std::uint64_t at = 0; at < entries_.size(); at += layout_.entry) {
      const auto entry = std::span(entries_).subspan(at, layout_.entry);
      if (bytes_.number(entry, 2) != static_cast<std::uint64_t>(tag)) continue;
      return array_of(tag, entry, offset_ + layout_.entry_count + at);
    }
    return std::nullopt;
  }

  [[nodiscard]] std::uint64_t value(Tag tag, std::uint64_t otherwise) const {
    const auto found = find(tag);
    if (!found || found->count == 0) return otherwise;
    return bytes_.number_at(found->offset, found->width);
  }

 private:
  [[nodiscard]] TiffArray array_of(Tag tag, std::span<const std::uint8_t> entry,
                                   std::uint64_t at) const {
    const auto width = width_of_type(bytes_.number(entry.subspan(2), 2));
    const auto count = bytes_.number(entry.subspan(4), layout_.offset);
    const auto value = entry.subspan(4 + layout_.offset);
    const auto refuse = [&](const std::string& what) {
      bytes_.refuse(fmt::format("tag {} of its directory at byte {} {}",
                                static_cast<std::uint64_t>(tag), offset_, what));
    };
    if (width == 0) refuse("is of a type that is not a whole number");
    if (count > bytes_.size() / width) refuse(fmt::format("claims {} values", count));
    const bool inside = count * width <= layout_.offset;
    const TiffArray array{inside ? at + 4 + layout_.offset : bytes_.number(value, layout_.offset),
                          count, width};
    if (!bytes_.holds({array.offset, count * width})) {
      refuse(fmt::format("has {} values at byte {}, beyond the end at byte {}", count, array.offset,
                         bytes_.size()));
    }
    return array;
  }

  const TiffBytes& bytes_;
  const Layout& layout_;
  std::uint64_t offset_;
  std::vector<std::uint8_t> entries_;
  std::uint64_t next_ = 0;
};

std::int64_t clamped(std::uint64_t value) {
  constexpr auto most = std::numeric_limits<std::int32_t>::max();
  return static_cast<std::int64_t>(std::min<std::uint64_t>(value, most));
}

bool is_tiled(const Directory& directory) {
  return directory.find(Tag::tile_width) || directory.find(Tag::tile_offsets);
}

TiffPage page_of(const Directory& directory) {
  TiffPage page;
  page.size = {clamped(directory.value(Tag::width, 0)), clamped(directory.value(Tag::height, 0))};
  const bool tiled = is_tiled(directory);
  if (tiled) {
    page.tile = {clamped(directory.value(Tag::tile_width, 0)),
                 clamped(directory.value(Tag::tile_height, 0))};
  }
  page.rows_per_strip = std::max<std::int64_t>(
      1, clamped(directory.value(Tag::rows_per_strip, std::numeric_limits<std::uint32_t>::max())));
  page.compression = directory.value(Tag::compression, kTiffUncompressed);
  page.bits = directory.value(Tag::bits, 1);
  page.samples = directory.value(Tag::samples, 1);
  page.separate_planes = directory.value(Tag::planes, 1) == 2;
  // Some writers keep a tiled page's offsets under the tags of strips, and libtiff reads them.
  const auto either = [&](Tag of_tiles, Tag of_strips) {
    const auto found = tiled ? directory.find(of_tiles) : std::nullopt;
    return found ? *found : directory.find(of_strips).value_or(TiffArray{});
  };
  page.offsets = either(Tag::tile_offsets, Tag::strip_offsets);
  page.bytes = either(Tag::tile_bytes, Tag::strip_bytes);
  if (const auto tables = directory.find(Tag::jpeg_tables)) {
    page.jpeg_tables = {tables->offset, tables->count * tables->width};
  }
  return page;
}

/// What OpenSlide would take at its word. Pages in strips are left to those who read them.
void require_sane_tiles(const TiffBytes& bytes, const Directory& directory, const TiffPage& page,
                        std::size_t number) {
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
  if (page.offsets.count < needed || page.bytes.count < needed) {
    refuse(fmt::format("{} tiles but gives the place of {}", needed,
                       std::min(page.offsets.count, page.bytes.count)));
  }
}

struct Header {
  Layout layout;
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

std::vector<TiffPage> read_pages(const TiffBytes& bytes, const Header& header) {
  std::vector<TiffPage> pages;
  std::set<std::uint64_t> seen;
  if (header.first == 0) bytes.refuse("it has no page");
  for (auto offset = header.first; offset != 0;) {
    if (!seen.insert(offset).second) {
      bytes.refuse(fmt::format("its directories lead in a circle, back to byte {}", offset));
    }
    if (pages.size() == kMaxTiffPages) {
      bytes.refuse(fmt::format("it has more than {} pages", kMaxTiffPages));
    }
    const Directory directory(bytes, header.layout, offset);
    pages.push_back(page_of(directory));
    require_sane_tiles(bytes, directory, pages.back(), pages.size());
    offset = directory.next();
  }
  return pages;
}

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
  auto pages = read_pages(*bytes, *header);
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
