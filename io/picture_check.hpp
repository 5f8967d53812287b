#pragma once

/// What libvips would pass over in an ordinary picture: damage that its decoders warn of, and sizes
/// that the file cannot hold and for which it would take memory all the same.

#include <filesystem>
#include <string_view>

namespace cytocape {

/// `loader` is "png", "jpeg" or "tiff". Decodes JPEG and deflated TIFF data once, in little memory.
/// Throws SlideError with the file's name, the cause and what to do. Thread-safe.
void require_whole_picture(const std::filesystem::path& path, std::string_view loader);

}  // namespace cytocape
