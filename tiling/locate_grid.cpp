#include "tiling/locate_grid.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "io/errors.hpp"

namespace cytocape {
namespace {

constexpr double kCoarsestMpp = 1.6;
// Pixel sizes come from decimal tags: 0.25 * 4 must count as 1.
constexpr double kRounding = 1e-6;
// A window of a slide without a pyramid may be 12000 px wide at level 0: it is read in bands of
// this many level pixels, so that memory stays near 24 MB a thread.
constexpr std::int64_t kBandPixels = 8'000'000;

int whole_factor(double target_um, double mpp) {
  return std::max(1, static_cast<int>(std::floor(target_um / mpp * (1 + kRounding))));
}

Mpp mpp_of(const SlideInfo& slide, const SlideLevel& level) {
  return {slide.mpp.x * level.downsample.x, slide.mpp.y * level.downsample.y};
}

/// How many of `step` pixels from `from` on lie within [0, size).
int inside(std::int64_t from, int step, std::int64_t size) {
  if (from < 0 || from >= size) return 0;
  return static_cast<int>(std::min<std::int64_t>(step, size - from));
}

/// Writes the rows of `band` to `out` from `first_row` on, each pixel the mean of its source pixels
/// that lie on the slide: a last, partial pixel mixed with background would look like glass.
void average_into(const Image& source, const LocateRect& band, const LocateScale& scale,
                  const Size& level, Image& out, int first_row) {
  const int sx = scale.shrink_x;
  const int sy = scale.shrink_y;
  for (int y = 0; y < source.height() / sy; ++y) {
    const int rows = inside((band.y + y) * sy, sy, level.height);
    std::uint8_t* to = out.row(first_row + y);
    for (int x = 0; x < out.width(); ++x, to += 3) {
      const int columns = inside((band.x + x) * sx, sx, level.width);
      const auto count = static_cast<std::uint32_t>(rows * columns);
      if (count == 0) continue;
      std::array<std::uint32_t, 3> sums{count / 2, count / 2, count / 2};  // rounds to nearest
      for (int dy = 0; dy < rows; ++dy) {
        const std::uint8_t* from = source.row(y * sy + dy) + 3 * x * sx;
        for (int dx = 0; dx < columns; ++dx, from += 3)
          for (std::size_t c = 0; c < 3; ++c) sums[c] += from[c];
      }
      for (std::size_t c = 0; c < 3; ++c) to[c] = static_cast<std::uint8_t>(sums[c] / count);
    }
  }
}

/// By how much the codec shrinks the level before its pixels are averaged: a whole part of both
/// factors, so that the rest is a whole number as well. Not by 2: that saves a quarter of the work,
/// and its filter, unlike a mean, cost a cell of 150.
int shrink_in_codec(const Slide& slide, const LocateScale& scale) {
  int factor = slide.largest_reduction(scale.level);
  while (scale.shrink_x % factor != 0 || scale.shrink_y % factor != 0) factor /= 2;
  constexpr int kLeast = 4;
  return factor < kLeast ? 1 : factor;
}

}  // namespace

LocateScale choose_locate_scale(const SlideInfo& slide, double target_um) {
  if (slide.mpp.x > kCoarsestMpp || slide.mpp.y > kCoarsestMpp)
    throw SlideError(fmt::format(
        "{}: pixel size {:g} x {:g} um/px is too coarse to tell cells apart; scan at {:g} um/px or "
        "finer, or correct the pixel size if it is wrong",
        slide.path.string(), slide.mpp.x, slide.mpp.y, kCoarsestMpp));
  const double limit = target_um * (1 + kRounding);
  std::size_t chosen = 0;
  for (std::size_t i = 1; i < slide.levels.size(); ++i) {
    const Mpp mpp = mpp_of(slide, slide.levels[i]);
    if (mpp.x <= limit && mpp.y <= limit) chosen = i;
  }
  const SlideLevel& level = slide.levels.at(chosen);
  const Mpp mpp = mpp_of(slide, level);
  LocateScale scale;
  scale.level = static_cast<int>(chosen);
  scale.shrink_x = whole_factor(target_um, mpp.x);
  scale.shrink_y = whole_factor(target_um, mpp.y);
  scale.to_level0 = {level.downsample.x * scale.shrink_x, level.downsample.y * scale.shrink_y};
  scale.mpp = {mpp.x * scale.shrink_x, mpp.y * scale.shrink_y};
  scale.size = {(level.size.width + scale.shrink_x - 1) / scale.shrink_x,
                (level.size.height + scale.shrink_y - 1) / scale.shrink_y};
  return scale;
}

Image read_locate(const Slide& slide, const LocateScale& scale, const LocateRect& window) {
  const int factor = shrink_in_codec(slide, scale);
  auto rest = scale;
  rest.shrink_x /= factor;
  rest.shrink_y /= factor;
  const Size level = slide.info().levels.at(static_cast<std::size_t>(scale.level)).size;
  const Size shrunk{(level.width + factor - 1) / factor, (level.height + factor - 1) / factor};
  const std::int64_t source_row = window.width * rest.shrink_x * rest.shrink_y;
  const std::int64_t band_rows = std::max<std::int64_t>(1, kBandPixels / source_row);
  Image out(static_cast<int>(window.width), static_cast<int>(window.height),
            slide.info().background);
  for (std::int64_t y = 0; y < window.height; y += band_rows) {
    const LocateRect band{window.x, window.y + y, window.width,
                          std::min(band_rows, window.height - y)};
    const Image source =
        slide.read_reduced(scale.level, factor,
                           {band.x * rest.shrink_x, band.y * rest.shrink_y,
                            band.width * rest.shrink_x, band.height * rest.shrink_y});
    average_into(source, band, rest, shrunk, out, static_cast<int>(y));
  }
  return out;
}

bool is_left_out(const Slide& slide, const LocateScale& scale, const LocateRect& window) {
  return slide.is_left_out(scale.level,
                           {window.x * scale.shrink_x, window.y * scale.shrink_y,
                            window.width * scale.shrink_x, window.height * scale.shrink_y});
}

Level0Point to_level0(const LocateScale& scale, double x, double y) {
  return {x * scale.to_level0.x, y * scale.to_level0.y};
}

Level0Rect to_level0(const LocateScale& scale, const LocateRect& rect) {
  const auto edge = [](std::int64_t position, double factor) {
    return static_cast<std::int64_t>(std::llround(static_cast<double>(position) * factor));
  };
  const std::int64_t left = edge(rect.x, scale.to_level0.x);
  const std::int64_t top = edge(rect.y, scale.to_level0.y);
  return {left, top, edge(rect.right(), scale.to_level0.x) - left,
          edge(rect.bottom(), scale.to_level0.y) - top};
}

}  // namespace cytocape
