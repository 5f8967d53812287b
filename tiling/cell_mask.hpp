#pragma once

/// Where the cell of a crop is, by its stain: nucleus and the cytoplasm that stains like it.

#include <cstdint>
#include <optional>
#include <vector>

#include "io/image.hpp"

namespace cytocape {

struct CellMask {
  int width = 0;  ///< pixels of the crop
  int height = 0;
  std::vector<std::uint8_t> inside;  ///< [height, width], 1 on the cell
  double share = 0;                  ///< of the crop's area
  double x = 0;                      ///< middle of the cell, pixels; 0 is the crop's left edge
  double y = 0;
};

/// The cell at (x, y), in pixels of `crop` of `mpp` um: the stained pieces within 6 um of that
/// place, so that the lobes of one nucleus stay together. None where nothing is stained there.
///
/// Densities are taken against the crop's own glass; the nuclear channel (tiling/stain.hpp) is
/// split by Otsu's threshold, and the area around what lies above it is grown down to a part of
/// that threshold. Red cells and pink cytoplasm stay outside. Pure; thread-safe.
[[nodiscard]] std::optional<CellMask> find_cell(const Image& crop, double mpp, double x, double y);

}  // namespace cytocape
