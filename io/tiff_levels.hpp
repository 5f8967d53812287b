#pragma once

/// Which pages of a TIFF file are the levels of its slide. Internal to io/. Pure but for
/// `pixel_size_hints`, which reads texts of the file; all functions are thread-safe.

#include <map>
#include <string>
#include <vector>

#include "io/tiff_file.hpp"

namespace cytocape {

struct TiffLevels {
  std::vector<const TiffPage*> pages;  ///< [0] is the finest; empty where the file has no tiles
  std::vector<std::string> remarks;    ///< of tiled pages that are none, a sentence each
  std::vector<std::string> notices;    ///< of pages as large as the finest, which are not read
};

/// The largest tiled page, wherever it stands; of equals the first. Below it, what the file says is
/// a smaller version of it (its SubIFDs, and pages that are marked as reduced) and has its
/// proportions within 1 % or a pixel: a thumbnail of another shape taken for a level loses cells in
/// silence. One page of each size; one whose own resolution fits neither its size nor is the
/// finest's, copied, is none. Where a page in strips is larger, the file has no levels: they would
/// be those of a preview.
/// `plane` counts the pages as large as the largest, from 1; there are none of a plane that the
/// file lacks. A smaller page stands for the plane ahead of it, or where it stands ahead of all,
/// for the first.
[[nodiscard]] TiffLevels find_tiff_levels(const TiffFile& file, int plane = 1);

/// Of other pictures in the file that cells may lie on, such as a second scanned region: a
/// sentence, or empty. `levels` are the pages that are read, the finest first. Other pages, and
/// their SubIFDs, are pictures where they have as many channels, more than a quarter of the
/// finest's pixels, which labels and overviews lack, and are not marked as reduced. Where the pages
/// tell of none, OME-XML may: its series can lie in other files. Pages as large as the finest have
/// a notice of their own.
[[nodiscard]] std::string other_pictures_notice(const TiffFile& file,
                                                const std::vector<const TiffPage*>& levels);

/// What the file says of the pixel size of `page`, its finest level, by the names that pixel_size
/// knows: resolution tags, and OME-XML.
[[nodiscard]] std::map<std::string, std::string> pixel_size_hints(const TiffFile& file,
                                                                  const TiffPage& page);

}  // namespace cytocape
