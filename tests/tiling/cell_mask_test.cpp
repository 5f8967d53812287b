#include "tiling/cell_mask.hpp"

#include <gtest/gtest.h>

#include <numbers>

#include "tests/tiling/smear.hpp"

namespace cytocape {
namespace {

using testing::Disc;
using testing::kCytoplasm;
using testing::kGlass;
using testing::kNucleus;
using testing::kRedCell;
using testing::smear;

constexpr double kMpp = 0.2;

/// A cell of radius 30 px with a nucleus of 20, red cells around, and `more` over them.
Image field(const std::vector<Disc>& more = {}) {
  std::vector<Disc> discs{{125, 50, 18, kRedCell},
                          {20, 100, 18, kRedCell},
                          {60, 50, 30, kCytoplasm},
                          {60, 50, 20, kNucleus}};
  discs.insert(discs.end(), more.begin(), more.end());
  return smear(160, 120, discs);
}

double disc_share(double radius) {
  return std::numbers::pi * radius * radius / (160 * 120);
}

TEST(CellMask, HoldsNucleusAndCytoplasmAndNoRedCell) {
  const auto cell = find_cell(field(), kMpp, 60, 50);
  ASSERT_TRUE(cell);
  EXPECT_NEAR(cell->x, 60, 1);
  EXPECT_NEAR(cell->y, 50, 1);
  EXPECT_NEAR(cell->share, disc_share(30), 0.15 * disc_share(30));
}

TEST(CellMask, IsThatOfTheCellAtThePlace) {
  const auto cell = find_cell(field({{130, 95, 12, kNucleus}}), kMpp, 130, 95);
  ASSERT_TRUE(cell);
  EXPECT_NEAR(cell->x, 130, 1);
  EXPECT_NEAR(cell->share, disc_share(12), 0.2 * disc_share(12));
}

TEST(CellMask, KeepsTheLobesOfANucleusTogether) {
  const auto image = smear(160, 120, {{50, 50, 12, kNucleus}, {80, 54, 12, kNucleus}});
  const auto cell = find_cell(image, kMpp, 65, 52);
  ASSERT_TRUE(cell);
  EXPECT_NEAR(cell->x, 65, 1);
  EXPECT_NEAR(cell->share, 2 * disc_share(12), 0.5 * disc_share(12));
}

TEST(CellMask, FillsWhatTheCellEncloses) {
  EXPECT_NEAR(find_cell(field({{60, 50, 6, kGlass}}), kMpp, 60, 50)->share,
              find_cell(field(), kMpp, 60, 50)->share, 0.004);
}

TEST(CellMask, IsNoneWhereNothingIsStained) {
  EXPECT_FALSE(find_cell(field(), kMpp, 140, 100));
  EXPECT_FALSE(find_cell(Image(40, 40, kGlass), kMpp, 20, 20));
}

}  // namespace
}  // namespace cytocape
