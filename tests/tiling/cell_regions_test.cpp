#include "tiling/cell_regions.hpp"

#include <gtest/gtest.h>

#include "tests/tiling/smear.hpp"

namespace cytocape {
namespace {

constexpr double kCropMpp = 0.2;
using testing::kCytoplasm;
using testing::kNucleus;
using testing::kRedCell;

using testing::Disc;
using testing::smear;

/// 24 x 20 um; radii in pixels of kCropMpp.
CellRegionMap regions_of(const std::vector<Disc>& discs) {
  const Image crop = smear(120, 100, discs);
  return find_cell_regions(crop, middle_of(crop, kCropMpp), stain_of_picture(crop, kCropMpp));
}

TEST(CellRegions, NucleusAndCytoplasmAreTheDrawnOnes) {
  const auto regions = regions_of({{60, 50, 30, kCytoplasm}, {64, 46, 22, kNucleus}});
  EXPECT_EQ(regions.at(64, 46), CellRegion::nucleus);
  EXPECT_EQ(regions.at(60, 74), CellRegion::cytoplasm);
  EXPECT_EQ(regions.at(60, 86), CellRegion::outside);
  EXPECT_EQ(regions.at(4, 4), CellRegion::outside);
  int nucleus = 0;
  for (const auto region : regions.region) nucleus += region == CellRegion::nucleus ? 1 : 0;
  EXPECT_NEAR(nucleus, 3.1416 * 22 * 22, 0.15 * 3.1416 * 22 * 22);
}

TEST(CellRegions, NeighboursNucleusAndRedCellsAreOutside) {
  const auto regions = regions_of({{60, 50, 26, kCytoplasm},
                                   {60, 50, 22, kNucleus},
                                   {14, 50, 14, kNucleus},
                                   {106, 14, 13, kRedCell}});
  EXPECT_EQ(regions.at(60, 50), CellRegion::nucleus);
  EXPECT_EQ(regions.at(14, 50), CellRegion::outside);
  EXPECT_EQ(regions.at(106, 14), CellRegion::outside);
}

TEST(CellRegions, LobesThatLieCloseAreOneNucleus) {
  const auto regions =
      regions_of({{61, 50, 40, kCytoplasm}, {42, 50, 17, kNucleus}, {80, 50, 17, kNucleus}});
  EXPECT_EQ(regions.at(42, 50), CellRegion::nucleus);
  EXPECT_EQ(regions.at(80, 50), CellRegion::nucleus);
}

TEST(CellRegions, PlateletIsABodyWithoutNucleus) {
  const auto regions = regions_of({{60, 50, 10, testing::kPlatelet}});
  EXPECT_FALSE(regions.has(CellRegion::nucleus));
  EXPECT_EQ(regions.at(60, 50), CellRegion::cytoplasm);
}

TEST(CellRegions, GlassHasNoCell) {
  const auto regions = regions_of({});
  EXPECT_FALSE(regions.has(CellRegion::nucleus));
  EXPECT_FALSE(regions.has(CellRegion::cytoplasm));
}

TEST(PatchShares, AddUpToOneAtEveryPatchThoughPatchesHoldUnequalPixels) {
  // 5 pixels in 2 columns: 2 and 3 (the middle pixel's centre lies on the border).
  CellRegionMap map{5, 2, std::vector<CellRegion>(10, CellRegion::outside)};
  map.region[0] = CellRegion::nucleus;
  map.region[4] = CellRegion::cytoplasm;
  const auto shares = patch_shares(map, 1, 2);
  EXPECT_DOUBLE_EQ(shares.share[0][0], 1 / 4.0);
  EXPECT_DOUBLE_EQ(shares.share[1][1], 1 / 6.0);
  for (std::size_t i = 0; i < 2; ++i)
    EXPECT_NEAR(shares.share[0][i] + shares.share[1][i] + shares.share[2][i], 1, 1e-15);
}

}  // namespace
}  // namespace cytocape
