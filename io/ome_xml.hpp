#pragma once

/// What the OME-XML in a TIFF file's first description says of its images. Internal to io/. Pure
/// and thread-safe.

#include <map>
#include <string>
#include <vector>

#include "io/geometry.hpp"

namespace cytocape {

struct OmeImage {
  Size size;                                      ///< pixels; 0 x 0 where it says none
  std::map<std::string, std::string> attributes;  ///< PhysicalSizeX and the like, as they stand
};

/// In the order of the text; empty where it is no OME-XML.
[[nodiscard]] std::vector<OmeImage> ome_images(const std::string& text);

/// The one as large as `size`, or the only one; null where none is.
[[nodiscard]] const OmeImage* ome_image_of(const std::vector<OmeImage>& images, const Size& size);

/// Why the text cannot tell the pixel size of a picture of `size`, as part of a sentence: what
/// states one is of pictures of other sizes, so of another scan or from before this one was
/// resized; or pictures of this size differ in it. Empty where it can, or states none.
[[nodiscard]] std::string ome_conflict(const std::vector<OmeImage>& images, const Size& size);

/// A sentence where the text tells of other images that are no previews of that of `size`: at least
/// a quarter of its pixels. Empty where it does not.
[[nodiscard]] std::string ome_series_notice(const std::vector<OmeImage>& images, const Size& size);

}  // namespace cytocape
