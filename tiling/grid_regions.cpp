#include "tiling/grid_regions.hpp"

#include <algorithm>
#include <cmath>

#include "tiling/stain.hpp"

namespace cytocape {
namespace {

constexpr double kLeastStainedShare = 0.1;

/// The share of stained pixels within kFinderReachUm of the centre, so that any window that a block
/// may have gives the same answer.
double stained_share(const Image& window, const LocateRect& square, const GridContext& context) {
  const DensityTable densities(context.stain.background);
  const auto threshold = static_cast<int>(1000 * context.stain.foreground_threshold);
  std::int64_t stained = 0;
  for (auto y = square.y; y < square.bottom(); ++y) {
    const auto* pixel = window.row(static_cast<int>(y)) + 3 * square.x;
    for (auto x = square.x; x < square.right(); ++x, pixel += 3)
      stained += densities.total({pixel[0], pixel[1], pixel[2]}) > threshold ? 1 : 0;
  }
  return square.empty() ? 0 : static_cast<double>(stained) / static_cast<double>(square.area());
}

LocateRect square_around(double x, double y, const GridContext& context, const Block& block) {
  const double half_um = std::min(context.crop.input_px * context.crop.mpp / 2, kFinderReachUm);
  const auto half_x = static_cast<std::int64_t>(half_um / context.scale.mpp.x);
  const auto half_y = static_cast<std::int64_t>(half_um / context.scale.mpp.y);
  const auto cx = static_cast<std::int64_t>(x);
  const auto cy = static_cast<std::int64_t>(y);
  const auto inside =
      LocateRect{cx - half_x, cy - half_y, 2 * half_x, 2 * half_y}.intersected(block.window);
  return {inside.x - block.window.x, inside.y - block.window.y, inside.width, inside.height};
}

bool within_slide(const Level0Rect& box, const SlideInfo& slide) {
  const auto& size = slide.levels.front().size;
  return box.x >= 0 && box.y >= 0 && box.right() <= size.width && box.bottom() <= size.height;
}

}  // namespace

LocateResult grid_regions(const Image& window_pixels, const Block& block,
                          const GridContext& context) {
  LocateResult result;
  const double pitch_x = context.crop.input_px * context.crop.mpp / context.scale.mpp.x;
  const double pitch_y = context.crop.input_px * context.crop.mpp / context.scale.mpp.y;
  const auto first = [](std::int64_t begin, double pitch) {
    return static_cast<std::int64_t>(std::ceil(static_cast<double>(begin) / pitch - 0.5));
  };
  double shares = 0;
  std::int64_t squares = 0;
  for (auto row = first(block.core.y, pitch_y);; ++row) {
    const double y = (static_cast<double>(row) + 0.5) * pitch_y;
    if (y >= static_cast<double>(block.core.bottom())) break;
    for (auto column = first(block.core.x, pitch_x);; ++column) {
      const double x = (static_cast<double>(column) + 0.5) * pitch_x;
      if (x >= static_cast<double>(block.core.right())) break;
      const double share =
          stained_share(window_pixels, square_around(x, y, context, block), context);
      shares += share;
      ++squares;
      if (share < kLeastStainedShare) continue;
      LocatedCell region;
      region.centre = to_level0(context.scale, x, y);
      region.box = crop_extent(context.slide, context.crop, region.centre);
      if (!within_slide(region.box, context.slide)) region.exclusion = Exclusion::border;
      result.cells.push_back(region);
    }
  }
  result.foreground_share = squares > 0 ? shares / static_cast<double>(squares) : 0;
  if (result.cells.empty()) result.rejection = Rejection::glass;
  return result;
}

}  // namespace cytocape
