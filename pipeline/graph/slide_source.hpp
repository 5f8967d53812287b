#pragma once

/// Turns the slides of a run into their blocks, one after the other, planning each slide when the
/// one before has handed out its last block.

#include <optional>

#include "pipeline/graph/work.hpp"

namespace cytocape {

/// Not thread-safe; one owner.
class SlideSource {
 public:
  SlideSource(const std::vector<SlideRequest>& slides, std::shared_ptr<const RunContext> run)
      : slides_(slides), run_(std::move(run)) {}

  /// The next block, null after the last. A slide that cannot be planned is one piece of work
  /// without a block.
  [[nodiscard]] BlockWorkPtr next();

 private:
  [[nodiscard]] const SlideRequest* next_admitted();

  const std::vector<SlideRequest>& slides_;
  std::shared_ptr<const RunContext> run_;
  std::size_t next_slide_ = 0;
  std::shared_ptr<const SlideJob> job_;
  std::size_t next_block_ = 0;
  std::uint64_t next_sequence_ = 0;
};

}  // namespace cytocape
