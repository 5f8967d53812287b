#pragma once

/// Sums one slide's blocks and classified cells, in plan order, in double precision: hands each to
/// those who count, sum and show (pipeline/case/), and makes the report of what they say.

#include <memory>
#include <string>
#include <vector>

#include "io/report.hpp"
#include "pipeline/case/class_sums.hpp"
#include "pipeline/case/evidence_sums.hpp"
#include "pipeline/case/gallery.hpp"
#include "pipeline/case/overview_picture.hpp"
#include "pipeline/case/slide_tally.hpp"
#include "pipeline/case/smear_area.hpp"
#include "pipeline/case/strange_cells.hpp"
#include "pipeline/graph/pending_results.hpp"
#include "pipeline/graph/slide_job.hpp"
#include "pipeline/graph/work.hpp"

namespace cytocape {

/// Rows to be written, in order.
struct FinishedRows {
  std::vector<BlockRow> blocks;
  std::vector<CellRow> cells;
};

/// Not thread-safe; one owner. Batches must come in order.
class SlideAggregate {
 public:
  explicit SlideAggregate(std::shared_ptr<const SlideJob> job);

  [[nodiscard]] FinishedRows add(Batch& batch);

  /// Fills everything of the report that follows from the rows: outcomes, differential, evidence,
  /// status, overview and gallery.
  void summarise(SlideReport& report) const;

  /// The error of the first block or batch that met something unexpected; empty when none did.
  [[nodiscard]] const std::string& fatal() const { return fatal_; }

 private:
  void finish(BlockWork& work);
  void classify(CellRow& cell);

  std::shared_ptr<const SlideJob> job_;
  PendingResults pending_;
  SlideTally tally_;
  ClassSums sums_;
  StrangeCells strange_;
  SmearArea area_;
  EvidenceSums evidence_;
  OverviewPicture overview_;
  Gallery gallery_;
  std::vector<CellPlace> places_;
  std::string fatal_;
};

}  // namespace cytocape
