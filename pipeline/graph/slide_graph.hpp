#pragma once

/// The flow graph that every slide of a run passes through.
///
///     plan --> tokens --> locate --> crop --> [order] --> batch --> classify --> [regroup] -->
///     report
///
/// Slides follow one another without a gap: the next one is planned while the last blocks of the
/// one before are still being classified. Tokens bound the blocks in flight, and so the memory.

#include <atomic>
#include <memory>
#include <vector>

#include "pipeline/graph/slide_sink.hpp"

namespace cytocape {

struct GraphOptions {
  int threads = 1;
  /// Set from outside to end early: no further block starts, the graph drains.
  const std::atomic<bool>* stop = nullptr;
};

/// Runs all slides through one graph and returns when it is empty. Results go to `sink`, in order
/// and from one thread at a time. Throws only what `sink` throws.
void run_slide_graph(const std::vector<SlideRequest>& slides,
                     const std::shared_ptr<const RunContext>& run, const GraphOptions& options,
                     SlideSink& sink);

}  // namespace cytocape
