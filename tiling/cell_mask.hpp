#pragma once

/// The cell of a crop as one shape, nucleus and cytoplasm together.

#include <cstdint>
#include <optional>
#include <vector>

namespace cytocape {

struct CellRegionMap;

struct CellMask {
  int width = 0;  ///< pixels of the crop
  int height = 0;
  std::vector<std::uint8_t> inside;  ///< [height, width], 1 on the cell
  double share = 0;                  ///< of the crop's area
  double x = 0;                      ///< middle of the cell, pixels; 0 is the crop's left edge
  double y = 0;
};

/// The shape of the cell that `regions` (tiling/cell_regions.hpp) found, so that a mask and regions
/// never disagree. None where it found no cell. Pure; thread-safe.
[[nodiscard]] std::optional<CellMask> cell_mask_of(const CellRegionMap& regions);

}  // namespace cytocape
