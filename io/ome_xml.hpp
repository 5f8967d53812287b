#pragma once

/// What the OME-XML in a TIFF file's first description says of its images. Internal to io/. Pure
/// and thread-safe.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "io/geometry.hpp"

namespace cytocape {

struct OmeImage {
  Size size;                                      ///< pixels; 0 x 0 where it says none
  std::map<std::string, std::string> attributes;  ///< PhysicalSizeX and the like, as they stand
  bool here = true;                               ///< false where all of it lies in other files
  std::vector<std::string> files;                 ///< that it names as its own, this one or others
  /// Directories of this file that it says are its planes, as [first, last); empty where it says
  /// none.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> directories;
};

/// In the order of the text; empty where it is no OME-XML. An image is of this file where its
/// TiffData name none, or this one: by `file_name`, or by the UUID that the text gives itself. One
/// of which no image is, though all name one and the same, was renamed: they are its own.
[[nodiscard]] std::vector<OmeImage> ome_images(const std::string& text,
                                               const std::string& file_name);

/// A picture of the file.
struct OmePlace {
  Size size;                    ///< pixels
  std::uint64_t directory = 0;  ///< in the order of the file, from 0
};

struct OmeChoice {
  const OmeImage* image = nullptr;  ///< null where none is of the picture
  /// Then `image` is not to be used, or null: why the text cannot tell the picture's pixel size, as
  /// part of a sentence.
  std::string conflict;
};

/// The image of a picture of the file: of those in this file the one whose TiffData claim its
/// directory, else the one as large. A conflict where what states a pixel size is of pictures of
/// other sizes (another scan, or the picture was resized) or in other files, and where two images
/// of this place and size state different ones.
[[nodiscard]] OmeChoice ome_image_of(const std::vector<OmeImage>& images, const OmePlace& place);

/// A sentence where the text tells of other images that are no previews of the one at `place`: at
/// least a quarter of its pixels. Empty where it does not.
[[nodiscard]] std::string ome_series_notice(const std::vector<OmeImage>& images,
                                            const OmePlace& place);

}  // namespace cytocape
