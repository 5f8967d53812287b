#pragma once

/// Sums one slide's blocks and classified cells, in plan order, in double precision.

#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "io/report.hpp"
#include "pipeline/case/quality.hpp"
#include "pipeline/graph/slide_job.hpp"
#include "pipeline/graph/work.hpp"

namespace cytocape {

/// The evidence map of one slide. For a classified cell k the CAPE map P_k[c,i] sums to 1 over
/// classes and positions; each position's share goes to the level-0 square that holds the centre of
/// the position's patch (the nearest square where that lies outside the slide).
class EvidenceSums {
 public:
  EvidenceSums(const SlideInfo& slide, const CropSpec& crop, int classes, int max_squares);

  /// `map` is [classes, height, width].
  void add(Level0Point centre, std::span<const double> map, int height, int width);

  /// The mean over `cells` classified cells; all zero for none.
  [[nodiscard]] EvidenceGrid mean(std::uint64_t cells) const;

 private:
  [[nodiscard]] std::size_t square(double x, double y) const;

  double patch_x_;  ///< level-0 pixels that a crop spans
  double patch_y_;
  int classes_;
  EvidenceGrid sums_;
};

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

  /// Of the first block or batch that met something unexpected; empty when none did.
  [[nodiscard]] const std::string& fatal() const { return fatal_; }

 private:
  struct Pending {  ///< a classified cell whose block is not complete yet
    std::vector<double> map;
    std::vector<double> probability;
    double strangeness = std::numeric_limits<double>::quiet_NaN();
    std::vector<std::uint8_t> crop;
    std::string failure;
  };

  void take_results(const Batch& batch);
  void settle(CellRow& cell);
  void count_strange(const CellRow& cell);
  void settle_classified(CellRow& cell, const Pending& result);
  void consider_for_gallery(const CellRow& cell, const Pending& result);
  void note_failure(const std::string& what);
  void paste_overview(const BlockWork& work);
  [[nodiscard]] std::vector<DifferentialRow> differential() const;
  [[nodiscard]] std::optional<Interval> reference_of(const std::string& code) const;
  [[nodiscard]] QualityFacts quality_facts(const SlideReport& report) const;
  void show_gallery(SlideReport& report) const;

  std::shared_ptr<const SlideJob> job_;
  int map_height_ = 0;
  int map_width_ = 0;
  std::deque<Pending> pending_;
  std::uint64_t next_id_ = 0;
  std::uint64_t blocks_ = 0;
  std::uint64_t classified_ = 0;
  BlockTally block_outcomes_;
  CellTally cell_outcomes_;
  std::vector<std::uint64_t> called_;  ///< [classes]
  std::vector<double> expected_;       ///< [classes], sum of CAPE p
  EvidenceSums evidence_;
  std::vector<std::string> failures_;
  std::uint64_t failed_ = 0;        ///< blocks and cells
  std::uint64_t excluded_ = 0;      ///< cells
  std::uint64_t out_of_focus_ = 0;  ///< of the excluded
  std::uint64_t measured_ = 0;      ///< cells with a strangeness, unidentified ones included
  std::uint64_t strange_ = 0;       ///< of them
  double foreground_area_ = 0;      ///< areas are in level-0 pixels
  double smear_area_ = 0;           ///< of the blocks that are not bare glass
  double area_ = 0;
  std::vector<CellPlace> places_;
  Image overview_;
  struct Portrait {
    GalleryCell cell;  ///< without its picture
    std::vector<std::uint8_t> crop;
  };
  std::vector<std::vector<Portrait>>
      gallery_;  ///< [classes], then the unidentified; least certain first
  std::string fatal_;
};

}  // namespace cytocape
