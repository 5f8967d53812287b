#pragma once

/// Pictures of a slide for a browser: squares of a pyramid, and single cells. Thread-safe.

#include <cstdint>
#include <optional>
#include <vector>

#include "io/slide.hpp"

namespace cytocape {

inline constexpr int kTilePx = 256;  ///< edge of a square

/// Square (x, y) of zoom z covers level-0 [x * e, (x + 1) * e) x [y * e, (y + 1) * e) with
/// e = 256 * 2^(largest_zoom - z); the slide as a whole is square (0, 0) of zoom 0.
struct TilePlace {
  int zoom = 0;
  std::int64_t x = 0;
  std::int64_t y = 0;
};

[[nodiscard]] int largest_zoom(const Size& slide);

/// JPEG; what is beyond the slide is background. None for a place that there is not, and where the
/// slide has no level near the zoom, so that more than 4096 x 4096 pixels would be read for a
/// square: the record's overview is shown there. Throws SlideError.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> tile_jpeg(const Slide& slide,
                                                                 const TilePlace& place);

/// JPEG of the square of `edge_um` around `centre`, `px` pixels wide. Throws SlideError.
[[nodiscard]] std::vector<std::uint8_t> cell_jpeg(const Slide& slide, Level0Point centre,
                                                  double edge_um, int px);

}  // namespace cytocape
