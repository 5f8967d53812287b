#include "io/tiff_damage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "io/jpeg_check.hpp"
#include "io/zlib_check.hpp"

namespace cytocape {
namespace {

bool is_deflated(const TiffPage& page) {
  return page.compression == kTiffDeflate || page.compression == kTiffOldDeflate;
}

bool is_checked(const TiffPage& page) {
  return page.compression == kTiffJpeg || is_deflated(page);
}

Size grid_of(const Size& size, const Size& tile) {
  return {(size.width + tile.width - 1) / tile.width,
          (size.height + tile.height - 1) / tile.height};
}

/// Of `fine` along one edge, the first and the one past the last under tile `index` of `coarse`.
std::pair<std::int64_t, std::int64_t> tiles_under(std::int64_t index, const TiffPage& coarse,
                                                  const TiffPage& fine, std::int64_t Size::*edge) {
  const auto pixel = [&](std::int64_t tile) {
    const auto at = std::min(tile * (coarse.tile.*edge), coarse.size.*edge);
    return at * (fine.size.*edge) / (coarse.size.*edge);
  };
  const auto tile = fine.tile.*edge;
  return {pixel(index) / tile, (pixel(index + 1) + tile - 1) / tile};
}

}  // namespace

/// Philips' levels are a little smaller than their pages, which are filled up to whole tiles.
const TiffPage* page_of_level(const TiffFile& file, const SlideLevel& level) {
  const auto find = [&](const auto& matches) -> const TiffPage* {
    const auto found =
        std::find_if(file.pages().begin(), file.pages().end(), [&](const TiffPage& page) {
          return page.tiled() && page.tile == level.tile && matches(page);
        });
    return found == file.pages().end() ? nullptr : &*found;
  };
  if (level.tile.width < 1 || level.tile.height < 1) return nullptr;
  const auto* same = find([&](const TiffPage& page) { return page.size == level.size; });
  if (same != nullptr) return same;
  return find([&](const TiffPage& page) {
    return grid_of(page.size, page.tile) == grid_of(level.size, level.tile);
  });
}

double absent_share(const TiffFile& file, const TiffPage& page) {
  const auto counts = file.numbers(page.bytes, page.segments());
  const auto absent = std::count(counts.begin(), counts.end(), 0U);
  return static_cast<double>(absent) / static_cast<double>(counts.size());
}

bool lacks_more(const TiffFile& file, const TiffPage& coarse, const TiffPage& fine) {
  const auto bytes = file.numbers(coarse.bytes, coarse.segments());
  const auto finer_bytes = file.numbers(fine.bytes, fine.segments());
  const auto grid = grid_of(coarse.size, coarse.tile);
  const auto finer = grid_of(fine.size, fine.tile);
  for (std::int64_t row = 0; row < grid.height; ++row) {
    const auto rows = tiles_under(row, coarse, fine, &Size::height);
    for (std::int64_t column = 0; column < grid.width; ++column) {
      if (bytes[static_cast<std::size_t>(row * grid.width + column)] != 0) continue;
      const auto columns = tiles_under(column, coarse, fine, &Size::width);
      for (auto y = rows.first; y < rows.second; ++y) {
        for (auto x = columns.first; x < columns.second; ++x) {
          if (finer_bytes[static_cast<std::size_t>(y * finer.width + x)] != 0) return true;
        }
      }
    }
  }
  return false;
}

std::uint64_t most_segment_bytes(const TiffPage& page) {
  const auto rows =
      page.tiled() ? page.tile.height : std::min(page.rows_per_strip, page.size.height);
  const auto columns = page.tiled() ? page.tile.width : page.size.width;
  const auto raw = static_cast<double>(rows) * static_cast<double>(columns) *
                   static_cast<double>(page.bits * page.samples) / 8;
  constexpr double kTables = 1 << 20;
  constexpr double kAnyFile = 1e15;
  return static_cast<std::uint64_t>(std::min(4 * raw + kTables, kAnyFile));
}

std::string segment_size_fault(const TiffPage& page, std::uint64_t bytes) {
  return bytes > most_segment_bytes(page) ? fmt::format("it claims {} bytes", bytes) : "";
}

std::string segment_fault(const TiffFile& file, const TiffPage& page, std::uint64_t index) {
  if (!is_checked(page)) return "";
  const auto range = file.segment(page, index);
  if (range.bytes == 0) return "";
  if (auto fault = segment_size_fault(page, range.bytes); !fault.empty()) return fault;
  const auto data = file.read(range);
  if (is_deflated(page)) return deflate_fault(data, most_segment_bytes(page));
  // Those that do not look at a tile's own word read it by the tag.
  const bool rgb = page.photometric == kTiffRgb;
  const auto stated = page.samples == 3 ? stated_jpeg_samples(data) : std::nullopt;
  if (stated && *stated != (rgb ? JpegSamples::rgb : JpegSamples::ycbcr))
    return fmt::format("it says that its colours are {}, and tag 262 that they are {}",
                       to_string(*stated), rgb ? "RGB" : "YCbCr");
  return jpeg_fault(data, file.read(page.jpeg_tables));
}

std::string page_fault(const TiffFile& file, const TiffPage& page) {
  if (!is_checked(page)) return "";
  for (std::uint64_t index = 0; index < page.segments(); ++index) {
    const auto fault = segment_fault(file, page, index);
    if (!fault.empty())
      return fmt::format("{} {}: {}", page.tiled() ? "tile" : "strip", index, fault);
  }
  return "";
}

TileDamage::TileDamage(std::shared_ptr<const TiffFile> file, const std::vector<SlideLevel>& levels)
    : file_(std::move(file)), levels_(levels.size()) {
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const auto* page = page_of_level(*file_, levels[i]);
    if (page == nullptr || !is_checked(*page) || page->separate_planes) continue;
    auto& level = levels_[i];
    level.page = page;
    level.grid = grid_of(page->size, page->tile);
    level.sound = std::vector<std::atomic<bool>>(page->segments());
  }
}

std::string TileDamage::find(std::size_t level_index, const LevelRect& rect) const {
  const auto& level = levels_[level_index];
  if (level.page == nullptr || rect.empty()) return "";
  const auto& tile = level.page->tile;
  const auto last_column = std::min(level.grid.width - 1, (rect.right() - 1) / tile.width);
  const auto last_row = std::min(level.grid.height - 1, (rect.bottom() - 1) / tile.height);
  for (auto row = std::max<std::int64_t>(0, rect.y) / tile.height; row <= last_row; ++row) {
    for (auto column = std::max<std::int64_t>(0, rect.x) / tile.width; column <= last_column;
         ++column) {
      const auto index = static_cast<std::size_t>(row * level.grid.width + column);
      if (level.sound[index].load(std::memory_order_relaxed)) continue;
      const auto fault = segment_fault(*file_, *level.page, index);
      if (!fault.empty()) return fmt::format("tile ({}, {}): {}", column, row, fault);
      level.sound[index].store(true, std::memory_order_relaxed);
    }
  }
  return "";
}

}  // namespace cytocape
