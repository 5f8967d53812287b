#pragma once

/// Run-length encoded frames (PS3.5, annex G). Internal to io/dicom_*. Pure.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace cytocape {

/// Decodes `frame`, three segments of one byte a pixel, into `planes`: all of the first colour,
/// then the second, the third, `pixels` bytes each. What is wrong with it, empty when all is well;
/// then every pixel was written.
[[nodiscard]] std::string decode_dicom_rle(std::span<const std::uint8_t> frame, std::size_t pixels,
                                           std::vector<std::uint8_t>& planes);

}  // namespace cytocape
