#pragma once

/// A look at some of a slide's cells before its analysis, for the map of their colours.

#include "pipeline/graph/slide_job.hpp"

namespace cytocape {

/// Finds cells in the slide's pilot blocks (tiling/pilot_blocks.hpp), one after the other until
/// there are kMostAppearanceCells, as the analysis will find them, and fits the map to their crops.
/// The same whatever threads and blocks the analysis has. Reads nothing where the settings or the
/// model leave nothing to fit. `job` is planned but for its blocks.
///
/// What cannot be read is passed over: the analysis meets it again, and names it. Throws
/// SlideChanged. Ends early, with what there is, where the run is stopped.
[[nodiscard]] Appearance measure_appearance(const SlideJob& job);

}  // namespace cytocape
