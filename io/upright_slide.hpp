#pragma once

/// A slide whose file stores it turned or mirrored (TIFF tag 274, counted as EXIF does), as it is
/// meant to be seen. Internal to io/.
///
///     stored, 3 x 2, orientation 6        upright, 2 x 3: turned by 90 degrees clockwise
///         a b c                               d a
///         d e f                               e b
///                                             f c
///
/// Sizes, tiles, pixel size and every rectangle are those of the upright slide, whatever the file
/// holds; a whole read is the stored one turned, pixel for pixel.

#include <cstdint>
#include <memory>

#include "io/slide.hpp"

namespace cytocape {

/// Of 1 to 8: whether rows of the upright slide are columns of the file.
[[nodiscard]] bool swaps_axes(std::uint64_t orientation);

/// `stored`, turned by `orientation`, 1 to 8; itself for 1. Its pixel size must be that of the
/// axes of the file.
[[nodiscard]] std::unique_ptr<Slide> upright(std::unique_ptr<Slide> stored,
                                             std::uint64_t orientation);

}  // namespace cytocape
