#pragma once

/// The tiles of one page of a TIFF file, decoded to RGB without OpenSlide or a shared handle.
/// Internal to io/.

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "io/jpeg_colours.hpp"
#include "io/sample_kind.hpp"
#include "io/tiff_file.hpp"
#include "io/tile_source.hpp"
#include "io/zero_tiles.hpp"

namespace cytocape {

/// Why TiffTiles does not take the page, as part of a sentence; empty when it does.
[[nodiscard]] std::string why_not_decoded(const TiffPage& page);

/// All members may be called from many threads at once; none keeps a lock, for each read names its
/// place in the file (pread).
class TiffTiles final : public TileSource {
 public:
  /// Reads where the tiles lie and the tables that they share. Precondition:
  /// why_not_decoded(page).empty(). Throws SlideError.
  TiffTiles(std::shared_ptr<const TiffFile> file, const TiffPage& page);

  [[nodiscard]] const Size& tile() const override { return page_.tile; }
  [[nodiscard]] const Size& grid() const override { return grid_; }
  /// Its byte count is 0.
  [[nodiscard]] bool is_absent(std::uint64_t index) const override { return bytes_[index] == 0; }
  [[nodiscard]] double absent_share() const override;
  [[nodiscard]] int largest_shrink() const override;
  [[nodiscard]] std::string decode(std::uint64_t index, int shrink,
                                   const RgbTarget& target) const override;

  /// Of samples of more than 8 bits: why nobody can say what is white, as is_too_dark means it, by
  /// looking at up to 64 tiles. Empty where all is well.
  [[nodiscard]] std::string why_too_dark() const;

  /// Of JPEG tiles: what their colours are, and what the page says.
  [[nodiscard]] const JpegColours& colours() const { return colours_; }

  [[nodiscard]] std::uint64_t decoded() const override { return decoded_; }

 private:
  struct Samples {
    std::vector<std::uint8_t> bytes;  ///< of the whole tile, in this machine's order
    std::string fault;                ///< instead
  };
  [[nodiscard]] std::string place_fault(std::uint64_t index) const;
  [[nodiscard]] bool is_zero(std::uint64_t index) const;
  [[nodiscard]] bool was_never_written(std::uint64_t index,
                                       std::span<const std::uint8_t> data) const;
  [[nodiscard]] Samples samples_of(std::vector<std::uint8_t> data) const;
  [[nodiscard]] std::string decode_samples(std::vector<std::uint8_t> data,
                                           const RgbTarget& target) const;

  std::shared_ptr<const TiffFile> file_;
  TiffPage page_;
  SampleKind kind_;      ///< of codecs that give samples
  JpegColours colours_;  ///< of JPEG
  Size grid_;
  std::vector<std::uint64_t> offsets_;
  std::vector<std::uint64_t> bytes_;
  std::vector<std::uint8_t> tables_;
  ZeroTiles zero_tiles_;
  bool ends_in_zeros_ = false;  ///< the file
  mutable std::atomic<std::uint64_t> decoded_ = 0;
};

}  // namespace cytocape
