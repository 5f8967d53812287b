#pragma once

/// What the network said of cells whose blocks are not complete yet.

#include <deque>

#include "pipeline/case/cell_result.hpp"
#include "pipeline/graph/work.hpp"

namespace cytocape {

/// A queue in the order of cells. Not thread-safe; one owner.
class PendingResults {
 public:
  /// Of each of the batch's crops one result. Batches must come in order.
  void take(const Batch& batch);
  /// Of the next cell that was to be classified. Throws std::logic_error where there is none.
  [[nodiscard]] CellResult next();

 private:
  std::deque<CellResult> results_;
};

}  // namespace cytocape
