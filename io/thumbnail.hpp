#pragma once

/// Small pictures of pictures, for lists.

#include <cstdint>
#include <span>
#include <vector>

namespace cytocape {

/// `jpeg`, which may come from anywhere, so small that neither side is longer than `longest_px`;
/// again a JPEG. Empty where it is none, or larger than a report's picture can be (64 Mpx).
/// Thread-safe.
[[nodiscard]] std::vector<std::uint8_t> jpeg_thumbnail(std::span<const std::uint8_t> jpeg,
                                                       int longest_px);

}  // namespace cytocape
