#include "pipeline/case/quality_facts.hpp"

#include "models/cape/embedding.hpp"
#include "pipeline/case/class_sums.hpp"

namespace cytocape {
namespace {

/// A model may have a class for what it cannot name.
constexpr const char* kUnidentifiedClass = "unidentified";

std::uint64_t called_unidentified(std::span<const DifferentialRow> differential) {
  std::uint64_t sum = 0;
  for (const auto& row : differential)
    if (row.name == kUnidentifiedClass) sum += row.count;
  return sum;
}

}  // namespace

QualityFacts quality_facts(const MeasuredSlide& slide) {
  const auto& tally = slide.tally;
  QualityFacts facts{.specimen = slide.specimen,
                     .cells = slide.regions == RegionKind::cells,
                     .focus = {},
                     .nuclear_stain = slide.stain.nuclear_level,
                     .glass = slide.stain.background,
                     .foreground_share = slide.area.stained_share(),
                     .covered_share = slide.area.covered_share(),
                     .absent_share = slide.absent_share,
                     .counted = denominator_of(slide.differential),
                     .located = tally.located(),
                     .excluded = tally.excluded() + called_unidentified(slide.differential),
                     .out_of_focus = tally.excluded(Exclusion::out_of_focus),
                     .failed = tally.failed(),
                     .parts = tally.blocks_done() + tally.located(),
                     .enlargement = slide.enlargement,
                     .strange_share = slide.strange.share(),
                     .strange_limit = {},
                     .colour_distance = {},
                     .colour_reach = {}};
  if (slide.stain.focus_reference > 0) facts.focus = slide.stain.focus_reference;
  if (slide.strange_limit > 0)
    facts.strange_limit = strange_share_limit_of(slide.strange_limit, slide.strange.measured());
  if (slide.laboratories) {
    facts.colour_distance = slide.laboratories->distance;
    facts.colour_reach = slide.laboratories->reach;
  }
  return facts;
}

}  // namespace cytocape
