#pragma once

/// The messages that travel through the graph. Each is owned by one node at a time; the graph hands
/// shared pointers on because oneTBB copies messages.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "io/report.hpp"
#include "models/engine/classifier.hpp"
#include "pipeline/graph/slide_job.hpp"
#include "tiling/overview.hpp"

namespace cytocape {

/// One block on its way from plan to report.
struct BlockWork {
  std::shared_ptr<const SlideJob> job;
  std::uint64_t sequence = 0;    ///< over all slides of the run, without gaps
  const Block* block = nullptr;  ///< in job->blocks; null for a slide that could not be planned
  bool ends_slide = false;

  BlockRow row;
  std::vector<CellRow> cells;       ///< by y, then x
  std::vector<std::uint8_t> crops;  ///< of the cells still to classify, in their order, unmapped
  OverviewPiece overview;           ///< the core's piece of the overview picture
  std::string fatal;                ///< an unexpected error: ends the slide as failed
};

/// Crops of one slide in cell order, whatever blocks they come from.
struct Batch {
  std::shared_ptr<const SlideJob> job;
  std::uint64_t sequence = 0;       ///< over all slides of the run, without gaps
  std::vector<std::uint8_t> crops;  ///< as the slide has them
  std::int64_t count = 0;
  /// Blocks whose last cell is in this batch or an earlier one, in plan order.
  std::vector<std::shared_ptr<BlockWork>> completed;
  bool ends_slide = false;
  int tokens = 0;  ///< to be given back when this batch is done

  ClassMaps maps;       ///< filled by classify
  std::string failure;  ///< instead of maps: why these cells could not be classified
};

using BlockWorkPtr = std::shared_ptr<BlockWork>;
using BatchPtr = std::shared_ptr<Batch>;

/// A cell whose crop is classified or waits to be.
[[nodiscard]] inline bool to_classify(const CellRow& cell) {
  return cell.outcome == CellOutcome::classified;
}

}  // namespace cytocape
