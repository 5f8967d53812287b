#include "io/tile_cache.hpp"

#include <utility>

namespace cytocape {

std::shared_ptr<TileCache::Slot> TileCache::slot_of(const TileKey& key) {
  const std::lock_guard lock(mutex_);
  auto& slot = slots_[key];
  if (slot) {
    order_.splice(order_.begin(), order_, slot->place);
    return slot;
  }
  slot = std::make_shared<Slot>();
  slot->place = order_.insert(order_.begin(), key);
  return slot;
}

void TileCache::count(const std::shared_ptr<Slot>& slot, std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  if (!slot->kept) return;
  slot->bytes = bytes;
  used_ += bytes;
  while (used_ > budget_ && !order_.empty()) {
    const auto last = slots_.find(order_.back());
    used_ -= last->second->bytes;
    last->second->kept = false;
    slots_.erase(last);
    order_.pop_back();
  }
}

std::shared_ptr<const DecodedTile> TileCache::get(const TileKey& key, const Decode& decode) {
  const auto slot = slot_of(key);
  const std::lock_guard lock(slot->mutex);
  if (!slot->tile) {
    slot->tile = std::make_shared<const DecodedTile>(decode());
    // A fault takes some memory as well, and a file may have a million.
    constexpr std::size_t kOverhead = 512;
    count(slot, slot->tile->pixels.size() + slot->tile->fault.size() + kOverhead);
  }
  return slot->tile;
}

}  // namespace cytocape
