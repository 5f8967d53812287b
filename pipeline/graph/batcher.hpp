#pragma once

/// Cuts the crops of blocks, which must come in plan order, into batches of a fixed number of
/// cells. A batch never mixes slides, and its composition depends on cell order alone.
///
///     blocks   |  a: 5 cells  | b: 0 | c: 4 cells, ends the slide |
///     batches  |   4   |     4 (a5, c1..c3)   | 1 (c4) |
///     complete |       | a, b                 | c      |

#include <vector>

#include "pipeline/graph/work.hpp"

namespace cytocape {

/// Not thread-safe; one owner.
class Batcher {
 public:
  explicit Batcher(int batch_cells) : batch_cells_(batch_cells) {}

  struct Result {
    std::vector<BatchPtr> closed;  ///< in order
    int freed_tokens = 0;          ///< to be given back at once: 1 when no closed batch carries it
  };

  /// Takes over the block's crops. The block's token travels with the last batch that it closes;
  /// where it closes none, its crops wait in the open batch (fewer than batch_cells of them) and
  /// the token is free: otherwise blocks without cells could hold every token for ever.
  [[nodiscard]] Result add(const BlockWorkPtr& work);

 private:
  void open_batch(const BlockWork& work);
  void append_cell(const BlockWork& work, std::size_t cell);

  int batch_cells_;
  std::uint64_t next_sequence_ = 0;
  BatchPtr open_;
};

}  // namespace cytocape
