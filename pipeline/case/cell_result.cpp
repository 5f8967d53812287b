#include "pipeline/case/cell_result.hpp"

#include <algorithm>

namespace cytocape {

void settle(CellRow& cell, const CellResult& result, double unidentified_below) {
  if (!result.failure.empty()) {
    cell.outcome = CellOutcome::failed;
    cell.failure = "not classified: " + result.failure;
    return;
  }
  cell.probability.assign(result.probability.begin(), result.probability.end());
  cell.strangeness = result.strangeness;
  const auto best = std::max_element(result.probability.begin(), result.probability.end());
  if (*best < unidentified_below) {
    cell.outcome = CellOutcome::excluded;
    cell.exclusion = Exclusion::unidentified;
    return;
  }
  cell.class_index = static_cast<std::int16_t>(best - result.probability.begin());
  cell.map.assign(result.map.begin(), result.map.end());
}

}  // namespace cytocape
