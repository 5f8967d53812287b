#pragma once

/// Peaks of the nuclear stain, and which of them belong to one cell; rules in peaks.cpp.

#include <algorithm>
#include <cmath>
#include <vector>

#include "tiling/stain_maps.hpp"

namespace cytocape {

struct Peak {
  int x;  ///< pixel of the window
  int y;
  float strength;  ///< of the plane whose peak it is, 0..3
  float fill;      ///< share of the lobe-sized filter that is stained, 0..1
  int owner;       ///< index of its cell's head, a peak that owns itself; its own for the head
};

/// No peak belongs to a head farther away, um.
inline constexpr double kPairUm = 11;
/// A peak is the highest within this radius, um.
inline constexpr double kPeakRadiusUm = 2.6;
/// Heads fill at least this share.
inline constexpr float kSmallestHead = 0.38F;

/// By y, then x.
[[nodiscard]] std::vector<Peak> find_peaks(const StainMaps& maps, Mpp mpp);

/// Calls `use` with the index of every peak within `um` of the peak `at`.
template <class Use>
void for_each_near(const std::vector<Peak>& peaks, const Peak& at, double um, Mpp mpp, Use&& use) {
  const int reach = static_cast<int>(um / mpp.y);
  auto it = std::lower_bound(peaks.begin(), peaks.end(), at.y - reach,
                             [](const Peak& p, int y) { return p.y < y; });
  for (; it != peaks.end() && it->y <= at.y + reach; ++it)
    if (std::hypot((it->x - at.x) * mpp.x, (it->y - at.y) * mpp.y) <= um)
      use(static_cast<int>(it - peaks.begin()));
}

}  // namespace cytocape
