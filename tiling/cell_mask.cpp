#include "tiling/cell_mask.hpp"

#include "tiling/cell_regions.hpp"

namespace cytocape {

std::optional<CellMask> cell_mask_of(const CellRegionMap& regions) {
  CellMask mask{.width = regions.width, .height = regions.height};
  mask.inside.reserve(regions.region.size());
  std::int64_t pixels = 0;
  for (int y = 0; y < regions.height; ++y)
    for (int x = 0; x < regions.width; ++x) {
      const bool inside = regions.at(x, y) != CellRegion::outside;
      mask.inside.push_back(inside ? 1 : 0);
      if (!inside) continue;
      ++pixels;
      mask.x += x + 0.5;
      mask.y += y + 0.5;
    }
  if (pixels == 0) return std::nullopt;
  const auto count = static_cast<double>(pixels);
  mask.share = count / static_cast<double>(mask.inside.size());
  mask.x /= count;
  mask.y /= count;
  return mask;
}

}  // namespace cytocape
