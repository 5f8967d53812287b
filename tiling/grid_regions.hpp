#pragma once

/// Regions on a regular, slide-wide grid instead of located cells, for models of regions.

#include "tiling/crop.hpp"
#include "tiling/locate.hpp"

namespace cytocape {

struct GridContext {
  const LocateScale& scale;
  const StainProfile& stain;
  const CropSpec& crop;
  const SlideInfo& slide;
};

/// The squares of the model's crop size whose centre lies in the block's core, by y then x, where
/// at least a tenth of the square is stained. Those that reach beyond the slide are excluded
/// as cut by its border.
[[nodiscard]] LocateResult grid_regions(const Image& window_pixels, const Block& block,
                                        const GridContext& context);

}  // namespace cytocape
