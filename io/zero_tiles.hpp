#pragma once

/// Uncompressed tiles of which every byte is 0: a codec would find them damaged, but raw samples of
/// 0 are black pixels. Either a file of which a part was never written (a copy that reserves its
/// space first, and was broken off) or a black border. Internal to io/.

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <span>

#include "io/geometry.hpp"

namespace cytocape {

[[nodiscard]] bool all_zero(std::span<const std::uint8_t> bytes);

/// Of one level. Thread-safe.
class ZeroTiles {
 public:
  explicit ZeroTiles(const Size& grid) : grid_(grid) {}

  /// Whether the tile of zeros `index` is of a black border: linked by other such tiles, side by
  /// side, to a corner of the level, as what a scanner or a mask leaves black is. `is_zero` looks
  /// at a tile and is asked once for each. One that lies among pictures, or more than 4,096 tiles
  /// from a corner, is not.
  [[nodiscard]] bool is_border(std::uint64_t index,
                               const std::function<bool(std::uint64_t)>& is_zero) const;

 private:
  Size grid_;  ///< tiles
  mutable std::mutex mutex_;
  mutable std::map<std::uint64_t, bool> zero_;     ///< of the tiles looked at
  mutable std::set<std::uint64_t> known_borders_;  ///< tiles
};

/// What is said of a tile of zeros that is no border.
inline constexpr const char* kZeroTileFault =
    "all of its bytes are 0, as where a copy was broken off; copy the file again, or save it with "
    "a "
    "compression if it is black there";

}  // namespace cytocape
