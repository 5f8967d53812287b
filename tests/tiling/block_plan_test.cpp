#include "tiling/block_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace cytocape {
namespace {

/// mpp x != y, width != height, a tile that no shrink divides.
SlideInfo odd_slide() {
  SlideInfo slide;
  slide.path = "odd";
  slide.levels = {{{5003, 3001}, {1, 1}, {240, 200}}};
  slide.mpp = {0.14, 0.3};
  return slide;
}

std::vector<Block> plan(const SlideInfo& slide, const BlockPlanOptions& options) {
  return plan_blocks(slide, choose_locate_scale(slide, 1.0), options);
}

TEST(BlockPlan, CoresCoverEveryLocatePixelOnce) {
  const SlideInfo slide = odd_slide();
  const LocateScale scale = choose_locate_scale(slide, 1.0);
  for (const int tiles : {1, 3, 8}) {
    std::vector<int> seen(static_cast<std::size_t>(scale.size.width * scale.size.height));
    for (const Block& block : plan(slide, {.block_tiles = tiles}))
      for (auto y = block.core.y; y < block.core.bottom(); ++y)
        for (auto x = block.core.x; x < block.core.right(); ++x)
          ++seen[static_cast<std::size_t>(y * scale.size.width + x)];
    EXPECT_EQ(std::count(seen.begin(), seen.end(), 1), static_cast<long>(seen.size())) << tiles;
  }
}

TEST(BlockPlan, CoresCoverTheSlideInLevel0PixelsOnce) {
  const SlideInfo slide = odd_slide();
  const auto blocks = plan(slide, {.block_tiles = 3});
  std::int64_t area = 0;
  for (const Block& a : blocks) {
    area += a.core_level0.area();
    for (const Block& b : blocks)
      EXPECT_TRUE(a.index == b.index || !a.core_level0.overlaps(b.core_level0));
  }
  EXPECT_EQ(area, 5003 * 3001);
}

TEST(BlockPlan, EdgeTileIsKeptAndItsWindowCutAtTheSlide) {
  const SlideInfo slide = odd_slide();
  const LocateScale scale = choose_locate_scale(slide, 1.0);
  const auto blocks = plan(slide, {.block_tiles = 8});
  const Block& last = blocks.back();
  EXPECT_EQ(last.core.right(), scale.size.width);
  EXPECT_EQ(last.core.bottom(), scale.size.height);
  EXPECT_EQ(last.window.right(), scale.size.width);
  EXPECT_EQ(blocks.front().window.x, 0);
}

TEST(BlockPlan, MarginIsMeasuredInMicronsAlongEachAxis) {
  const auto blocks = plan(odd_slide(), {.block_tiles = 1, .margin_um = 48});
  const Block& inner = blocks.at(blocks.size() / 2 + 3);
  EXPECT_EQ(inner.core.x - inner.window.x, 49);  // 48 um / 0.98 um
  EXPECT_EQ(inner.core.y - inner.window.y, 54);  // 48 um / 0.90 um
}

TEST(BlockPlan, AutomaticBlocksAreTheWholeTilesNearestTheWantedEdge) {
  SlideInfo slide = odd_slide();
  slide.mpp = {0.5, 0.5};
  const auto blocks = plan(slide, {.auto_edge_um = 500});
  EXPECT_EQ(blocks.front().core_level0.width, 4 * 240);  // 480 um
  EXPECT_EQ(blocks.front().core_level0.height, 5 * 200);
}

TEST(BlockPlan, TilesSmallerThanALocatePixelGiveNoEmptyBlock) {
  SlideInfo slide = odd_slide();
  slide.levels[0].tile = {2, 1};
  slide.levels[0].size = {100, 60};
  for (const Block& block : plan(slide, {.block_tiles = 1})) EXPECT_FALSE(block.core.empty());
}

}  // namespace
}  // namespace cytocape
