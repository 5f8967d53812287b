#pragma once

/// Ordinary images and tiled pyramids through libvips. All functions are thread-safe.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/geometry.hpp"
#include "io/image.hpp"

namespace cytocape {

/// Decodes a PNG, JPEG or TIFF file to RGB (alpha composited on white, grey widened, EXIF
/// orientation applied, its ICC profile applied to sRGB). Throws SlideError naming the file and
/// libvips' cause.
[[nodiscard]] Image read_image(const std::filesystem::path& path);

struct Picture {
  Image pixels;                           ///< by the file's own profile
  std::vector<std::uint8_t> icc_profile;  ///< empty where it has none, or one that no decoder takes
  std::string doubt;  ///< of a PNG whose colours may not be sRGB's: a sentence, else empty
};
/// read_image, of the plane that find_tiff_picture means, and without the profile applied.
[[nodiscard]] Picture read_picture(const std::filesystem::path& path, int plane = 1);

struct ImageHeader {
  Size size;           ///< pixels, before any EXIF orientation
  std::string loader;  ///< "png", "jpeg" or "tiff"
};
/// Reads no pixels. Throws SlideError for anything but a PNG, JPEG or TIFF file.
[[nodiscard]] ImageHeader read_image_header(const std::filesystem::path& path);

/// Throws StorageError.
void write_png(const Image& image, const std::filesystem::path& path);

[[nodiscard]] std::vector<std::uint8_t> encode_png(const Image& image);
/// `quality` in 1..100.
[[nodiscard]] std::vector<std::uint8_t> encode_jpeg(const Image& image, int quality);

/// "data:image/jpeg;base64,..." for pages that must be one file.
[[nodiscard]] std::string data_uri(std::string_view mime_type, std::span<const std::uint8_t> bytes);

struct PyramidOptions {
  Size size;         ///< level-0 pixels
  Mpp mpp;           ///< written as resolution tags in pixels per centimetre
  int tile = 256;    ///< pixels, a multiple of 16
  int quality = 85;  ///< JPEG, 1..100
  int threads = 0;   ///< that render at once; 0 takes one for each core
};

/// Fills `out` (already sized) with the level-0 pixels of `rect`. Called from several threads at
/// once; must depend on `rect`'s position alone.
using RenderRegion = std::function<void(const Level0Rect& rect, Image& out)>;

/// Writes a tiled JPEG BigTIFF pyramid that OpenSlide reads as a generic tiled TIFF, rendering it
/// piece by piece: memory does not grow with the slide's height. Written under a temporary name
/// and renamed. Throws StorageError; an exception of `render` ends the writing and is rethrown.
void write_pyramid(const std::filesystem::path& path, const PyramidOptions& options,
                   const RenderRegion& render);

}  // namespace cytocape
