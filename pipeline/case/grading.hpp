#pragma once

/// Says of a finished slide whether its numbers may be used: ok, insufficient or incomplete.

#include <string>

#include "io/report.hpp"
#include "pipeline/settings/analyze_config.hpp"

namespace cytocape {

struct GradingFacts {
  std::uint64_t failed = 0;  ///< blocks and cells
  std::uint64_t blocks_done = 0;
  RegionKind regions = RegionKind::cells;
  std::string expectation;  ///< of the model on such a slide (laboratory.hpp)
};

/// Sets report.status and report.status_reasons from its counts and quality. Incomplete outweighs
/// insufficient: what is missing might have been anything.
void grade(SlideReport& report, const GradingFacts& facts);

/// The status anew, of a slide whose rules of quality were judged anew after its analysis, from
/// `before`, which they were. A slide that is incomplete or failed stays so, and one that is
/// insufficient for another reason than a rule.
void regrade(SlideReport& report, const std::vector<QualityCheck>& before);

/// One sentence: which cells make the 100 %.
[[nodiscard]] std::string denominator_rule(Specimen specimen);

}  // namespace cytocape
