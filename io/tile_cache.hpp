#pragma once

/// Decoded tiles that neighbouring reads share. Internal to io/.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace cytocape {

struct DecodedTile {
  std::vector<std::uint8_t> pixels;  ///< RGB, rows without padding
  std::string fault;                 ///< why it has no pixels; empty where it has
};

struct TileKey {
  int level = 0;
  int shrink = 1;
  std::uint64_t index = 0;
  auto operator<=>(const TileKey&) const = default;  // NOLINT(modernize-use-nullptr)
};

/// Holds the tiles that were used last, up to a number of bytes. All functions are thread-safe: a
/// tile that several threads want at once is decoded by one, and the others wait for it.
class TileCache {
 public:
  using Decode = std::function<DecodedTile()>;

  /// `bytes` bounds the pixels that are kept; what readers hold beyond that is theirs.
  explicit TileCache(std::size_t bytes) : budget_(bytes) {}

  /// The tile `key`, by `decode` where nobody has decoded it yet. Damage is kept as well; what
  /// `decode` throws is not, and goes to the caller.
  [[nodiscard]] std::shared_ptr<const DecodedTile> get(const TileKey& key, const Decode& decode);

 private:
  struct Slot {
    std::mutex mutex;  ///< held while it is decoded
    std::shared_ptr<const DecodedTile> tile;
    std::size_t bytes = 0;  ///< counted in used_; guarded by the cache's mutex
    bool kept = true;       ///< false once it was dropped; guarded by the cache's mutex
    std::list<TileKey>::iterator place;
  };

  std::shared_ptr<Slot> slot_of(const TileKey& key);
  void count(const std::shared_ptr<Slot>& slot, std::size_t bytes);

  const std::size_t budget_;
  std::mutex mutex_;
  std::map<TileKey, std::shared_ptr<Slot>> slots_;
  std::list<TileKey> order_;  ///< used last first
  std::size_t used_ = 0;
};

}  // namespace cytocape
