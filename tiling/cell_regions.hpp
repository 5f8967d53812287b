#pragma once

/// Where the cell of a crop is, by its stain: its nucleus and its cytoplasm. All that is said of a
/// cell's place follows from this one finder (tiling/cell_mask.hpp too). Pure; thread-safe.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "io/image.hpp"
#include "tiling/locate.hpp"

namespace cytocape {

enum class CellRegion : std::uint8_t { nucleus, cytoplasm, outside };
inline constexpr std::array<CellRegion, 3> kCellRegions{CellRegion::nucleus, CellRegion::cytoplasm,
                                                        CellRegion::outside};
[[nodiscard]] const char* to_string(CellRegion region);

/// A region for each pixel of a crop, row-major.
struct CellRegionMap {
  int width = 0;
  int height = 0;
  std::vector<CellRegion> region;
  [[nodiscard]] CellRegion at(int x, int y) const {
    return region[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                  static_cast<std::size_t>(x)];
  }
  [[nodiscard]] bool has(CellRegion wanted) const;
};

/// The stain of one picture of `mpp` um/px. A picture of a single cell shows little glass and few
/// red cells: its profile is rougher than a slide's.
[[nodiscard]] StainProfile stain_of_picture(const Image& picture, double mpp);

/// Where a cell is looked for in a crop.
struct CropPlace {
  double mpp = 0;  ///< um a crop pixel spans
  double x = 0;    ///< crop pixels; 0 is the left edge of the first
  double y = 0;
};
[[nodiscard]] CropPlace middle_of(const Image& crop, double mpp);

/// The nucleus is the nuclear stain nearest `place`, with the lobes that lie close to it; the
/// cytoplasm is what is stained like a nucleated cell around it, as far as it is no nearer to
/// another nucleus. A cell without a nucleus (a platelet) is cytoplasm alone. All is `outside`
/// where nothing of the kind lies there.
[[nodiscard]] CellRegionMap find_cell_regions(const Image& crop, const CropPlace& place,
                                              const StainProfile& stain);

/// The share of each region in each of rows x columns equal patches of the crop, row-major; a
/// pixel belongs to the patch that holds its centre. At every patch the three add up to 1.
struct PatchShares {
  int rows = 0;
  int columns = 0;
  std::array<std::vector<double>, kCellRegions.size()> share;  ///< by region, [rows * columns]
};
[[nodiscard]] PatchShares patch_shares(const CellRegionMap& regions, int rows, int columns);

}  // namespace cytocape
