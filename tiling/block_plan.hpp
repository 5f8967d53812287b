#pragma once

/// Cuts a slide into blocks, squares of whole pyramid tiles, in row-major order. Pure.
///
///     +----margin------------------+
///     |   +----core----------+     |   A block reads its window (core + margin, cut at the
///     |   |  o          o    | x   |   slide's edge) and owns the cells whose centre lies in its
///     |   |       o          |     |   half-open core: o it keeps, x its neighbour keeps. Cores
///     |   +------------------+     |   tile the slide without gap or overlap; the last ones are
///     +----------------------------+   smaller, never dropped.

#include <cstdint>
#include <vector>

#include "tiling/locate_grid.hpp"

namespace cytocape {

struct Block {
  std::uint64_t index = 0;
  LocateRect core;
  LocateRect window;
  Level0Rect core_level0;
};

/// No rule of the finder (locate.hpp) looks farther than this from a cell's centre, um.
inline constexpr double kFinderReachUm = 62;

struct BlockPlanOptions {
  /// Edge of a block in tiles of the located level; 0 takes the number nearest `auto_edge_um`.
  int block_tiles = 0;
  double auto_edge_um = 500;
  double margin_um = kFinderReachUm;  ///< less would let a cell depend on its block

  bool operator==(const BlockPlanOptions&) const = default;
};

[[nodiscard]] std::vector<Block> plan_blocks(const SlideInfo& slide, const LocateScale& scale,
                                             const BlockPlanOptions& options);

}  // namespace cytocape
