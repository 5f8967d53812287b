#pragma once

/// Where everything of a phantom stands. Pure.

#include <cstdint>
#include <vector>

#include "pipeline/phantom/bank.hpp"

namespace cytocape::phantom {

/// One sprite on the slide.
struct Stamp {
  std::int32_t left = 0;  ///< level-0 pixels; may be negative
  std::int32_t top = 0;
  std::uint32_t sprite : 29 = 0;
  std::uint32_t turn : 3 = 0;
};

/// A round area that is out of focus, fully within three quarters of its radius. Patches keep
/// apart from each other.
struct BlurPatch {
  double x = 0;  ///< level-0 pixels
  double y = 0;
  double radius = 0;  ///< pixels
  double sigma = 0;   ///< of the blur, pixels
};

struct Layout {
  std::vector<PhantomCell> cells;
  std::vector<Stamp> stamps;
  std::vector<BlurPatch> patches;
};

/// Throws ConfigError when the cells do not fit.
[[nodiscard]] Layout lay_out(const PhantomOptions& options, const Bank& bank);

}  // namespace cytocape::phantom
