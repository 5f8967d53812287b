#pragma once

/// SHA-256 by OpenSSL, as 64 lower-case hex digits.

#include <filesystem>
#include <string>
#include <string_view>

namespace cytocape {

[[nodiscard]] std::string sha256_of(std::string_view bytes);

/// Streams the file. Throws StorageError when it cannot be read.
[[nodiscard]] std::string sha256_of_file(const std::filesystem::path& path);

}  // namespace cytocape
