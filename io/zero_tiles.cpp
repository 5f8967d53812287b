#include "io/zero_tiles.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace cytocape {

bool all_zero(std::span<const std::uint8_t> bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

bool ZeroTiles::is_border(std::uint64_t index,
                          const std::function<bool(std::uint64_t)>& is_zero) const {
  const std::lock_guard lock(mutex_);
  const auto looks_zero = [&](std::uint64_t tile) {
    const auto known = zero_.find(tile);
    return known != zero_.end() ? known->second : zero_.emplace(tile, is_zero(tile)).first->second;
  };
  constexpr std::size_t kMost = 4096;
  std::set<std::uint64_t> linked{index};
  std::vector<std::uint64_t> next{index};
  while (!next.empty() && linked.size() <= kMost) {
    const auto tile = next.back();
    next.pop_back();
    const auto x = static_cast<std::int64_t>(tile) % grid_.width;
    const auto y = static_cast<std::int64_t>(tile) / grid_.width;
    const bool corner = (x == 0 || x == grid_.width - 1) && (y == 0 || y == grid_.height - 1);
    if (corner || known_borders_.contains(tile)) {
      known_borders_.insert(linked.begin(), linked.end());
      return true;
    }
    constexpr std::array<std::pair<int, int>, 4> kSides{{{1, 0}, {-1, 0}, {0, 1}, {0, -1}}};
    for (const auto& [dx, dy] : kSides) {
      if (x + dx < 0 || x + dx >= grid_.width || y + dy < 0 || y + dy >= grid_.height) continue;
      const auto beside = static_cast<std::uint64_t>((y + dy) * grid_.width + x + dx);
      if (!linked.contains(beside) && looks_zero(beside)) {
        linked.insert(beside);
        next.push_back(beside);
      }
    }
  }
  return false;
}

}  // namespace cytocape
