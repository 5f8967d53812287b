#pragma once

/// Where a class map puts its evidence, against where the cell is. Pure; thread-safe.
///
/// On centred crops this proves nothing: a network that always looks at the middle does as well as
/// one that looks at the cell. So the cell is moved within the crop, and what lies inside it is
/// compared with what lies inside the same shape reflected through the crop's centre.

#include <optional>
#include <span>

#include "tiling/cell_mask.hpp"

namespace cytocape {

struct EvidencePlace {
  double inside = 0;     ///< share of the evidence on the cell
  double reflected = 0;  ///< share of it on the cell reflected through the crop's centre
  double x = 0;          ///< the evidence's centroid, crop pixels; 0 is the left edge
  double y = 0;
  bool follows = false;  ///< the centroid is nearer to the cell's middle than to its reflection
};

/// `map` is not negative, [height, width], enlarged bilinearly to the mask's size. None where it is
/// 0 everywhere.
[[nodiscard]] std::optional<EvidencePlace> place_evidence(std::span<const double> map, int height,
                                                          int width, const CellMask& cell);

}  // namespace cytocape
