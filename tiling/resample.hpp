#pragma once

/// The one way in which the pixels of crops are made from those of a slide's level
/// (tiling/crop.hpp) or of an image of a single cell (models/data/augment.hpp), so that a network
/// is judged on the pixels that it is used on. Pure; thread-safe.

#include <cstdint>
#include <vector>

#include "io/image.hpp"

namespace cytocape {

/// One axis of what is cut. Positions are source pixels: 0 is the first edge of pixel 0.
struct ResampleAxis {
  double begin = 0;  ///< where the first output pixel begins
  double step = 1;   ///< source pixels that an output pixel spans
  int count = 0;     ///< output pixels
};

/// Shrinks by area averaging (an output pixel is the mean of what it covers, in parts of pixels)
/// and enlarges bilinearly, each axis by its own step. Rounds once, to the nearest.
class Resampler {
 public:
  Resampler(const ResampleAxis& x, const ResampleAxis& y);

  /// The source pixels that apply() takes; they may lie outside of what there is.
  struct Source {
    std::int64_t x = 0;
    std::int64_t y = 0;
    std::int64_t width = 0;
    std::int64_t height = 0;
  };
  [[nodiscard]] Source source() const;

  /// `pixels` are those of source(), nothing else.
  [[nodiscard]] Image apply(const Image& pixels) const;

  /// What one output pixel takes from the source: weights of `first`, `first` + 1, ..
  struct Taps {
    std::int64_t first = 0;
    std::vector<float> weight;
  };

 private:
  std::vector<Taps> columns_;
  std::vector<Taps> rows_;
};

}  // namespace cytocape
