#pragma once

/// Slides in tiled TIFF files, read tile by tile without OpenSlide. Internal to io/.
///
///     read(rect) -> tiles under rect -> whole tiles alone: decoded into the picture itself
///                                    -> else: TileCache -> TiffTiles::decode -> copied
///
/// Pixels are libjpeg-turbo's own, at every level and wherever a read begins. A read that needs
/// parts of tiles shares them with its neighbours, also of other threads.

#include <memory>
#include <string>
#include <vector>

#include "io/slide_readers.hpp"
#include "io/tile_cache.hpp"
#include "io/tile_source.hpp"

namespace cytocape {

class TiffSlide final : public Slide {
 public:
  struct Parts {
    SlideState state;
    std::vector<std::unique_ptr<const TileSource>> levels;  ///< as many as the info has
    /// Reads the associated images of makers that OpenSlide knows; else null.
    std::unique_ptr<const Slide> openslide;
    std::vector<std::uint8_t> icc_profile;
  };
  TiffSlide(SlideInfo info, Parts parts);

  Image read(int level, const LevelRect& rect) const override;
  int largest_reduction(int level) const override;
  Image read_reduced(int level, int factor, const LevelRect& rect) const override;
  bool is_left_out(int level, const LevelRect& rect) const override;
  Image read_associated(const std::string& name) const override;
  std::vector<std::uint8_t> icc_profile() const override { return parts_.icc_profile; }

  /// Tiles of a level decoded so far.
  [[nodiscard]] std::uint64_t decoded(int level) const;

 private:
  /// A level as it is read: all sizes in pixels shrunk by `shrink`.
  struct View {
    int level = 0;
    int shrink = 1;
    Size size;
    Size tile;
  };
  /// Tiles by column and row, the last ones included.
  struct TileRange {
    std::int64_t left, top, right, bottom;
  };

  [[nodiscard]] View view_of(int level, int shrink) const;
  [[nodiscard]] const TileSource& tiles_of(int level) const;
  [[nodiscard]] TileRange tiles_under(const View& view, const LevelRect& rect) const;
  [[nodiscard]] Image read_view(const View& view, const LevelRect& rect) const;
  void fill(const View& view, const LevelRect& rect, Image& out) const;
  [[nodiscard]] bool has_data(int level, const LevelRect& rect) const;
  [[nodiscard]] LevelRect in_finer(int level, const LevelRect& rect) const;
  [[nodiscard]] DecodedTile decode(const View& view, std::uint64_t index) const;
  [[nodiscard]] std::string decode_into(const View& view, std::uint64_t index,
                                        const RgbTarget& target) const;
  void fill_from_finer(int level, const LevelRect& rect, const RgbTarget& target) const;

  Parts parts_;
  mutable TileCache cache_;
};

}  // namespace cytocape
