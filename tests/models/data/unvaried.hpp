#pragma once

#include "models/data/augment.hpp"

namespace cytocape::testing {

/// Everything off; tests switch on what they look at.
inline AugmentOptions unvaried() {
  return {.rotate = false,
          .flip = false,
          .shift = 0,
          .scale_min = 1,
          .scale_max = 1,
          .brightness = 0,
          .channel_gain = 0,
          .contrast = 0,
          .saturation = 0};
}

}  // namespace cytocape::testing
