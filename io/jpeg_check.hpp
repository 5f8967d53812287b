#pragma once

/// Decodes JPEG tiles, and tells a whole JPEG from a damaged one. Decoders fill what they cannot
/// decode with grey or with whatever the bytes happen to mean, and say so in a warning that nobody
/// reads: here a warning is the end of a picture.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "io/geometry.hpp"

namespace cytocape {

/// In libjpeg's words; empty when the whole picture decodes without a warning. Decodes all of
/// `stream` and throws the pixels away; `tables` is the abbreviated stream that a TIFF file keeps
/// its tables in, empty where the stream has its own. What follows the end of the picture, ICC
/// profiles and EXIF data are not looked at. Takes the memory of a few rows; for a progressive
/// picture some 6 bytes a pixel, and only once `stream` is long enough to hold so many pixels.
/// Thread-safe.
[[nodiscard]] std::string jpeg_fault(std::span<const std::uint8_t> stream,
                                     std::span<const std::uint8_t> tables = {});

/// What the samples of a tile are, which its TIFF page says and the stream may not.
enum class JpegSamples : std::uint8_t { grey, rgb, ycbcr };

/// Where the pixels of a tile go: `size` RGB pixels, `stride` bytes from row to row.
struct RgbTarget {
  std::uint8_t* pixels = nullptr;
  std::size_t stride = 0;
  Size size;
};

struct JpegTile {
  std::span<const std::uint8_t> stream;
  std::span<const std::uint8_t> tables;  ///< as of jpeg_fault
  JpegSamples samples = JpegSamples::ycbcr;
  /// What a stream is of that does not say itself (stated_jpeg_samples). One that is of something
  /// else than `samples`, which the tiles around it are, is damaged.
  JpegSamples unstated = JpegSamples::ycbcr;
  int shrink = 1;  ///< 1, 2, 4 or 8: done in the DCT domain, for a fraction of the work
};

/// Decodes straight into `target`, exactly as libjpeg-turbo does by itself. What went wrong, in
/// libjpeg's words or because the picture is not of target.size * shrink pixels or not of these
/// samples; then what `target` holds means nothing. Empty when all is well. Thread-safe.
[[nodiscard]] std::string decode_jpeg_tile(const JpegTile& tile, const RgbTarget& target);

/// What the stream itself says of its colours, by a JFIF or an Adobe marker, by fewer samples of
/// the second and third component, or by components named R, G, B; none where it has none of these,
/// or is no JPEG of three components. Thread-safe.
[[nodiscard]] std::optional<JpegSamples> stated_jpeg_samples(std::span<const std::uint8_t> stream);

/// What an abbreviated stream of tables says by Adobe's marker of the pictures that need it and say
/// nothing themselves; none where it has none, or is damaged. Thread-safe.
[[nodiscard]] std::optional<JpegSamples> jpeg_samples_stated_by_tables(
    std::span<const std::uint8_t> tables);

/// What libjpeg reads before the picture itself.
struct JpegHeader {
  std::optional<JpegSamples> stated;  ///< as stated_jpeg_samples
};

/// Of a stream that may be abbreviated; none where libjpeg cannot read it. Thread-safe.
[[nodiscard]] std::optional<JpegHeader> jpeg_header(std::span<const std::uint8_t> stream);

/// For sentences: "RGB".
[[nodiscard]] const char* to_string(JpegSamples samples);

/// Why the picture in a whole file is not read all the same: it is of a kind that libjpeg lacks, or
/// does not say what its four inks are. Part of a sentence, with a remedy; empty where it is read,
/// and where it is damaged. Reads the header alone. Thread-safe.
[[nodiscard]] std::string why_jpeg_not_read(const std::filesystem::path& path);

/// jpeg_fault of a file, read as it is decoded; the system's words where it cannot be read.
[[nodiscard]] std::string jpeg_fault(const std::filesystem::path& path);

}  // namespace cytocape
