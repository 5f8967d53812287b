#include "tiling/pilot_blocks.hpp"

#include <algorithm>

namespace cytocape {
namespace {

/// The bits of both, the lowest first and so the most significant: what is even in both comes
/// first, and of that what can be divided by four.
std::uint64_t spread_key(std::uint64_t column, std::uint64_t row) {
  constexpr unsigned kBits = 32;
  std::uint64_t key = 0;
  for (unsigned bit = 0; bit < kBits; ++bit) {
    const auto of_column = column >> bit & 1U;
    const auto of_row = row >> bit & 1U;
    // Of the three others of a square the opposite one is next.
    key = key << 2U | (of_row ^ of_column) << 1U | of_row;
  }
  return key;
}

}  // namespace

std::vector<Block> pilot_blocks(const SlideInfo& slide, const LocateScale& scale) {
  const auto plan = plan_blocks(slide, scale, {});
  const auto columns =
      static_cast<std::uint64_t>(std::count_if(plan.begin(), plan.end(), [&](const Block& block) {
        return block.core.y == plan.front().core.y;
      }));
  std::vector<std::pair<std::uint64_t, const Block*>> order;
  for (const auto& block : plan)
    order.emplace_back(spread_key(block.index % columns, block.index / columns), &block);
  std::sort(order.begin(), order.end());
  std::vector<Block> blocks;
  for (const auto& [key, block] : order) blocks.push_back(*block);
  return blocks;
}

}  // namespace cytocape
