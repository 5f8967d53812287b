#pragma once

/// From what was counted and measured of a slide to what its quality is judged by. Pure.

#include <optional>
#include <span>

#include "models/data/known_laboratories.hpp"
#include "pipeline/case/quality.hpp"
#include "pipeline/case/slide_tally.hpp"
#include "pipeline/case/smear_area.hpp"
#include "pipeline/case/strange_cells.hpp"
#include "pipeline/settings/analyze_config.hpp"

namespace cytocape {

/// What is referred to must outlive the call alone.
struct MeasuredSlide {
  const SlideTally& tally;
  const SmearArea& area;
  const StrangeCells& strange;
  const StainProfile& stain;
  std::span<const DifferentialRow> differential;
  Specimen specimen = Specimen::blood;
  RegionKind regions = RegionKind::cells;
  double enlargement = 1;    ///< QualityFacts::enlargement
  double absent_share = 0;   ///< QualityFacts::absent_share
  double strange_limit = 0;  ///< ModelCard::strange_share_limit
  /// Where its colours lie; none where they or the model's were not measured.
  std::optional<KnownLaboratories> laboratories = std::nullopt;
};

[[nodiscard]] QualityFacts quality_facts(const MeasuredSlide& slide);

}  // namespace cytocape
