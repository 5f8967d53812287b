#include "pipeline/case/slide_tally.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cytocape {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

CellRow ended_cell(CellFate fate) {
  CellRow cell;
  cell.outcome = fate.outcome;
  cell.exclusion = fate.reason;
  return cell;
}

BlockRow ended_block(BlockFate fate) {
  BlockRow block;
  block.outcome = fate.outcome;
  block.rejection = fate.reason;
  return block;
}

TEST(SlideTally, CountsEachOutcomeWithItsReason) {
  SlideTally tally;
  for (int i = 0; i < 3; ++i) tally.add(ended_cell({CellOutcome::classified}));
  tally.add(ended_cell({CellOutcome::excluded, Exclusion::border}));
  tally.add(ended_cell({CellOutcome::excluded, Exclusion::out_of_focus}));
  tally.add(ended_cell({CellOutcome::excluded, Exclusion::out_of_focus}));
  EXPECT_THAT(by_text(tally.cells()),
              ElementsAre(Pair("classified", 3), Pair("excluded: border", 1),
                          Pair("excluded: out of focus", 2)));
  EXPECT_EQ(tally.located(), 6U);
  EXPECT_EQ(tally.excluded(), 3U);
  EXPECT_EQ(tally.excluded(Exclusion::out_of_focus), 2U);
  EXPECT_EQ(tally.excluded(Exclusion::clump), 0U);
  EXPECT_EQ(tally.failed(), 0U);
}

TEST(SlideTally, BlocksAreNoCells) {
  SlideTally tally;
  tally.add(ended_block({BlockOutcome::analysed}));
  tally.add(ended_block({BlockOutcome::rejected, Rejection::out_of_focus}));
  EXPECT_THAT(by_text(tally.blocks()),
              ElementsAre(Pair("analysed", 1), Pair("rejected: out of focus", 1)));
  EXPECT_EQ(tally.blocks_done(), 2U);
  EXPECT_EQ(tally.located(), 0U);
  EXPECT_EQ(tally.excluded(), 0U) << "out of focus is also a reason of cells";
}

TEST(SlideTally, NamesWhatFailedAndCountsBlocksAndCellsTogether) {
  SlideTally tally;
  auto cell = ended_cell({CellOutcome::failed});
  cell.id = 7;
  cell.centre = {12.4, 30.6};
  cell.failure = "no memory";
  tally.add(cell);
  auto block = ended_block({BlockOutcome::failed});
  block.index = 3;
  block.failure = "tile (1, 0) is unreadable";
  tally.add(block);
  EXPECT_EQ(tally.failed(), 2U);
  EXPECT_THAT(tally.failures(),
              ElementsAre("cell 7 at (12, 31): no memory", "block 3: tile (1, 0) is unreadable"));
}

TEST(SlideTally, ListsTheFirstTwentyFailuresAndCountsAll) {
  SlideTally tally;
  auto cell = ended_cell({CellOutcome::failed});
  for (cell.id = 0; cell.id < 25; ++cell.id) tally.add(cell);
  EXPECT_EQ(tally.failures().size(), 20U);
  EXPECT_THAT(tally.failures().back(), ::testing::StartsWith("cell 19 "));
  EXPECT_EQ(tally.failed(), 25U);
}

}  // namespace
}  // namespace cytocape
