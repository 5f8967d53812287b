#include "pipeline/explain/printed_shares.hpp"

#include <algorithm>
#include <numeric>

namespace cytocape {

std::int64_t PrintedShares::p(int label) const {
  const auto& own = region[static_cast<std::size_t>(label)];
  return std::accumulate(own.begin(), own.end(), std::int64_t{0});
}

RegionUnits PrintedShares::difference(int first, int second) const {
  RegionUnits units = region[static_cast<std::size_t>(first)];
  for (std::size_t r = 0; r < units.size(); ++r)
    units[r] -= region[static_cast<std::size_t>(second)][r];
  return units;
}

PrintedShares print_shares(const CellExplanation& cell) {
  PrintedShares printed;
  const auto p = apportion(cell.probability, kWhole);
  for (std::size_t c = 0; c < p.size(); ++c) {
    const auto units = apportion(cell.region_share[c], p[c]);
    RegionUnits row{};
    std::copy(units.begin(), units.end(), row.begin());
    printed.region.push_back(row);
  }
  printed.ordinary = apportion(cell.ordinary, kWhole);
  printed.order.resize(p.size());
  std::iota(printed.order.begin(), printed.order.end(), 0);
  std::stable_sort(printed.order.begin(), printed.order.end(), [&](int a, int b) {
    return cell.probability[static_cast<std::size_t>(a)] >
           cell.probability[static_cast<std::size_t>(b)];
  });
  return printed;
}

}  // namespace cytocape
