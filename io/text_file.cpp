#include "io/text_file.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <new>

#include "io/errors.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& path, const std::string& why) {
  throw ConfigError(fmt::format("{}: cannot be read: {}", path.string(), why));
}

void check_kind(const fs::path& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found)
    refuse(path, "No such file or directory; check the path");
  if (error) refuse(path, error.message() + "; check the path");
  if (fs::is_directory(status)) refuse(path, "it is a folder; check the path");
  if (!fs::is_regular_file(status))
    refuse(path, "it is a pipe or device, which may never end; write its content to a file first");
}

/// A file may grow while it is read, and some tell no size: the bytes themselves are counted.
std::string read_bounded(const fs::path& path, std::uint64_t most_bytes) {
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream)
    refuse(path,
           fmt::format("{}; check the path", errno == 0 ? "no cause given" : std::strerror(errno)));
  std::string content;
  std::array<char, 1 << 16> piece{};
  while (stream) {
    stream.read(piece.data(), piece.size());
    content.append(piece.data(), static_cast<std::size_t>(stream.gcount()));
    if (content.size() > most_bytes)
      refuse(path, fmt::format("it has more than {}, the most that is read from such a file; check "
                               "that it is the right one, or split it",
                               byte_words(most_bytes)));
  }
  if (stream.bad()) refuse(path, "reading broke off; check the disk or share");
  return content;
}

}  // namespace

std::string read_text_file(const fs::path& path, std::uint64_t most_bytes) {
  check_kind(path);
  try {
    return read_bounded(path, most_bytes);
  } catch (const std::bad_alloc&) {
    refuse(path, "it does not fit into memory; free some, or split the file");
  }
}

std::string byte_words(std::uint64_t bytes) {
  constexpr std::array kUnits{"bytes", "KiB", "MiB", "GiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < kUnits.size(); ++unit) value /= 1024;
  return fmt::format("{:.4g} {}", value, kUnits[unit]);
}

}  // namespace cytocape
