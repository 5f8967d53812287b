#pragma once

/// The directories of a TIFF file, classic or BigTIFF, in either byte order.
///
/// OpenSlide and libtiff take what a file says of itself at its word: a tile of a million pixels
/// squared ends the program, a million directories take its memory. So a file is read here first,
/// believing nothing: every offset is checked against the file's size, every count against a limit
/// that has its reason beside it.
///
///     header -> directory -> directory -> ...      a page each; entries are tag, type, count,
///     value
///                   |
///                   +-> arrays with the offsets and byte counts of the page's tiles or strips

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "io/geometry.hpp"
#include "io/tiff_bytes.hpp"

namespace cytocape {

/// Enough for a pyramid, its label and a thousand focal planes. A directory is parsed in no time
/// here, but OpenSlide and libtiff keep each in memory and seek each from the first.
inline constexpr std::size_t kMaxTiffPages = 4096;
/// Writers use 20 or so. Directories may overlap, so only pages x entries bounds what is read: 80
/// MB.
inline constexpr std::uint64_t kMaxTiffEntries = 1000;
/// OpenSlide holds a tile of each thread as 4 bytes a pixel: 64 MB here. Writers use 240 to 1024
/// pixels a side.
inline constexpr std::int64_t kMaxTilePixels = std::int64_t{4096} * 4096;
/// 5 cm at the finest pixel size that is accepted (kMinMpp), 25 cm at an ordinary one; a glass
/// slide is 7.5 cm long. Keeps products of sizes far from 64 bits.
inline constexpr std::int64_t kMaxTiffEdge = 1'000'000;

/// Values of the tag Compression that are told apart here.
inline constexpr std::uint64_t kTiffUncompressed = 1;
inline constexpr std::uint64_t kTiffLzw = 5;
inline constexpr std::uint64_t kTiffJpeg = 7;
inline constexpr std::uint64_t kTiffDeflate = 8;
inline constexpr std::uint64_t kTiffPackBits = 32773;
inline constexpr std::uint64_t kTiffOldDeflate = 32946;

/// An array of numbers in the file: inside its directory's entry, or where that points.
struct TiffArray {
  std::uint64_t offset = 0;  ///< of the first number in the file
  std::uint64_t count = 0;
  unsigned width = 0;  ///< bytes a number
};

struct TiffPage {
  Size size;                        ///< pixels
  Size tile;                        ///< pixels; 0 x 0 where the page is cut into strips
  std::int64_t rows_per_strip = 0;  ///< at least 1; of the last strip, as many as are left
  std::uint64_t compression = kTiffUncompressed;
  std::uint64_t bits = 1;     ///< a sample
  std::uint64_t samples = 1;  ///< a pixel
  bool separate_planes = false;
  TiffArray offsets;      ///< of the tiles or strips
  TiffArray bytes;        ///< as long as these are
  TiffRange jpeg_tables;  ///< empty where each tile or strip has its own

  [[nodiscard]] bool tiled() const { return tile.width > 0; }
  /// How many tiles or strips the page is cut into.
  [[nodiscard]] std::uint64_t segments() const;
};

/// A TIFF file open for reading. All members may be called from many threads at once. Errors are
/// SlideErrors that name the file, what is wrong with it and what to do.
class TiffFile {
 public:
  /// Reads the directories and no pixels. Null when the file does not begin as a TIFF.
  ///
  /// Classic files of 4 GiB or more count as no TIFF either, for offsets of 32 bits do not reach so
  /// far. They are Hamamatsu's NDPI, which keeps the upper halves elsewhere: OpenSlide's business.
  [[nodiscard]] static std::unique_ptr<const TiffFile> open(const std::filesystem::path& path);

  [[nodiscard]] std::uint64_t size() const { return bytes_->size(); }
  /// In the order of the file, at least one.
  [[nodiscard]] const std::vector<TiffPage>& pages() const { return pages_; }

  /// Where tile or strip `index` lies; 0 bytes where the file leaves it out. Throws for one that
  /// lies outside the file.
  [[nodiscard]] TiffRange segment(const TiffPage& page, std::uint64_t index) const;
  [[nodiscard]] std::vector<std::uint8_t> read(const TiffRange& range) const;

  /// Throws unless a file of this size can hold the page's pixels, by what its compression gains at
  /// most. To be called before memory is taken for them.
  void require_room_for(const TiffPage& page) const;

 private:
  TiffFile(std::unique_ptr<const TiffBytes> bytes, std::vector<TiffPage> pages);

  std::unique_ptr<const TiffBytes> bytes_;
  std::vector<TiffPage> pages_;
};

}  // namespace cytocape
