#pragma once

/// What OpenSlide gets wrong of tiled TIFF files, found in the file's own tags before it is asked.
/// Internal to io/. Thread-safe.

#include <filesystem>
#include <string>
#include <vector>

#include "io/slide.hpp"
#include "io/tiff_file.hpp"

namespace cytocape {

/// OpenSlide has libtiff make pixels of what it does not decode itself, whatever the tags define.
/// As part of a sentence; empty where it makes what they do.
[[nodiscard]] std::string why_misread(const TiffFile& file);

/// Of pages marked as reduced OpenSlide takes each for a level, also a thumbnail of another shape;
/// and where a coarser level alone lacks tiles, cells of the finer one would be looked for on
/// glass. Throws SlideError for either of these.
void require_levels(const std::filesystem::path& path, const TiffFile& file,
                    const std::vector<SlideLevel>& levels);

/// Sets SlideLevel::absent_share of levels that are a page of the file.
void tell_absent_shares(const TiffFile& file, std::vector<SlideLevel>& levels);

/// other_pictures_notice, of the pages that OpenSlide takes for `levels`.
[[nodiscard]] std::string notice_of_others(const TiffFile& file,
                                           const std::vector<SlideLevel>& levels);

}  // namespace cytocape
