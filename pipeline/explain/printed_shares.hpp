#pragma once

/// A cell's shares as the page prints them: tenths of a percent that add up. Pure; thread-safe.

#include <array>

#include "pipeline/explain/apportion.hpp"
#include "pipeline/explain/cell_explanation.hpp"

namespace cytocape {

using RegionUnits = std::array<std::int64_t, kCellRegions.size()>;

/// First the classes share kWhole, then each class's units are shared among the regions: rows and
/// the whole agree with what is printed elsewhere, and columns are sums of what is printed.
struct PrintedShares {
  std::vector<RegionUnits> region;     ///< [classes]
  std::vector<std::int64_t> ordinary;  ///< [classes], sums to kWhole
  std::vector<int> order;              ///< classes by probability

  [[nodiscard]] std::int64_t p(int label) const;
  /// By region; the exact opposite of difference(second, first).
  [[nodiscard]] RegionUnits difference(int first, int second) const;
};

[[nodiscard]] PrintedShares print_shares(const CellExplanation& cell);

}  // namespace cytocape
