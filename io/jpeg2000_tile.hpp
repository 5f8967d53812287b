#pragma once

/// Tiles of Aperio's JPEG 2000 slides. Internal to io/.

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "io/jpeg_check.hpp"

namespace cytocape {

/// Decodes a codestream of three samples of 8 bits, `samples` rgb or ycbcr (the chroma may be
/// halved), into `target`. What OpenJPEG said that is more than a remark, or that the picture is
/// not of target.size; empty when all is well. Memory for the picture is taken only once its size
/// is known to be right. Thread-safe.
[[nodiscard]] std::string decode_jpeg2000_tile(std::span<const std::uint8_t> stream,
                                               JpegSamples samples, const RgbTarget& target);

/// Whether the codestream's components were transformed to luminance and colour differences, which
/// its decoder undoes (COD, ISO/IEC 15444-1, A.6.1); none where it does not say so.
[[nodiscard]] std::optional<bool> jpeg2000_transforms_colours(std::span<const std::uint8_t> stream);

}  // namespace cytocape
