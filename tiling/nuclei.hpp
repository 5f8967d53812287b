#pragma once

/// Nucleated cells of one window on the locate grid; the rules are explained in nuclei.cpp.

#include <vector>

#include "io/geometry.hpp"
#include "io/image.hpp"
#include "tiling/locate.hpp"

namespace cytocape {

struct Nucleus {
  double x = 0;  ///< locate pixels of the slide, middle of nucleus and cytoplasm
  double y = 0;
  LocateRect box;       ///< around both
  double area_um2 = 0;  ///< of the nuclear stain
  bool cut = false;     ///< the box touches the slide's border
  bool faint = false;   ///< too pale for a nucleus; one out of focus may look so
  bool clump = false;   ///< part of one stained object wider than FinderOptions::max_cell_um
};

struct NucleiInput {
  const Image& pixels;  ///< of `window`
  LocateRect window;
  const LocateScale& scale;
};

/// By y, then x, of their strongest peak. Those within kFinderReachUm of a window edge that is no
/// slide border may be wrong.
[[nodiscard]] std::vector<Nucleus> find_nuclei(const NucleiInput& input, const StainProfile& stain,
                                               const FinderOptions& options);

}  // namespace cytocape
