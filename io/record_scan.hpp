#pragma once

/// A slide's record for those who look at many: without its maps, its evidence and the pictures of
/// its cells, so that a record costs some milliseconds and memory does not grow with its cells.

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "io/report.hpp"

namespace cytocape {

/// What records of a kind are asked, learnt from the first: reading many takes one of these along.
/// Not thread-safe.
class RecordSeries {
 public:
  RecordSeries();
  ~RecordSeries();
  RecordSeries(const RecordSeries&) = delete;
  RecordSeries& operator=(const RecordSeries&) = delete;

 private:
  friend SlideReport read_origin(const std::filesystem::path&, RecordSeries*);
  friend SlideReport scan_record(
      const std::filesystem::path&,
      const std::function<void(const SlideReport&, const std::vector<CellRow>&)>&, RecordSeries*);
  struct State;
  std::unique_ptr<State> state_;
};

/// Of a record what it was made of and how it ended: slide, identity, specimen, case and what was
/// given of it, model, run, status. Throws StorageError as read_record does.
[[nodiscard]] SlideReport read_origin(const std::filesystem::path& path,
                                      RecordSeries* series = nullptr);

using TakeCells = std::function<void(const SlideReport& report, const std::vector<CellRow>& cells)>;

/// Adds what was counted and judged: differential, groups, quality, outcomes, the criteria as they
/// were judged then (io/record_outline.hpp says what a record keeps of them) and the overview
/// picture. `take`, which may be empty, then gets the located cells, without maps, some thousand at
/// a time; where an error follows, they are of a damaged record. Checks what it reads as
/// read_record does. Throws StorageError, and what `take` throws.
[[nodiscard]] SlideReport scan_record(const std::filesystem::path& path, const TakeCells& take,
                                      RecordSeries* series = nullptr);

/// CAPE map of one cell, [classes, map_height, map_width] of its model; empty where it has none.
/// Reads that map alone, beside the numbers of all cells that have one. Throws StorageError.
[[nodiscard]] std::vector<float> read_map(const std::filesystem::path& path, std::uint64_t cell);

}  // namespace cytocape
