#pragma once

/// The tiles of one level of a slide, whatever its format: what TiffSlide puts pictures together
/// from. Internal to io/.

#include <cstdint>
#include <string>

#include "io/geometry.hpp"
#include "io/jpeg_check.hpp"

namespace cytocape {

/// Tiles are counted row by row from the top left; those that stick out over the level's right and
/// lower edge are whole tiles too. All members may be called from many threads at once.
class TileSource {
 public:
  TileSource() = default;
  virtual ~TileSource() = default;
  TileSource(const TileSource&) = delete;
  TileSource& operator=(const TileSource&) = delete;

  [[nodiscard]] virtual const Size& tile() const = 0;  ///< pixels
  [[nodiscard]] virtual const Size& grid() const = 0;  ///< tiles
  /// Left out of the file by its writer, on purpose: background.
  [[nodiscard]] virtual bool is_absent(std::uint64_t index) const = 0;
  /// 0..1, of all tiles.
  [[nodiscard]] virtual double absent_share() const = 0;
  /// 1, 2, 4 or 8: by how much `decode` can shrink.
  [[nodiscard]] virtual int largest_shrink() const = 0;

  /// Writes tile `index`, shrunk by `shrink`, row by row from the top left. Returns what is wrong
  /// with its data, and then the target holds nothing of use; empty when all is well. Throws
  /// SlideError where the file cannot be read any more.
  [[nodiscard]] virtual std::string decode(std::uint64_t index, int shrink,
                                           const RgbTarget& target) const = 0;

  /// Tiles decoded so far, at any size.
  [[nodiscard]] virtual std::uint64_t decoded() const = 0;
};

}  // namespace cytocape
