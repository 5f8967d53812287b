#pragma once

/// What each fuzz target is: one function, fed by libFuzzer (the preset `fuzz`) or from the files
/// of a folder (replay.cpp). Errors of the project's own kinds are answers; anything else is a
/// finding.

#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>

#include "io/errors.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape::fuzz {

/// Defined by each target. Must not keep state from one input to the next.
void run(std::span<const std::uint8_t> input);

inline std::string_view text_of(std::span<const std::uint8_t> input) {
  return {reinterpret_cast<const char*>(input.data()), input.size()};
}

/// A file that holds the input, in a folder of its own.
inline std::filesystem::path file_of(std::span<const std::uint8_t> input, const char* name) {
  static const testing::TempDir folder;
  const auto path = folder / name;
  std::ofstream(path, std::ios::binary) << text_of(input);
  return path;
}

/// Runs `read`, whose errors are fine.
template <class Read>
void refuse_or(const Read& read) {
  try {
    read();
  } catch (const Error&) {
  }
}

}  // namespace cytocape::fuzz
