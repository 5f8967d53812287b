#include "tiling/salvage.hpp"

#include <fmt/format.h>

#include <cmath>

#include "io/errors.hpp"

namespace cytocape {
namespace {

Level0Rect outward_level0(const SlideLevel& level, const LevelRect& rect) {
  const auto x0 =
      static_cast<std::int64_t>(std::floor(static_cast<double>(rect.x) * level.downsample.x));
  const auto y0 =
      static_cast<std::int64_t>(std::floor(static_cast<double>(rect.y) * level.downsample.y));
  const auto x1 =
      static_cast<std::int64_t>(std::ceil(static_cast<double>(rect.right()) * level.downsample.x));
  const auto y1 =
      static_cast<std::int64_t>(std::ceil(static_cast<double>(rect.bottom()) * level.downsample.y));
  return {x0, y0, x1 - x0, y1 - y0};
}

LevelRect level_rect(const LocateScale& scale, const LocateRect& window) {
  return {window.x * scale.shrink_x, window.y * scale.shrink_y, window.width * scale.shrink_x,
          window.height * scale.shrink_y};
}

/// The locate pixels that take any part from `area`.
LocateRect touched(const LocateScale& scale, const Level0Rect& area) {
  const auto x0 =
      static_cast<std::int64_t>(std::floor(static_cast<double>(area.x) / scale.to_level0.x));
  const auto y0 =
      static_cast<std::int64_t>(std::floor(static_cast<double>(area.y) / scale.to_level0.y));
  const auto x1 =
      static_cast<std::int64_t>(std::ceil(static_cast<double>(area.right()) / scale.to_level0.x));
  const auto y1 =
      static_cast<std::int64_t>(std::ceil(static_cast<double>(area.bottom()) / scale.to_level0.y));
  return {x0, y0, x1 - x0, y1 - y0};
}

bool touches_any(const LocateRect& piece, const std::vector<LocateRect>& lost) {
  for (const auto& area : lost)
    if (piece.overlaps(area)) return true;
  return false;
}

void paste(const Image& from, Image& into, std::int64_t x, std::int64_t y) {
  for (int row = 0; row < from.height(); ++row)
    std::copy_n(from.row(row), from.stride(), into.row(static_cast<int>(y) + row) + 3 * x);
}

/// Row by row and, in a row, run by run: the longest stretches that no lost tile touches.
void read_readable_runs(const Slide& slide, const LocateScale& scale, const LocateRect& window,
                        const std::vector<LocateRect>& lost, Image& into) {
  for (std::int64_t y = window.y; y < window.bottom(); ++y) {
    for (std::int64_t x = window.x; x < window.right();) {
      if (touches_any({x, y, 1, 1}, lost)) {
        ++x;
        continue;
      }
      auto end = x;
      while (end < window.right() && !touches_any({end, y, 1, 1}, lost)) ++end;
      paste(read_locate(slide, scale, {x, y, end - x, 1}), into, x - window.x, y - window.y);
      x = end;
    }
  }
}

}  // namespace

std::string describe(const UnreadableTile& tile) {
  return fmt::format("tile ({}, {}) of level {} is unreadable: {}", tile.column, tile.row,
                     tile.level, tile.cause);
}

std::vector<UnreadableTile> find_unreadable_tiles(const Slide& slide, int level,
                                                  const LevelRect& rect) {
  const auto& description = slide.info().levels.at(static_cast<std::size_t>(level));
  const auto clipped = rect.intersected({0, 0, description.size.width, description.size.height});
  if (clipped.empty()) return {};
  const bool tiled = description.tile.width > 0 && description.tile.height > 0;
  const auto tile = tiled ? description.tile : Size{clipped.right(), clipped.bottom()};

  std::vector<UnreadableTile> unreadable;
  for (auto row = clipped.y / tile.height; row * tile.height < clipped.bottom(); ++row) {
    for (auto column = clipped.x / tile.width; column * tile.width < clipped.right(); ++column) {
      const LevelRect area =
          LevelRect{column * tile.width, row * tile.height, tile.width, tile.height}.intersected(
              {0, 0, description.size.width, description.size.height});
      try {
        (void)slide.read(level, area);
      } catch (const SlideError& error) {
        unreadable.push_back({level, column, row, outward_level0(description, area), error.what()});
      }
    }
  }
  return unreadable;
}

SalvagedWindow read_locate_salvaging(const Slide& slide, const LocateScale& scale,
                                     const LocateRect& window) {
  try {
    return {read_locate(slide, scale, window), {}};
  } catch (const SlideError&) {
    auto unreadable = find_unreadable_tiles(slide, scale.level, level_rect(scale, window));
    // Every tile alone reads well: the failure came and went (a network drive), so say so again.
    if (unreadable.empty()) return {read_locate(slide, scale, window), {}};

    std::vector<LocateRect> lost;
    for (const auto& tile : unreadable) lost.push_back(touched(scale, tile.area));
    Image pixels(static_cast<int>(window.width), static_cast<int>(window.height),
                 slide.info().background);
    read_readable_runs(slide, scale, window, lost, pixels);
    return {std::move(pixels), std::move(unreadable)};
  }
}

}  // namespace cytocape
