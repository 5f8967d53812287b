#pragma once

/// The blocks by which a slide is sampled before its analysis. Pure.
///
///      0  8  2 10    However few of the first blocks are looked at, they lie evenly over the
///      slide:
///     12  4 14  6    the first quarter are every second one of every second row, the first
///      3 11  1  9    sixteenth every fourth one of every fourth row, and so on.
///     15  7 13  5

#include <vector>

#include "tiling/block_plan.hpp"

namespace cytocape {

/// Of some 500 um, whatever blocks the analysis has, so that what is found in them does not depend
/// on these. All of them together are the slide.
[[nodiscard]] std::vector<Block> pilot_blocks(const SlideInfo& slide, const LocateScale& scale);

}  // namespace cytocape
