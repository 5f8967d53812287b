#pragma once

/// Says of a finished slide whether its numbers may be used: ok, insufficient or incomplete.

#include <string>

#include "io/report.hpp"
#include "pipeline/slide_job.hpp"

namespace cytocape {

/// Crops enlarged by more than this show the network less than it was trained on.
inline constexpr double kMaxEnlargement = 1.5;

struct GradingFacts {
  const SlideJob& job;
  std::uint64_t failed = 0;  ///< blocks and cells
  std::uint64_t blocks_done = 0;
};

/// Sets report.status and report.status_reasons from its counts. Incomplete outweighs insufficient:
/// what is missing might have been anything.
void grade(SlideReport& report, const GradingFacts& facts);

/// One sentence: which cells make the 100 %.
[[nodiscard]] std::string denominator_rule(const std::string& specimen);

}  // namespace cytocape
