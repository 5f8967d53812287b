#include "pipeline/explain/cell_explanation.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <span>

#include "models/cape/explanation.hpp"

namespace cytocape {
namespace {

std::vector<int> by_probability(const std::vector<double>& probability) {
  std::vector<int> order(probability.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return probability[static_cast<std::size_t>(a)] > probability[static_cast<std::size_t>(b)];
  });
  return order;
}

/// A position belongs to regions by the shares of its patch's pixels.
RegionSums sums_by_region(std::span<const double> map, const PatchShares& patches) {
  RegionSums sums{};
  for (std::size_t r = 0; r < sums.size(); ++r)
    for (std::size_t i = 0; i < map.size(); ++i) sums[r] += map[i] * patches.share[r][i];
  return sums;
}

void choose_classes(CellExplanation& cell, const ClassChoice& choice) {
  const auto order = by_probability(cell.probability);
  const auto count = std::min(order.size(), static_cast<std::size_t>(std::max(1, choice.top)));
  cell.shown.assign(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count));
  cell.compared = choice.compared.size() == 2
                      ? std::pair(choice.compared[0], choice.compared[1])
                      : std::pair(order.front(), order[std::min<std::size_t>(1, order.size() - 1)]);
  for (const int label : {cell.compared.first, cell.compared.second})
    if (std::find(cell.shown.begin(), cell.shown.end(), label) == cell.shown.end())
      cell.shown.push_back(label);
}

}  // namespace

std::vector<double> CellExplanation::map_of(int label) const {
  const auto positions = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
  const auto own = std::span(map).subspan(static_cast<std::size_t>(label) * positions, positions);
  return {own.begin(), own.end()};
}

CellExplanation explain_cell(const CellMaps& seen, const CellRegionMap& regions,
                             const ClassChoice& choice) {
  const auto& maps = seen.maps;
  const auto classes = static_cast<std::size_t>(maps.classes);
  const auto positions =
      static_cast<std::size_t>(maps.height) * static_cast<std::size_t>(maps.width);
  CellExplanation cell;
  cell.height = maps.height;
  cell.width = maps.width;
  const auto first = [](const std::vector<double>& all, std::size_t count) {
    return std::vector<double>(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count));
  };
  cell.map = first(maps.map, classes * positions);
  cell.probability = first(maps.probability, classes);
  cell.ordinary = first(maps.ordinary, classes);
  cell.learned_map = seen.learned_map;
  cell.learned_probability = seen.learned_probability;
  choose_classes(cell, choice);
  for (int label = 0; label < maps.classes; ++label) {
    cell.cam.push_back(cam_of(seen.logits, 0, label));
    cell.mu_cape.push_back(mu_cape_of(seen.logits, 0, label, seen.scales.used));
  }
  for (const int label : cell.shown) {
    const auto map = cell.map_of(label);
    cell.scale_max = std::max(cell.scale_max, *std::max_element(map.begin(), map.end()));
  }
  cell.patches = patch_shares(regions, maps.height, maps.width);
  for (int label = 0; label < maps.classes; ++label)
    cell.region_share.push_back(sums_by_region(cell.map_of(label), cell.patches));
  cell.difference = cell.map_of(cell.compared.first);
  const auto other = cell.map_of(cell.compared.second);
  std::transform(cell.difference.begin(), cell.difference.end(), other.begin(),
                 cell.difference.begin(), std::minus<>());
  for (const double value : cell.difference)
    cell.difference_max = std::max(cell.difference_max, std::abs(value));
  return cell;
}

}  // namespace cytocape
