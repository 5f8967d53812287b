// The finder, from the slide to its cells. Each step has its constants at the top of its file:
//
//   stain.cpp          once a slide: the windows that are sampled, glass colour, densities
//   stain_anchors.cpp  once a slide: nuclear threshold and level, a red cell's look
//   stain_maps.cpp     a window's pixels -> nuclear stain, cell material, and the stain smoothed to
//                      the size of a lobe and of a cell
//   peaks.cpp          where the smoothed stain peaks, and which peaks are one cell
//   nuclei.cpp         what belongs to a cell; whether it is one (against platelets, smudges, dirt)
//   focus.cpp          sharpness
//   locate.cpp         this file: who owns a cell, exclusions, the block's outcome
//
// Nothing that a cell may be lost by is decided for an area: a block counts as glass only after no
// cell was found in it, and cells in blurred places are located and excluded, not dropped.

#include "tiling/locate.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "tiling/focus.hpp"
#include "tiling/nuclei.hpp"
#include "tiling/stain.hpp"

namespace cytocape {
namespace {

// Sharpness is taken over this far from the centre. Over the slide's reference it was 0.5 to 2 for
// cells of sharp fields, and 0.15 to 0.3 for the same blurred over 2 um: 0.2 is a sensible
// FinderOptions::min_relative_focus.
constexpr double kFocusUm = 10;
// Dust and compression noise: a core with fewer stained pixels and no cell is glass.
constexpr double kGlassShare = 0.0005;

LocateRect in_window(const LocateRect& rect, const LocateRect& window) {
  return {rect.x - window.x, rect.y - window.y, rect.width, rect.height};
}

double foreground_share(const Image& pixels, const LocateRect& core, const StainProfile& stain) {
  const DensityTable table(stain.background);
  const int threshold = static_cast<int>(std::lround(3000 * stain.foreground_threshold));
  std::int64_t stained = 0;
  for (std::int64_t y = core.y; y < core.bottom(); ++y)
    for (std::int64_t x = core.x; x < core.right(); ++x)
      stained += table.total(pixels.at(static_cast<int>(x), static_cast<int>(y))) > threshold;
  return core.empty() ? 0 : static_cast<double>(stained) / static_cast<double>(core.area());
}

double focus_around(const Image& pixels, const Nucleus& nucleus, const Block& block, Mpp mpp) {
  const int rx = static_cast<int>(std::lround(kFocusUm / mpp.x));
  const int ry = static_cast<int>(std::lround(kFocusUm / mpp.y));
  const auto x = static_cast<std::int64_t>(std::floor(nucleus.x)) - block.window.x;
  const auto y = static_cast<std::int64_t>(std::floor(nucleus.y)) - block.window.y;
  return local_focus(pixels,
                     {static_cast<int>(x) - rx, static_cast<int>(y) - ry, 2 * rx + 1, 2 * ry + 1});
}

double median_focus(const Image& pixels, const LocateRect& core, Mpp mpp) {
  return focus_percentile(pixels,
                          {static_cast<int>(core.x), static_cast<int>(core.y),
                           static_cast<int>(core.width), static_cast<int>(core.height)},
                          mpp, 0.5);
}

}  // namespace

LocateResult locate_cells(const Image& window_pixels, const Block& block, const LocateScale& scale,
                          const StainProfile& stain, const FinderOptions& options) {
  const LocateRect core = in_window(block.core, block.window);
  const double sharp_enough = options.min_relative_focus * stain.focus_reference;
  const Level0Rect slide = to_level0(scale, {0, 0, scale.size.width, scale.size.height});
  LocateResult result;
  result.foreground_share = foreground_share(window_pixels, core, stain);
  result.focus = median_focus(window_pixels, core, scale.mpp);
  for (const Nucleus& nucleus : find_nuclei({window_pixels, block.window, scale}, stain, options)) {
    if (!block.core.contains(nucleus.x, nucleus.y)) continue;
    LocatedCell cell;
    cell.centre = to_level0(scale, nucleus.x, nucleus.y);
    cell.box = to_level0(scale, nucleus.box).intersected(slide);
    cell.nucleus_um2 = nucleus.area_um2;
    cell.focus = focus_around(window_pixels, nucleus, block, scale.mpp);
    const bool blurred = cell.focus < sharp_enough;
    if (nucleus.faint && !blurred) continue;
    if (nucleus.cut)
      cell.exclusion = Exclusion::border;
    else if (nucleus.clump)
      cell.exclusion = Exclusion::clump;
    else if (blurred)
      cell.exclusion = Exclusion::out_of_focus;
    result.cells.push_back(cell);
  }
  std::sort(result.cells.begin(), result.cells.end(), [](const auto& a, const auto& b) {
    return std::tie(a.centre.y, a.centre.x) < std::tie(b.centre.y, b.centre.x);
  });
  if (!result.cells.empty()) return result;
  if (result.foreground_share < kGlassShare)
    result.rejection = Rejection::glass;
  else if (std::isfinite(result.focus) && result.focus < sharp_enough)
    result.rejection = Rejection::out_of_focus;
  return result;
}

}  // namespace cytocape
