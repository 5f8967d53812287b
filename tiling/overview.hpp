#pragma once

/// The overview picture of a slide, pieced together from the blocks as they are read, so that no
/// slide is read twice for it.

#include "tiling/block_plan.hpp"

namespace cytocape {

struct OverviewPiece {
  Image pixels;
  Level0Rect target;  ///< in overview pixels; the pieces of all blocks tile the overview
};

/// The piece that `block`'s core covers in an overview of `overview` pixels, by area averaging.
/// Empty where the core covers no whole overview pixel.
[[nodiscard]] OverviewPiece overview_piece(const Image& window_pixels, const Block& block,
                                           const LocateScale& scale, const Size& overview);

/// That of a block whose window is background all over.
[[nodiscard]] OverviewPiece empty_overview_piece(const Block& block, const LocateScale& scale,
                                                 const Size& overview, Rgb background);

}  // namespace cytocape
