#pragma once

/// The slide-wide grid of about 1 um/px on which cells are located: a pyramid level shrunk by a
/// whole factor, so that any window of it is the same pixels whoever reads it.

#include "io/geometry.hpp"
#include "io/image.hpp"
#include "io/slide.hpp"

namespace cytocape {

struct LocateScale {
  int level = 0;     ///< pyramid level that is read
  int shrink_x = 1;  ///< level pixels averaged into one locate pixel
  int shrink_y = 1;
  Downsample to_level0;  ///< level-0 pixels a locate pixel spans
  Mpp mpp;               ///< um a locate pixel spans
  Size size;             ///< locate pixels of the whole slide, the last ones partial
};

/// The coarsest grid not coarser than `target_um` um/px on either axis (level 0 itself where that
/// is coarser already). Throws SlideError above 1.6 um/px: cells cannot be told apart there.
[[nodiscard]] LocateScale choose_locate_scale(const SlideInfo& slide, double target_um);

/// Averages the level's pixels into locate pixels; a partial pixel at the slide's right or bottom
/// edge is the mean of what lies on the slide, a pixel wholly outside is background.
/// Throws SlideError as Slide::read does.
[[nodiscard]] Image read_locate(const Slide& slide, const LocateScale& scale,
                                const LocateRect& window);

/// The file leaves all of the window out: read_locate gives background.
[[nodiscard]] bool is_left_out(const Slide& slide, const LocateScale& scale,
                               const LocateRect& window);

[[nodiscard]] Level0Point to_level0(const LocateScale& scale, double x, double y);
/// Edges rounded to the nearest pixel, so that neighbouring rectangles stay neighbours.
[[nodiscard]] Level0Rect to_level0(const LocateScale& scale, const LocateRect& rect);

}  // namespace cytocape
