#pragma once

/// Reads around unreadable tiles: what a slide's file has lost is named and painted as background,
/// and everything else of the window stays usable.

#include <string>
#include <vector>

#include "tiling/locate_grid.hpp"

namespace cytocape {

struct UnreadableTile {
  int level = 0;
  std::int64_t column = 0;  ///< of the level's own tile grid
  std::int64_t row = 0;
  Level0Rect area;  ///< rounded outwards to whole level-0 pixels
  std::string cause;
};

/// "tile (12, 7) of level 0 is unreadable: <cause>".
[[nodiscard]] std::string describe(const UnreadableTile& tile);

/// Tries each tile under `rect` by itself. On a level without tiles the whole of `rect` counts as
/// tile (0, 0). Costs one read a tile: for use after a read of `rect` failed.
[[nodiscard]] std::vector<UnreadableTile> find_unreadable_tiles(const Slide& slide, int level,
                                                                const LevelRect& rect);

struct SalvagedWindow {
  Image pixels;  ///< as read_locate, with unreadable tiles as background
  std::vector<UnreadableTile> unreadable;
};

/// read_locate that never throws for unreadable tiles.
[[nodiscard]] SalvagedWindow read_locate_salvaging(const Slide& slide, const LocateScale& scale,
                                                   const LocateRect& window);

}  // namespace cytocape
