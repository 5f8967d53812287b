#pragma once

/// Tells a whole JPEG from a damaged one. Decoders fill what they cannot decode with grey or with
/// whatever the bytes happen to mean, and say so in a warning that nobody reads.

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace cytocape {

/// In libjpeg's words; empty when the whole picture decodes without a warning. Decodes all of
/// `stream` and throws the pixels away; `tables` is the abbreviated stream that a TIFF file keeps
/// its tables in, empty where the stream has its own. What follows the end of the picture, ICC
/// profiles and EXIF data are not looked at. Takes the memory of a few rows; for a progressive
/// picture some 6 bytes a pixel, and only once `stream` is long enough to hold so many pixels.
/// Thread-safe.
[[nodiscard]] std::string jpeg_fault(std::span<const std::uint8_t> stream,
                                     std::span<const std::uint8_t> tables = {});

/// The same of a file, read as it is decoded; the system's words where it cannot be read.
[[nodiscard]] std::string jpeg_fault(const std::filesystem::path& path);

}  // namespace cytocape
