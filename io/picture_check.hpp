#pragma once

/// What libvips would pass over in an ordinary picture: damage that its decoders warn of, and sizes
/// that the file cannot hold and for which it would take memory all the same.

#include <filesystem>
#include <string_view>

#include "io/tiff_file.hpp"

namespace cytocape {

/// `loader` is "png" or "jpeg". Decodes JPEG data once, in little memory. Throws SlideError with
/// the file's name, the cause and what to do. Thread-safe.
void require_whole_picture(const std::filesystem::path& path, std::string_view loader);

/// The same of a page of a TIFF file; decodes JPEG and deflated data once.
void require_whole_page(const std::filesystem::path& path, const TiffFile& file,
                        const TiffPage& page);

}  // namespace cytocape
