#pragma once

#include <cmath>
#include <vector>

#include "io/image.hpp"

namespace cytocape::testing {

struct Disc {
  double x;  ///< pixels
  double y;
  double radius;
  Rgb colour;
};

inline constexpr Rgb kGlass{235, 232, 228};
inline constexpr Rgb kRedCell{205, 165, 168};
inline constexpr Rgb kCytoplasm{190, 160, 205};
inline constexpr Rgb kNucleus{95, 45, 140};
inline constexpr Rgb kPlatelet{160, 115, 185};

/// Glass with a little fixed noise, and discs over it in their order.
inline Image smear(int width, int height, const std::vector<Disc>& discs) {
  Image image(width, height, kGlass);
  for (const Disc& d : discs)
    for (int y = std::max(0, static_cast<int>(d.y - d.radius));
         y < std::min(height, static_cast<int>(d.y + d.radius) + 2); ++y)
      for (int x = std::max(0, static_cast<int>(d.x - d.radius));
           x < std::min(width, static_cast<int>(d.x + d.radius) + 2); ++x) {
        if (std::hypot(x + 0.5 - d.x, y + 0.5 - d.y) > d.radius) continue;
        std::uint8_t* p = image.row(y) + 3 * x;
        p[0] = d.colour.r;
        p[1] = d.colour.g;
        p[2] = d.colour.b;
      }
  std::uint32_t state = 1;
  for (std::uint8_t& v : image.pixels()) {
    state = state * 1664525 + 1013904223;
    v = static_cast<std::uint8_t>(v + (state >> 29) % 5);
  }
  return image;
}

}  // namespace cytocape::testing
