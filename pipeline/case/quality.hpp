#pragma once

/// The rules by which a slide's quality is judged. Each has its figure, its threshold (from the
/// configuration, from the model, or fixed) and what to do. Pure.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "io/report.hpp"
#include "pipeline/settings/quality_limits.hpp"

namespace cytocape {

/// What was measured of a slide.
struct QualityFacts {
  Specimen specimen = Specimen::blood;
  bool cells = true;                    ///< cells were located; false: regions of a grid
  std::optional<double> focus;          ///< StainProfile::focus_reference
  double nuclear_stain = 0;             ///< StainProfile::nuclear_level
  std::array<double, 3> glass{};        ///< RGB of bare glass
  double foreground_share = 0;          ///< stained pixels of the whole slide
  std::optional<double> covered_share;  ///< stained pixels of the blocks that are not bare glass
  double absent_share = 0;              ///< SlideLevel::absent_share of the finest level
  std::uint64_t counted = 0;            ///< cells in the denominator
  std::uint64_t located = 0;
  std::uint64_t excluded = 0;
  std::uint64_t out_of_focus = 0;         ///< of the excluded
  std::uint64_t failed = 0;               ///< blocks and cells
  std::uint64_t parts = 0;                ///< blocks and cells
  double enlargement = 1;                 ///< of crops: slide's um/px over the model's
  std::optional<double> strange_share;    ///< cells unlike the model's own; none: not measured
  std::optional<double> strange_limit;    ///< of it, from the model's card
  std::optional<double> colour_distance;  ///< KnownLaboratories; none: not measured
  std::optional<double> colour_reach;     ///< of it; none where the model has no measure
};

/// In the order in which a page shows them. Those that decide come first.
[[nodiscard]] std::vector<QualityCheck> check_quality(const QualityFacts& facts,
                                                      const QualityLimits& limits);

/// With the verdict of its value and threshold.
[[nodiscard]] QualityCheck judged(QualityCheck check);

/// "63 cells counted, at least 100 are needed (counting.min_leukocytes_pb)". Precondition: failed.
[[nodiscard]] std::string describe(const QualityCheck& check);

}  // namespace cytocape
