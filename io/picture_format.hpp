#pragma once

/// What an ordinary picture is by its first bytes, before any library is asked: they would take
/// files that no smear comes from (PDF, SVG, ..). Internal to io/.

#include <cstdint>
#include <filesystem>
#include <optional>

namespace cytocape {

enum class PictureFormat : std::uint8_t { png, jpeg, tiff };
/// "png", "jpeg" or "tiff".
[[nodiscard]] const char* to_string(PictureFormat format);

/// Of a first byte that cannot be read, an errno; 0 where it can.
[[nodiscard]] int read_error(const std::filesystem::path& path);

/// None for other files and for those that cannot be opened. Thread-safe.
[[nodiscard]] std::optional<PictureFormat> picture_format(const std::filesystem::path& path);

}  // namespace cytocape
