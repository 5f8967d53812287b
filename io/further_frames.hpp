#pragma once

/// Pictures behind the first one in files of ordinary pictures, which no decoder here reads:
/// animated PNG, and JPEGs of several views (MPO). Internal to io/.

#include <cstdint>
#include <filesystem>

namespace cytocape {

/// How many pictures the file says that it holds: by a PNG's chunk acTL (PNG specification, third
/// edition, 11.3.6), by a JPEG's MP Format segment (CIPA DC-007, NumberOfImages). 1 where it says
/// nothing, or nothing that makes sense. Reads the head of the file. Thread-safe.
[[nodiscard]] std::uint32_t stated_frames(const std::filesystem::path& path);

}  // namespace cytocape
