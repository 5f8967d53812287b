#pragma once

/// Cuts the picture of one cell, resampled to the model's scale.

#include "io/slide.hpp"

namespace cytocape {

struct CropSpec {
  int input_px = 0;  ///< edge of the crop, pixels
  double mpp = 0;    ///< um a crop pixel spans, both axes
};

/// The level-0 rectangle that a crop around `centre` covers, rounded outwards to whole pixels.
[[nodiscard]] Level0Rect crop_extent(const SlideInfo& slide, const CropSpec& spec,
                                     Level0Point centre);

/// Reads from the coarsest level that is not coarser than the model's mpp and resamples by area
/// averaging (enlarging bilinearly where the slide is coarser than the model). Parts outside the
/// slide are background. Returns input_px x input_px. Throws SlideError as Slide::read does.
[[nodiscard]] Image read_crop(const Slide& slide, const CropSpec& spec, Level0Point centre);

/// Sharpness of a crop: variance of the Laplacian of its luminance at the crop's scale, divided by
/// the luminance's own variance, so that it does not grow with contrast.
[[nodiscard]] double crop_focus(const Image& crop);

}  // namespace cytocape
