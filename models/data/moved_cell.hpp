#pragma once

/// Crops in which the cell is not in the middle, to see whether a network finds it. Pure;
/// thread-safe.

#include <cstdint>
#include <optional>

#include "io/image.hpp"
#include "models/data/augment.hpp"
#include "tiling/cell_regions.hpp"

namespace cytocape {

/// How a classifier's crop is cut from a cell's picture.
struct CropScale {
  int crop_px = 0;       ///< edge of the crop, image pixels
  int input_px = 0;      ///< edge of what the classifier sees
  double mpp = 0;        ///< um an input pixel spans
  double image_mpp = 0;  ///< um an image pixel spans, as it was given
};

/// How far a cell is moved on each axis, as a share of the crop's edge. Less than the least would
/// hardly take it off the centre, more than the most would cut it.
inline constexpr double kLeastMove = 0.1;
inline constexpr double kMostMove = 0.2;

struct MovedCell {
  Image crop;             ///< input_px square
  CropOffset moved;       ///< image pixels
  CropPlace place;        ///< where the picture's middle lies now
  bool mirrored = false;  ///< the picture ended: a strip of the surroundings is mirrored
};

/// Moves the cell by a seeded offset, other directions for other seeds. Surroundings are real where
/// the picture leaves room for at least kLeastMove (the offset then stays within that room). Where
/// it does not, they are mirrored beyond its edge, unless the mirrored strip would show a part of
/// the cell a second time: then there is no such crop.
[[nodiscard]] std::optional<MovedCell> move_cell(const Image& image, const CropScale& scale,
                                                 std::uint64_t seed);

}  // namespace cytocape
