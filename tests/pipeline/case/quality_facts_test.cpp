#include "pipeline/case/quality_facts.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace cytocape {
namespace {

BlockRow stained_block(std::int64_t edge, double foreground_share,
                       std::optional<Rejection> rejection = std::nullopt) {
  BlockRow block;
  block.core = {0, 0, edge, 2 * edge};
  block.outcome = rejection ? BlockOutcome::rejected : BlockOutcome::analysed;
  block.rejection = rejection;
  block.foreground_share = foreground_share;
  return block;
}

TEST(SmearArea, WeighsBlocksByTheirAreaAndLeavesBareGlassOutOfTheSmear) {
  SmearArea area;
  EXPECT_EQ(area.stained_share(), 0);
  EXPECT_EQ(area.covered_share(), std::nullopt);
  area.add(stained_block(20, 0, Rejection::glass));  // 800 px
  EXPECT_EQ(area.covered_share(), std::nullopt);
  area.add(stained_block(10, 0.5));                            // 200 px
  area.add(stained_block(10, 0.25, Rejection::out_of_focus));  // 200 px
  EXPECT_EQ(area.stained_share(), 150.0 / 1200);
  EXPECT_EQ(area.covered_share(), 150.0 / 400);
}

TEST(StrangeCells, ThatWereNotMeasuredAreInNoShare) {
  StrangeCells cells(2);
  cells.add(std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(cells.share(), std::nullopt);
  for (const double strangeness : {1.0, 2.0, 2.5, 0.5}) cells.add(strangeness);
  EXPECT_EQ(cells.share(), 0.25) << "the limit itself is not strange";
}

TEST(StrangeCells, OfAModelWithoutALimitHaveNoShare) {
  StrangeCells cells(0);
  cells.add(3);
  EXPECT_EQ(cells.share(), std::nullopt);
}

struct Measured {
  SlideTally tally;
  SmearArea area;
  StrangeCells strange{1};
  StainProfile stain;
  std::vector<DifferentialRow> differential;

  [[nodiscard]] QualityFacts facts() const {
    return quality_facts({.tally = tally,
                          .area = area,
                          .strange = strange,
                          .stain = stain,
                          .differential = differential});
  }
};

TEST(QualityFacts, CellsOfTheModelsOwnClassForTheUnidentifiedAreExcludedToo) {
  Measured slide;
  CellRow cell;
  slide.tally.add(cell);
  slide.tally.add(cell);
  cell.outcome = CellOutcome::excluded;
  cell.exclusion = Exclusion::out_of_focus;
  slide.tally.add(cell);
  slide.differential = {{.name = "monocyte", .label = "", .in_denominator = true, .count = 1},
                        {.name = "unidentified", .label = "", .in_denominator = false, .count = 1}};
  const auto facts = slide.facts();
  EXPECT_EQ(facts.counted, 1U);
  EXPECT_EQ(facts.located, 3U);
  EXPECT_EQ(facts.excluded, 2U);
  EXPECT_EQ(facts.out_of_focus, 1U);
}

TEST(QualityFacts, WhatIsNotKnownIsNotMeasured) {
  Measured slide;
  EXPECT_EQ(slide.facts().focus, std::nullopt) << "no reference of sharpness";
  EXPECT_EQ(slide.facts().strange_limit, std::nullopt) << "none in the card";
  slide.stain.focus_reference = 0.75;
  EXPECT_EQ(slide.facts().focus, 0.75);
}

}  // namespace
}  // namespace cytocape
