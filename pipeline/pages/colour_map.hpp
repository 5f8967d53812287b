#pragma once

/// The colours of every map in reports and explanations. Pure; thread-safe. Arguments beyond the
/// ends take the end's colour.

#include "io/image.hpp"

namespace cytocape {

/// Shares of a probability: white (0) to dark violet (1).
[[nodiscard]] Rgb share_colour(double t);

/// Logits, which no share may be mistaken for: white (0) to dark teal (1).
[[nodiscard]] Rgb logit_colour(double t);

/// Differences of shares: dark orange (-1), white (0), dark violet (1). Orange and violet stay
/// apart for people who cannot tell red from green.
[[nodiscard]] Rgb difference_colour(double t);

}  // namespace cytocape
