#include "tiling/cell_mask.hpp"

#include <gtest/gtest.h>

#include <numbers>

#include "tests/tiling/smear.hpp"
#include "tiling/cell_regions.hpp"

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

std::optional<CellMask> find_cell(const Image& crop, double mpp, double x, double y) {
  const CropPlace place{.mpp = mpp, .x = x, .y = y};
  return cell_mask_of(find_cell_regions(crop, place, stain_of_picture(crop, mpp)));
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
  const auto image = smear(160, 120, {{48, 50, 16, kNucleus}, {82, 54, 16, kNucleus}});
  const auto cell = find_cell(image, kMpp, 65, 52);
  ASSERT_TRUE(cell);
  EXPECT_NEAR(cell->x, 65, 1);
  EXPECT_NEAR(cell->share, 2 * disc_share(16), 0.6 * disc_share(16));
}

TEST(CellMask, FillsWhatTheCellEncloses) {
  EXPECT_NEAR(find_cell(field({{60, 50, 6, kGlass}}), kMpp, 60, 50)->share,
              find_cell(field(), kMpp, 60, 50)->share, 0.004);
}

TEST(CellMask, IsWhatTheRegionsHoldWithItsMiddle) {
  CellRegionMap map{4, 2, std::vector<CellRegion>(8, CellRegion::outside)};
  map.region[1] = CellRegion::nucleus;
  map.region[2] = map.region[6] = CellRegion::cytoplasm;
  const auto cell = cell_mask_of(map);
  ASSERT_TRUE(cell);
  EXPECT_EQ(cell->inside, (std::vector<std::uint8_t>{0, 1, 1, 0, 0, 0, 1, 0}));
  EXPECT_DOUBLE_EQ(cell->share, 3 / 8.0);
  EXPECT_DOUBLE_EQ(cell->x, (1.5 + 2.5 + 2.5) / 3);
  EXPECT_DOUBLE_EQ(cell->y, (0.5 + 0.5 + 1.5) / 3);
}

TEST(CellMask, IsNoneWhereNothingIsStained) {
  EXPECT_FALSE(find_cell(field(), kMpp, 140, 100));
  EXPECT_FALSE(find_cell(Image(40, 40, kGlass), kMpp, 20, 20));
}

}  // namespace
}  // namespace cytocape
