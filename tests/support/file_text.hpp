#pragma once

/// What a file holds, for tests. Thread-safe.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace cytocape::testing {

/// Byte by byte; empty where `path` cannot be read.
[[nodiscard]] inline std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace cytocape::testing
