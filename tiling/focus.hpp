#pragma once

/// Sharpness on the locate grid: the mean squared Laplacian of green over its variance. Sums are
/// whole numbers, so a figure is the same in every window that holds its pixels.

#include <span>

#include "io/geometry.hpp"
#include "io/image.hpp"

namespace cytocape {

/// Pixels of an image; may reach over its edges, where it is cut.
struct FocusRect {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
};

/// 0 for an area without contrast.
[[nodiscard]] double local_focus(const Image& image, const FocusRect& rect);

/// Percentile (0..1) over the patches in `rect` that have contrast; NaN where none has.
[[nodiscard]] double focus_percentile(const Image& image, const FocusRect& rect, Mpp mpp,
                                      double share);

/// What a sharp area of the slide reaches: a high percentile over all patches; 0 where none has
/// contrast.
[[nodiscard]] double focus_reference(std::span<const Image> samples, Mpp mpp);

}  // namespace cytocape
