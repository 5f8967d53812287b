#pragma once

/// Crops of labelled cell images: as the classifier will see them, and varied for training.
/// Pure; thread-safe.

#include <cstdint>

#include "io/image.hpp"

namespace cytocape {

struct AugmentOptions {
  bool rotate = true;  ///< any angle
  bool flip = true;
  double shift = 0.2;       ///< of the crop's edge, each axis, both ways: as far as finders err
  double scale_min = 0.85;  ///< magnification of the cell
  double scale_max = 1.18;
  double brightness = 0.15;    ///< gain of all channels, 1 - b .. 1 + b
  double channel_gain = 0.06;  ///< gain of each channel on its own
  double contrast = 0.20;      ///< gain of the distance to the crop's mean colour
  double saturation = 0.25;    ///< gain of the distance to the pixel's grey
};

/// A cell's picture with its surroundings, perhaps reduced, ready to be cropped many times.
struct CellPicture {
  Image pixels;
  double crop_edge = 0;  ///< edge of the classifier's crop, in `pixels` pixels
  double centre_x = 0;   ///< of that crop, likewise; 0 is the left edge of the first pixel
  double centre_y = 0;
};

/// The whole pixel, perhaps before the first, at which the unvaried crop begins on an axis of
/// `length` pixels.
[[nodiscard]] int crop_begin(int length, int crop_px);

/// Keeps what any varied crop of `image` can show, at the smallest scale that still is not coarser
/// than the crop (a whole-number reduction by area averaging). `crop_px`, in image pixels, is the
/// edge of the square around the image's centre that becomes input_px x input_px.
[[nodiscard]] CellPicture prepare_picture(const Image& image, int crop_px, int input_px,
                                          const AugmentOptions& options);

/// One variation, the same for equal `seed`: rotation, flip, magnification and shift as one warp
/// of the picture (so that a shifted crop shows real surroundings; mirrored only where the picture
/// ends), resampled as cut_crop does it, then the colours. Without a variation it is cut_crop's to
/// the bit, but for the rounding of a picture that was reduced before. Writes 3 * input_px *
/// input_px bytes, RGB interleaved, to `out`.
void vary_crop(const CellPicture& picture, const AugmentOptions& options, std::uint64_t seed,
               int input_px, std::uint8_t* out);

struct CropOffset {
  double x = 0;  ///< image pixels that the cell is moved to the right within the crop
  double y = 0;
};

/// The unvaried crop, by the resampler of tiling/crop.hpp, from crop_begin on. Beyond the
/// image's edge it is mirrored.
[[nodiscard]] Image cut_crop(const Image& image, int crop_px, int input_px, CropOffset moved = {});

}  // namespace cytocape
