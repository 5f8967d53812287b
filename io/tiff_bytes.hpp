#pragma once

/// A TIFF file as numbers in its own byte order. Internal to io/tiff_*.

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "io/durable_file.hpp"

namespace cytocape {

/// A stretch of the file, in bytes.
struct TiffRange {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

/// An open file of which nothing is read that lies outside it. Never mapped: a mapped file that is
/// cut while it is read ends the program with SIGBUS. Const members may be called from many threads
/// at once; errors are SlideErrors that name the file.
class TiffBytes {
 public:
  explicit TiffBytes(std::filesystem::path path);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] bool holds(const TiffRange& range) const {
    return range.offset <= size_ && range.bytes <= size_ - range.offset;
  }
  /// Throws for what lies outside the file, also when it was cut since it was opened.
  void read(std::uint64_t offset, std::span<std::uint8_t> out) const;

  void set_big_endian(bool big_endian) { big_endian_ = big_endian; }
  [[nodiscard]] bool big_endian() const { return big_endian_; }
  /// The number in the first `width` bytes, at most 8.
  [[nodiscard]] std::uint64_t number(std::span<const std::uint8_t> bytes, unsigned width) const;
  [[nodiscard]] std::uint64_t number_at(std::uint64_t offset, unsigned width) const;

  /// "FILE: cause; the file is damaged or was cut short: ..".
  [[noreturn]] void refuse(const std::string& cause) const;

 private:
  std::filesystem::path path_;
  Descriptor file_;
  std::uint64_t size_ = 0;
  bool big_endian_ = false;
};

}  // namespace cytocape
