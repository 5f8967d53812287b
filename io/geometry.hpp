#pragma once

/// Coordinates and scales. Every position that leaves a function is in level-0 pixels with the
/// origin at the top-left of the slide, x to the right, y down; pixel (x, y) covers
/// [x, x+1) x [y, y+1), so its centre lies at (x + 0.5, y + 0.5).
///
/// Worked example: a slide with mpp 0.25 x 0.5 um/px and a locate grid that takes 4 x 2 level-0
/// pixels a locate pixel (1 um/px both ways). Locate pixel (10, 10) covers level-0
/// [40, 44) x [20, 22); its centre is Level0Point{42, 21}, or 10.5 um x 10.5 um.

#include <algorithm>
#include <cstdint>

namespace cytocape {

/// Microns per pixel, x and y kept apart: scanners with unequal axes exist.
struct Mpp {
  double x = 0;  ///< um/px along x
  double y = 0;  ///< um/px along y
  friend bool operator==(const Mpp&, const Mpp&) = default;
};

/// A ratio of two pixel grids: level-0 pixels that one pixel of the coarser grid spans.
struct Downsample {
  double x = 1;
  double y = 1;
  friend bool operator==(const Downsample&, const Downsample&) = default;
};

struct Size {
  std::int64_t width = 0;
  std::int64_t height = 0;
  friend bool operator==(const Size&, const Size&) = default;
};

/// A position in level-0 pixels; fractions are positions inside a pixel.
struct Level0Point {
  double x = 0;
  double y = 0;
  friend bool operator==(const Level0Point&, const Level0Point&) = default;
};

/// A half-open rectangle of whole pixels, [x, x+width) x [y, y+height). The tag names its grid, so
/// that a level-0 rectangle cannot be handed to a function that expects another level's.
template <class Grid>
struct BasicRect {
  std::int64_t x = 0;
  std::int64_t y = 0;
  std::int64_t width = 0;
  std::int64_t height = 0;

  [[nodiscard]] std::int64_t right() const { return x + width; }
  [[nodiscard]] std::int64_t bottom() const { return y + height; }
  [[nodiscard]] bool empty() const { return width <= 0 || height <= 0; }
  [[nodiscard]] std::int64_t area() const { return empty() ? 0 : width * height; }
  [[nodiscard]] bool contains(double px, double py) const {
    return px >= static_cast<double>(x) && px < static_cast<double>(right()) &&
           py >= static_cast<double>(y) && py < static_cast<double>(bottom());
  }
  [[nodiscard]] bool overlaps(const BasicRect& other) const {
    return x < other.right() && other.x < right() && y < other.bottom() && other.y < bottom();
  }
  [[nodiscard]] BasicRect intersected(const BasicRect& other) const {
    const auto left = std::max(x, other.x);
    const auto top = std::max(y, other.y);
    return {left, top, std::max<std::int64_t>(0, std::min(right(), other.right()) - left),
            std::max<std::int64_t>(0, std::min(bottom(), other.bottom()) - top)};
  }
  [[nodiscard]] BasicRect grown(std::int64_t dx, std::int64_t dy) const {
    return {x - dx, y - dy, width + 2 * dx, height + 2 * dy};
  }
  friend bool operator==(const BasicRect&, const BasicRect&) = default;
};

struct Level0Grid {};
struct LevelGrid {};
struct LocateGrid {};

using Level0Rect = BasicRect<Level0Grid>;  ///< level-0 pixels
using LevelRect = BasicRect<LevelGrid>;    ///< pixels of one pyramid level, named beside it
using LocateRect = BasicRect<LocateGrid>;  ///< pixels of the slide-wide locate grid (about 1 um/px)

}  // namespace cytocape
