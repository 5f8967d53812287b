#pragma once

/// What varies slowly over a slide, as functions of the position alone.

#include <cstdint>

#include "pipeline/phantom/phantom.hpp"

namespace cytocape::phantom {

/// Smooth noise in about -1 .. 1 with a period of 1 in x and y.
[[nodiscard]] double smooth_noise(std::uint64_t seed, double x, double y);

/// The smear's area: the slide without its irregular glass border.
class Smear {
 public:
  explicit Smear(const PhantomOptions& options);
  /// True when the position lies inside and `inset_px` from the smear's edge. Without a border the
  /// smear goes on beyond the slide, and every position is inside.
  [[nodiscard]] bool holds(double x, double y, double inset_px) const;

 private:
  double width_, height_, margin_, wave_px_;
  std::uint64_t seed_;
};

}  // namespace cytocape::phantom
