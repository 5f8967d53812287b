#pragma once

/// Finds nucleated cells (white cells, nucleated red cells) by their stain on the locate grid.
///
/// The finder is local: what it says of a cell depends on the pixels within kFinderReachUm of the
/// cell and on the slide-wide StainProfile alone. Two windows that both hold that neighbourhood
/// give the same centre, box and figures to the last bit; so block size never changes a result.

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "io/report.hpp"
#include "tiling/block_plan.hpp"

namespace cytocape {

/// Slide-wide stain parameters, measured once from windows spread over the slide on a lattice that
/// does not depend on blocks.
struct StainProfile {
  std::array<double, 3> background{};  ///< RGB of bare glass, 0..255
  double nuclear_threshold = 0;        ///< of the nuclear channel, optical density units
  double nuclear_level = 0;            ///< what a nucleus of this slide has in that channel
  double red_cell_nuclear = 0;         ///< what a red cell has in it
  double red_cell_hue = 0;             ///< upper bound of a red cell's nuclear / total density
  double foreground_threshold = 0;     ///< of the total optical density
  double focus_reference = 0;          ///< of a sharp area of this slide; 0 when unknown
};

struct FinderOptions {
  double target_um = 1.0;  ///< locate grid, um/px
  double min_nucleus_um2 = 12;
  double max_cell_um = 40;  ///< parts of stained objects wider than this are excluded as clumps
  /// Lists what may be a large platelet or the smallest of nuclei, for a network that can tell.
  bool list_large_platelets = false;
  /// See tiling/locate.cpp; below it an area is out of focus. 0: none is.
  double min_relative_focus = 0.2;

  bool operator==(const FinderOptions&) const = default;
};

/// Deterministic: a lattice of windows, in order. Throws SlideError when none can be read.
[[nodiscard]] StainProfile measure_stain(const Slide& slide, const LocateScale& scale,
                                         const FinderOptions& options);

struct LocatedCell {
  Level0Point centre;
  Level0Rect box;  ///< around nucleus and cytoplasm as far as they were seen
  double nucleus_um2 = 0;
  double focus = 0;                    ///< of its neighbourhood on the locate grid
  std::optional<Exclusion> exclusion;  ///< why it is not classified: border, clump, out_of_focus
};

struct LocateResult {
  std::optional<Rejection> rejection;  ///< none: the block is analysed
  double foreground_share = 0;
  double focus = 0;
  std::vector<LocatedCell> cells;  ///< owned by the core, by y then x of their centre
};

/// `window_pixels` are the pixels of block.window. Pure; thread-safe.
[[nodiscard]] LocateResult locate_cells(const Image& window_pixels, const Block& block,
                                        const LocateScale& scale, const StainProfile& stain,
                                        const FinderOptions& options);

}  // namespace cytocape
