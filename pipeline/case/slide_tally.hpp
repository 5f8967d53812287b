#pragma once

/// What became of one slide's blocks and cells, counted as they end.

#include <cstdint>
#include <string>
#include <vector>

#include "io/report.hpp"

namespace cytocape {

/// Not thread-safe; one owner.
class SlideTally {
 public:
  void add(const BlockRow& block);
  void add(const CellRow& cell);

  [[nodiscard]] const BlockTally& blocks() const { return blocks_; }
  [[nodiscard]] const CellTally& cells() const { return cells_; }
  /// What failed first, in the order of adding, at most 20: which block or cell, and why.
  [[nodiscard]] const std::vector<std::string>& failures() const { return failures_; }

  [[nodiscard]] std::uint64_t blocks_done() const;
  [[nodiscard]] std::uint64_t located() const;   ///< cells
  [[nodiscard]] std::uint64_t excluded() const;  ///< cells, for whatever reason
  [[nodiscard]] std::uint64_t excluded(Exclusion why) const;
  [[nodiscard]] std::uint64_t failed() const;  ///< blocks and cells

 private:
  void note(std::string failure);

  BlockTally blocks_;
  CellTally cells_;
  std::vector<std::string> failures_;
};

}  // namespace cytocape
