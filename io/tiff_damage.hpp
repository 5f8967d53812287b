#pragma once

/// Damage in the tiles and strips of a TIFF file that its readers pass over in silence: libvips
/// hides libjpeg's warnings, OpenSlide does not look at what is left once it has its pixels, and
/// libtiff does not always read deflate's checksums. So JPEG and deflated data are decoded once
/// more, for what the decoder has to say of them. All functions may be called from many threads at
/// once.

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "io/slide.hpp"
#include "io/tiff_file.hpp"

namespace cytocape {

/// What is wrong with tile or strip `index`; empty when it is whole, left out of the file, or of a
/// compression whose decoder reports damage as an error (LZW, Zstandard, WebP) or cannot see it.
[[nodiscard]] std::string segment_fault(const TiffFile& file, const TiffPage& page,
                                        std::uint64_t index);

/// No encoder makes data four times larger than the samples are: more is no tile or strip of this
/// page, compressed or not.
[[nodiscard]] std::uint64_t most_segment_bytes(const TiffPage& page);

/// Of a byte count that no encoder reaches: memory is not taken for it. Empty when it is plausible.
[[nodiscard]] std::string segment_size_fault(const TiffPage& page, std::uint64_t bytes);

/// segment_fault for the whole page: "strip 12: ..".
[[nodiscard]] std::string page_fault(const TiffFile& file, const TiffPage& page);

/// Of a page's tiles, the share that the file leaves out (byte count 0), 0..1. Throws SlideError.
[[nodiscard]] double absent_share(const TiffFile& file, const TiffPage& page);

/// Whether `coarse`, a smaller version of `fine`, leaves out a tile under which `fine` has data.
/// Throws SlideError.
[[nodiscard]] bool lacks_more(const TiffFile& file, const TiffPage& coarse, const TiffPage& fine);

/// The page whose tiles make up a level that OpenSlide tells of; null where there is none.
[[nodiscard]] const TiffPage* page_of_level(const TiffFile& file, const SlideLevel& level);

/// The tiles of a slide that OpenSlide reads from one TIFF page a level. Each tile is decoded once,
/// when it is first asked for; what came out is kept, a byte a tile.
class TileDamage {
 public:
  /// Levels that are no single page of `file` are never checked.
  TileDamage(std::shared_ptr<const TiffFile> file, const std::vector<SlideLevel>& levels);

  /// "tile (3, 4): .." for the first damaged tile under `rect`, in pixels of `level`; empty when
  /// there is none.
  [[nodiscard]] std::string find(std::size_t level, const LevelRect& rect) const;

 private:
  struct Level {
    const TiffPage* page = nullptr;  ///< null where there is none to check
    Size grid;                       ///< tiles
    mutable std::vector<std::atomic<bool>> sound;
  };

  std::shared_ptr<const TiffFile> file_;
  std::vector<Level> levels_;
};

}  // namespace cytocape
