#pragma once

/// From what the network says of a cell to what becomes of it.

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "io/report.hpp"

namespace cytocape {

/// What the network says of one cell, or why it says nothing.
struct CellResult {
  std::vector<double> map;          ///< CAPE map, [classes, height, width]
  std::vector<double> probability;  ///< CAPE p, [classes]
  double strangeness = std::numeric_limits<double>::quiet_NaN();  ///< NaN: it has no measure of it
  std::vector<std::uint8_t> crop;                                 ///< what it saw, RGB
  std::string failure;  ///< empty, or why the cell could not be classified; the rest is then empty
};

/// Completes the row of a cell that waited for its class: classified as the most probable one,
/// excluded as unidentified where that has less than `unidentified_below`, or failed.
void settle(CellRow& cell, const CellResult& result, double unidentified_below);

}  // namespace cytocape
