#pragma once

/// What one cell's maps say, as numbers. Pure; thread-safe.

#include <array>
#include <utility>
#include <vector>

#include "pipeline/explain/cell_maps.hpp"
#include "tiling/cell_regions.hpp"

namespace cytocape {

/// Which of the model's classes (indices) are looked at.
struct ClassChoice {
  int top = 3;                ///< so many by probability; more than there are: all
  std::vector<int> compared;  ///< none, or the two of the difference map
};

using RegionSums = std::array<double, kCellRegions.size()>;  ///< in the order of kCellRegions

struct CellExplanation {
  int height = 0;  ///< positions
  int width = 0;
  std::vector<double> map;          ///< CAPE P, [classes, height, width]; sums to 1
  std::vector<double> probability;  ///< CAPE p, [classes]
  std::vector<double> learned_map;  ///< P before calibration; empty where it is the same
  std::vector<double> learned_probability;
  std::vector<double> ordinary;  ///< softmax of the ordinary head, [classes]
  std::vector<int> shown;        ///< the top classes, then compared ones that are not among them
  std::vector<std::vector<double>> cam;      ///< [classes], [height, width], logits
  std::vector<std::vector<double>> mu_cape;  ///< likewise, max(0, A + W)
  double scale_max = 0;  ///< the largest P of any shown class: the end of the one scale
  PatchShares patches;
  std::vector<RegionSums> region_share;  ///< [classes]; each adds up to the class's p
  std::pair<int, int> compared;
  std::vector<double> difference;  ///< P of compared.first - P of compared.second, [height, width]
  double difference_max = 0;       ///< the largest |difference|: both ends of its scale

  [[nodiscard]] std::vector<double> map_of(int label) const;
};

/// `regions` is any raster of the crop that `seen` is of, with at least as many pixels as positions
/// each way.
[[nodiscard]] CellExplanation explain_cell(const CellMaps& seen, const CellRegionMap& regions,
                                           const ClassChoice& choice);

}  // namespace cytocape
