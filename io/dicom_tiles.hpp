#pragma once

/// The tiles of one level of a DICOM slide, decoded to RGB. Internal to io/.

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "io/dicom_levels.hpp"
#include "io/tile_source.hpp"
#include "io/zero_tiles.hpp"

namespace cytocape {

/// All members may be called from many threads at once; none keeps a lock.
class DicomTiles final : public TileSource {
 public:
  /// Throws SlideError where the first frame says itself that its colours are others than its file
  /// states.
  explicit DicomTiles(DicomLevel level);

  [[nodiscard]] const Size& tile() const override { return tile_; }
  [[nodiscard]] const Size& grid() const override { return level_.grid; }
  [[nodiscard]] bool is_absent(std::uint64_t index) const override {
    return !level_.frame_of_tile.empty() && level_.frame_of_tile[index] == kNoFrame;
  }
  [[nodiscard]] double absent_share() const override;
  [[nodiscard]] int largest_shrink() const override;
  [[nodiscard]] std::string decode(std::uint64_t index, int shrink,
                                   const RgbTarget& target) const override;
  [[nodiscard]] std::uint64_t decoded() const override { return decoded_; }

 private:
  void require_stated_colours() const;
  /// The data of a tile; what is wrong with it.
  [[nodiscard]] std::string read_tile(std::uint64_t index, std::vector<std::uint8_t>& data) const;
  [[nodiscard]] bool is_zero(std::uint64_t index) const;
  [[nodiscard]] std::string decode_samples(const std::vector<std::uint8_t>& data,
                                           const RgbTarget& target) const;

  DicomLevel level_;
  Size tile_;
  ZeroTiles zero_tiles_;
  mutable std::atomic<std::uint64_t> decoded_ = 0;
};

}  // namespace cytocape
