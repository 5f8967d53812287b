#pragma once

/// Which page of a TIFF file is its picture where the file is read as one picture, not as levels.
/// Internal to io/. Pure and thread-safe.

#include <string>
#include <vector>

#include "io/tiff_file.hpp"

namespace cytocape {

struct TiffPicture {
  int number = 0;                    ///< of the page, from 0
  const TiffPage* page = nullptr;    ///< into the file's pages; null where there is none
  std::vector<std::string> remarks;  ///< of smaller pages, which are left out, a sentence each
  std::vector<std::string> notices;  ///< of pages as large as this one, which are not read
};

/// The largest page, wherever it stands; of equals that of number `plane`, from 1. No page where
/// the file has fewer.
[[nodiscard]] TiffPicture find_tiff_picture(const TiffFile& file, int plane = 1);

/// Of `others` pages as large as the one that is read; `read` counts from 1.
[[nodiscard]] std::string unread_planes_notice(std::size_t read, std::size_t others);

}  // namespace cytocape
