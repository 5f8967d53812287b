#include "tiling/block_plan.hpp"

#include <algorithm>
#include <cmath>

namespace cytocape {
namespace {

// Where a file is not tiled, reads of this many level pixels cost least.
constexpr std::int64_t kUntiledEdge = 256;

struct Axis {
  std::int64_t size;  ///< locate pixels
  std::int64_t tile;  ///< level pixels
  std::int64_t shrink;
  double mpp;  ///< of a locate pixel
};

int tiles_per_block(const Axis& axis, const BlockPlanOptions& options) {
  if (options.block_tiles > 0) return options.block_tiles;
  const double tile_um =
      static_cast<double>(axis.tile) * axis.mpp / static_cast<double>(axis.shrink);
  return std::max(1, static_cast<int>(std::lround(options.auto_edge_um / tile_um)));
}

/// Block edges in locate pixels, first 0 and last the slide's size. Where the shrink does not
/// divide the tile an edge falls on the locate pixel that holds the tile's edge.
std::vector<std::int64_t> block_edges(const Axis& axis, const BlockPlanOptions& options) {
  const std::int64_t step = tiles_per_block(axis, options) * axis.tile;
  std::vector<std::int64_t> edges{0};
  for (std::int64_t k = 1; k * step / axis.shrink < axis.size; ++k)
    if (k * step / axis.shrink > edges.back()) edges.push_back(k * step / axis.shrink);
  edges.push_back(axis.size);
  return edges;
}

}  // namespace

std::vector<Block> plan_blocks(const SlideInfo& slide, const LocateScale& scale,
                               const BlockPlanOptions& options) {
  if (scale.size.width <= 0 || scale.size.height <= 0) return {};
  const SlideLevel& level = slide.levels.at(static_cast<std::size_t>(scale.level));
  const auto tile_edge = [](std::int64_t edge) { return edge > 0 ? edge : kUntiledEdge; };
  const auto xs = block_edges(
      {scale.size.width, tile_edge(level.tile.width), scale.shrink_x, scale.mpp.x}, options);
  const auto ys = block_edges(
      {scale.size.height, tile_edge(level.tile.height), scale.shrink_y, scale.mpp.y}, options);
  const auto margin_x = static_cast<std::int64_t>(std::ceil(options.margin_um / scale.mpp.x));
  const auto margin_y = static_cast<std::int64_t>(std::ceil(options.margin_um / scale.mpp.y));
  const LocateRect whole{0, 0, scale.size.width, scale.size.height};
  const Size level0 = slide.levels.front().size;

  std::vector<Block> blocks;
  blocks.reserve((xs.size() - 1) * (ys.size() - 1));
  for (std::size_t j = 0; j + 1 < ys.size(); ++j)
    for (std::size_t i = 0; i + 1 < xs.size(); ++i) {
      Block block;
      block.index = blocks.size();
      block.core = {xs[i], ys[j], xs[i + 1] - xs[i], ys[j + 1] - ys[j]};
      block.window = block.core.grown(margin_x, margin_y).intersected(whole);
      block.core_level0 = to_level0(scale, block.core);
      // The last locate pixel may reach past the slide, or short of it where a level's size was
      // rounded down: the last block takes what is left.
      if (i + 2 == xs.size()) block.core_level0.width = level0.width - block.core_level0.x;
      if (j + 2 == ys.size()) block.core_level0.height = level0.height - block.core_level0.y;
      blocks.push_back(block);
    }
  return blocks;
}

}  // namespace cytocape
