#pragma once

/// Filling pixels that were taken out of a picture, so that nothing shows which they were. Pure;
/// thread-safe.

#include <cstdint>
#include <span>

namespace cytocape {

/// RGB bytes, interleaved, rows without gaps.
struct PictureShape {
  int width = 0;
  int height = 0;
};

/// Replaces every pixel of `rgb` whose `kept` is 0 by the weighted mean of its eight neighbours
/// (1/6 beside, 1/12 across; at the picture's edge of those that there are), all missing pixels at
/// once, plus noise of the given deviation in grey levels: the noisy linear imputation of ROAD
/// (Rong et al., ICML 2022). Mean imputation would leave the mask's outline for a network to read.
/// The system is symmetric and positive, and solved by conjugate gradients to a tenth of a grey
/// level. The same for the same seed. Where nothing is kept everything becomes the middle grey.
void impute_linearly(std::span<std::uint8_t> rgb, const PictureShape& shape,
                     std::span<const std::uint8_t> kept, double noise, std::uint64_t seed);

}  // namespace cytocape
