#pragma once

/// What the colours in the JPEG tiles or strips of a TIFF page are, where the page and the tiles
/// may say different things. Internal to io/.
///
/// By the specification tag 262 (PhotometricInterpretation) decides, and markers inside a tile mean
/// nothing; libtiff and OpenSlide read so. But writers that copy tiles from elsewhere or forget
/// what their encoder does write the tag wrongly (Bio-Formats did), while the marker is the
/// encoder's own word; tifffile and QuPath show such files in their true colours.

#include <string>

#include "io/jpeg_check.hpp"
#include "io/tiff_file.hpp"

namespace cytocape {

struct JpegColours {
  JpegSamples by_tag = JpegSamples::ycbcr;
  JpegSamples read_as = JpegSamples::ycbcr;  ///< else than the tag says where all tiles do
  /// What a tile is of that says nothing itself: as the page's tables say, else as the tag.
  JpegSamples unstated = JpegSamples::ycbcr;

  bool mixed = false;  ///< of the tiles looked at some say RGB and some YCbCr

  [[nodiscard]] bool contradict_tag() const { return read_as != by_tag; }
};

/// Of a page of JPEG tiles or strips, by its tag and the heads of up to 16 of them: what all of
/// these say of themselves, or by the tables they share, where they do and agree; else what the tag
/// says, and a tile that says otherwise is damaged (JpegTile::unstated). Thread-safe. Throws
/// SlideError.
[[nodiscard]] JpegColours jpeg_colours(const TiffFile& file, const TiffPage& page);

/// Part of a sentence: "tag 262 says that .."; precondition: colours.contradict_tag().
[[nodiscard]] std::string words_of(const JpegColours& colours);

}  // namespace cytocape
