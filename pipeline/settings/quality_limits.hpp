#pragma once

/// The thresholds of the rules of quality (pipeline/case/quality.hpp).

#include <cstdint>

namespace cytocape {

/// [quality] and [counting] of configs/analyze.toml. Shares are 0..1.
struct QualityLimits {
  double min_focus = 0;
  double max_out_of_focus_share = 1;
  double min_nuclear_stain = 0;
  double max_glass_tint = 1;
  double min_foreground_share = 0;
  double max_covered_share = 1;
  double max_excluded_share = 1;
  std::int64_t min_leukocytes_pb = 100;
  std::int64_t min_leukocytes_bm = 300;
};

}  // namespace cytocape
