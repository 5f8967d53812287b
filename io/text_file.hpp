#pragma once

/// Text files that people or other programs wrote, read with a bound.

#include <cstdint>
#include <filesystem>
#include <string>

namespace cytocape {

/// The bytes of a regular file. A pipe or device may never end and a folder has no text, so these
/// are refused before anything is read. Throws ConfigError naming the file, the cause and what to
/// do: it cannot be opened or read, is no regular file, or has more than `most_bytes`.
/// Thread-safe.
[[nodiscard]] std::string read_text_file(const std::filesystem::path& path,
                                         std::uint64_t most_bytes);

/// 1536 as "1.5 KiB", for limits in messages.
[[nodiscard]] std::string byte_words(std::uint64_t bytes);

}  // namespace cytocape
