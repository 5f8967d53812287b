#pragma once

/// TIFF files made by hand, right or wrong as a test wants them: classic or big, in either byte
/// order, with no library that would refuse to.

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace cytocape::testing {

struct TiffKind {
  bool big_endian = false;
  bool big_tiff = false;
};

inline void PrintTo(const TiffKind& kind, std::ostream* out) {
  *out << (kind.big_tiff ? "BigTIFF, " : "classic, ")
       << (kind.big_endian ? "big-endian" : "little-endian");
}

/// One entry; all values are written as 4 bytes (LONG), or 8 (LONG8) in a BigTIFF file. Values of
/// other types are data that were added before: the one value is their offset.
struct TiffEntry {
  std::uint64_t tag;
  std::vector<std::uint64_t> values;
  std::uint64_t claimed = 0;  ///< the number of values that it claims, where not 0
  std::uint64_t type = 0;     ///< that it claims, where not 0
};

class TiffWriter {
 public:
  explicit TiffWriter(TiffKind kind = {}) : kind_(kind) {
    bytes_ = kind.big_endian ? "MM" : "II";
    append(kind.big_tiff ? 43 : 42, 2);
    if (kind.big_tiff) {
      append(8, 2);  // bytes of an offset
      append(0, 2);
    }
    link_ = bytes_.size();
    append(0, width());
  }

  /// Where the data begin.
  std::uint64_t add_data(std::string_view data) {
    const auto at = bytes_.size();
    bytes_ += data;
    return at;
  }

  /// Appends a directory, which the one before leads to, and returns its offset.
  std::uint64_t add_page(const std::vector<TiffEntry>& entries) {
    std::vector<std::uint64_t> outside;
    for (const auto& entry : entries) {
      outside.push_back(bytes_.size());
      if (entry.values.size() > 1) {
        for (const auto value : entry.values) append(value, width());
      }
    }
    const auto at = bytes_.size();
    put(link_, at);
    append(entries.size(), kind_.big_tiff ? 8 : 2);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      append(entries[i].tag, 2);
      const std::uint64_t whole = kind_.big_tiff ? 16 : 4;
      append(entries[i].type != 0 ? entries[i].type : whole, 2);
      append(entries[i].claimed != 0 ? entries[i].claimed : entries[i].values.size(), width());
      append(entries[i].values.size() > 1 ? outside[i] : entries[i].values.at(0), width());
    }
    link_ = bytes_.size();
    append(0, width());
    return at;
  }

  /// What the last directory leads to.
  void lead_to(std::uint64_t offset) { put(link_, offset); }

  [[nodiscard]] const std::string& bytes() const { return bytes_; }
  std::filesystem::path write(const std::filesystem::path& path) const {
    std::ofstream(path, std::ios::binary) << bytes_;
    return path;
  }

 private:
  [[nodiscard]] unsigned width() const { return kind_.big_tiff ? 8 : 4; }
  [[nodiscard]] std::string packed(std::uint64_t value, unsigned bytes) const {
    std::string out;
    for (unsigned i = 0; i < bytes; ++i) {
      const auto shift = 8 * (kind_.big_endian ? bytes - 1 - i : i);
      out += static_cast<char>(value >> shift & 255);
    }
    return out;
  }
  void append(std::uint64_t value, unsigned bytes) { bytes_ += packed(value, bytes); }
  void put(std::size_t at, std::uint64_t value) {
    bytes_.replace(at, width(), packed(value, width()));
  }

  TiffKind kind_;
  std::string bytes_;
  std::size_t link_ = 0;  ///< where the offset of the next directory stands
};

/// A page of 8-bit grey tiles.
struct TiledPage {
  std::uint64_t width = 16;
  std::uint64_t height = 16;
  std::uint64_t tile = 16;
  std::vector<std::uint64_t> offsets{8};
  std::vector<std::uint64_t> counts{256};
};

inline std::vector<TiffEntry> entries_of(const TiledPage& page) {
  return {{256, {page.width}}, {257, {page.height}}, {258, {8}},         {259, {1}},
          {262, {1}},          {277, {1}},           {322, {page.tile}}, {323, {page.tile}},
          {324, page.offsets}, {325, page.counts}};
}

}  // namespace cytocape::testing
