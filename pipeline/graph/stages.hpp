#pragma once

/// What the graph's nodes do to one block or batch, as plain functions. Each turns what a tile or
/// cell may do wrong into an outcome with a reason, and what nobody expected into `fatal`; none
/// throws.

#include "pipeline/graph/work.hpp"

namespace cytocape {

/// What `pixels`, those of block.window, hold: cells, or the regions of a grid. Pure; unlike the
/// stages it may throw.
[[nodiscard]] LocateResult find_regions(const SlideJob& job, const Block& block,
                                        const Image& pixels);

/// Reads the block's window and finds its cells (or lays the grid of regions over its tissue).
void locate_block(BlockWork& work);

/// Reads the crops of the cells that are to be classified.
void crop_block(BlockWork& work);

/// Runs the network; a failure becomes `batch.failure`.
void classify_batch(Batch& batch);

}  // namespace cytocape
