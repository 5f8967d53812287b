#include "tiling/pilot_blocks.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace cytocape {
namespace {

SlideInfo slide_of(Size size) {
  SlideInfo slide;
  slide.path = "pilot";
  slide.levels = {{size, {1, 1}, {250, 250}}};
  slide.mpp = {0.5, 0.5};
  return slide;
}

std::vector<Block> pilot(const SlideInfo& slide) {
  return pilot_blocks(slide, choose_locate_scale(slide, 1.0));
}

std::vector<std::uint64_t> indices_of(const std::vector<Block>& blocks) {
  std::vector<std::uint64_t> indices;
  for (const auto& block : blocks) indices.push_back(block.index);
  return indices;
}

TEST(PilotBlocks, AreInTheOrderOfTheirPicture) {
  const auto blocks = pilot(slide_of({4000, 4000}));
  EXPECT_EQ(indices_of(blocks),
            (std::vector<std::uint64_t>{0, 10, 2, 8, 5, 15, 7, 13, 1, 11, 3, 9, 4, 14, 6, 12}));
}

TEST(PilotBlocks, AreEveryBlockOfTheSlideOnce) {
  const auto slide = slide_of({7300, 5100});
  const auto planned = plan_blocks(slide, choose_locate_scale(slide, 1.0), {});
  const auto blocks = pilot(slide);
  const auto indices = indices_of(blocks);
  EXPECT_EQ(blocks.size(), planned.size());
  EXPECT_EQ(std::set(indices.begin(), indices.end()).size(), planned.size());
}

TEST(PilotBlocks, LieInAllQuartersOfTheSlideFromTheFirstFewOn) {
  const auto slide = slide_of({40000, 20000});
  const auto blocks = pilot(slide);
  std::array<int, 4> quarters{};
  for (std::size_t i = 0; i < blocks.size() / 16; ++i) {
    const auto& core = blocks[i].core_level0;
    ++quarters[(core.x >= 20000 ? 1U : 0U) + (core.y >= 10000 ? 2U : 0U)];
  }
  const auto [least, most] = std::minmax_element(quarters.begin(), quarters.end());
  EXPECT_GT(*least, 0);
  EXPECT_LE(*most, 2 * *least);
}

}  // namespace
}  // namespace cytocape
