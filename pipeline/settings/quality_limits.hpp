#pragma once

/// The thresholds of the rules of quality (pipeline/case/quality.hpp).

#include <cstdint>

#include "io/specimen.hpp"

namespace cytocape {

/// [quality] and [counting] of configs/analyze.toml, with its values. Shares are 0..1.
struct QualityLimits {
  double min_focus = 0.45;
  double max_out_of_focus_share = 0.2;
  double min_nuclear_stain = 0.3;
  double max_glass_tint = 1.5;
  double min_foreground_share = 0.005;
  double max_covered_share = 0.9;
  double max_absent_share = 0.001;
  double max_excluded_share = 0.5;
  std::int64_t min_leukocytes_pb = 100;
  std::int64_t min_leukocytes_bm = 300;
  std::int64_t full_leukocytes_pb = 200;
  std::int64_t full_leukocytes_bm = 500;

  /// Fewer counted cells give no share.
  [[nodiscard]] std::int64_t min_leukocytes(Specimen specimen) const {
    switch (specimen) {
      case Specimen::blood:
        return min_leukocytes_pb;
      case Specimen::marrow:
        return min_leukocytes_bm;
    }
    return min_leukocytes_bm;
  }
  /// Fewer counted cells make a preliminary count.
  [[nodiscard]] std::int64_t full_leukocytes(Specimen specimen) const {
    switch (specimen) {
      case Specimen::blood:
        return full_leukocytes_pb;
      case Specimen::marrow:
        return full_leukocytes_bm;
    }
    return full_leukocytes_bm;
  }
  bool operator==(const QualityLimits&) const = default;
};

}  // namespace cytocape
