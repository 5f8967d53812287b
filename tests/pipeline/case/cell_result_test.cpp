#include "pipeline/case/cell_result.hpp"

#include <gtest/gtest.h>

namespace cytocape {
namespace {

CellResult result_of(std::vector<double> probability) {
  CellResult result;
  result.map = probability;  // of one position
  result.probability = std::move(probability);
  result.strangeness = 0.5;
  return result;
}

TEST(CellResult, CallsTheMostProbableClass) {
  CellRow cell;
  settle(cell, result_of({0.25, 0.5, 0.25}), 0.5);
  EXPECT_EQ(cell.outcome, CellOutcome::classified);
  EXPECT_EQ(cell.class_index, 1);
  EXPECT_EQ(cell.map, (std::vector<float>{0.25F, 0.5F, 0.25F}));
  EXPECT_EQ(cell.strangeness, 0.5);
}

TEST(CellResult, BelowTheThresholdTheCellIsUnidentifiedAndKeepsItsProbabilitiesAlone) {
  CellRow cell;
  settle(cell, result_of({0.25, 0.5, 0.25}), 0.51);
  EXPECT_EQ(fate_of(cell), (CellFate{CellOutcome::excluded, Exclusion::unidentified}));
  EXPECT_EQ(cell.class_index, -1);
  EXPECT_EQ(cell.probability.size(), 3U);
  EXPECT_EQ(cell.strangeness, 0.5);
  EXPECT_TRUE(cell.map.empty());
}

TEST(CellResult, AFailureIsTheCellsOwn) {
  CellRow cell;
  CellResult result;
  result.failure = "out of memory";
  settle(cell, result, 0);
  EXPECT_EQ(fate_of(cell), CellFate{CellOutcome::failed});
  EXPECT_EQ(cell.failure, "not classified: out of memory");
  EXPECT_TRUE(cell.probability.empty());
}

}  // namespace
}  // namespace cytocape
