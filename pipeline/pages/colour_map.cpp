#include "pipeline/pages/colour_map.hpp"

#include <algorithm>
#include <cmath>

namespace cytocape {
namespace {

constexpr Rgb kViolet{74, 20, 140};
constexpr Rgb kTeal{0, 77, 84};
constexpr Rgb kOrange{158, 66, 0};

Rgb from_white(Rgb dark, double t) {
  const double part = std::clamp(t, 0.0, 1.0);
  const auto mix = [part](int end) { return static_cast<std::uint8_t>(255 + part * (end - 255)); };
  return {mix(dark.r), mix(dark.g), mix(dark.b)};
}

}  // namespace

Rgb share_colour(double t) {
  return from_white(kViolet, t);
}

Rgb logit_colour(double t) {
  return from_white(kTeal, t);
}

Rgb difference_colour(double t) {
  return t < 0 ? from_white(kOrange, -t) : from_white(kViolet, t);
}

}  // namespace cytocape
