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
#include <optional>
#include <string>
#include <vector>

#include "io/geometry.hpp"
#include "io/tiff_bytes.hpp"
#include "io/tiff_directory.hpp"

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

/// 256 MB of places; a page of the largest size in tiles of 256 pixels has 15 million.
inline constexpr std::uint64_t kMaxTiffTiles = std::uint64_t{1} << 24;

/// Values of the tag Compression that are told apart here.
inline constexpr std::uint64_t kTiffUncompressed = 1;
inline constexpr std::uint64_t kTiffLzw = 5;
inline constexpr std::uint64_t kTiffJpeg = 7;
inline constexpr std::uint64_t kTiffDeflate = 8;
inline constexpr std::uint64_t kTiffPackBits = 32773;
inline constexpr std::uint64_t kTiffOldDeflate = 32946;
inline constexpr std::uint64_t kTiffAperioJpeg2000YCbCr = 33003;
inline constexpr std::uint64_t kTiffAperioJpeg2000Rgb = 33005;
inline constexpr std::uint64_t kTiffZstd = 50000;
inline constexpr std::uint64_t kTiffWebp = 50001;

/// Values of the tag PhotometricInterpretation.
inline constexpr std::uint64_t kTiffBlackIsZero = 1;
inline constexpr std::uint64_t kTiffRgb = 2;
inline constexpr std::uint64_t kTiffYCbCr = 6;
inline constexpr std::uint64_t kTiffNoPhotometric = 65535;

/// Values of the tag ExtraSamples.
inline constexpr std::uint64_t kTiffPremultipliedAlpha = 1;
inline constexpr std::uint64_t kTiffAlpha = 2;

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

  bool reduced = false;  ///< a smaller version of another page
  std::uint64_t photometric = kTiffNoPhotometric;
  std::uint64_t orientation = 1;  ///< 1 to 8 as EXIF counts it; what else the file says
  std::uint64_t predictor = 1;
  std::uint64_t sample_format = 1;  ///< 1 whole numbers, 2 signed, 3 floating
  std::uint64_t extra_sample = 0;   ///< the first beyond the colours: 0 of no stated meaning,
                                    ///< 1 premultiplied alpha, 2 alpha
  bool equal_samples = true;        ///< of one size and format each
  std::uint64_t ink_set = 1;        ///< of CMYK: 1
  std::optional<double> smallest;   ///< a sample can be, where it is stated, and alike of all
  std::optional<double> largest;    ///< of floating samples tags 340 and 341, else 280 and 281
  TiffRange icc_profile;            ///< empty where there is none
  TiffRange description;            ///< empty, as the next two, where there is none
  TiffRange x_resolution;           ///< TiffFile::rational
  TiffRange y_resolution;
  std::uint64_t resolution_unit = 2;  ///< 1 none, 2 inch, 3 centimetre
  std::vector<TiffPage> inner;        ///< its SubIFDs

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

  [[nodiscard]] const std::filesystem::path& path() const { return bytes_->path(); }
  [[nodiscard]] std::uint64_t size() const { return bytes_->size(); }
  [[nodiscard]] bool big_endian() const { return bytes_->big_endian(); }
  /// In the order of the file, at least one.
  [[nodiscard]] const std::vector<TiffPage>& pages() const { return pages_; }

  /// Where tile or strip `index` lies; 0 bytes where the file leaves it out. Throws for one that
  /// lies outside the file.
  [[nodiscard]] TiffRange segment(const TiffPage& page, std::uint64_t index) const;
  [[nodiscard]] std::vector<std::uint8_t> read(const TiffRange& range) const;
  void read(std::uint64_t offset, std::span<std::uint8_t> out) const { bytes_->read(offset, out); }

  /// The first `count` numbers; precondition: there are as many.
  [[nodiscard]] std::vector<std::uint64_t> numbers(const TiffArray& array,
                                                   std::uint64_t count) const;
  /// Up to the first null character, 4 MiB at most; empty for an empty range.
  [[nodiscard]] std::string text(const TiffRange& range) const;
  /// Of a page; empty where it has none or one of more than 32 MiB.
  [[nodiscard]] std::vector<std::uint8_t> icc_profile(const TiffPage& page) const;
  /// None for an empty range and a denominator of 0.
  [[nodiscard]] std::optional<double> rational(const TiffRange& range) const;

  /// Throws unless a file of this size can hold the page's pixels, by what its compression gains at
  /// most. To be called before memory is taken for them.
  void require_room_for(const TiffPage& page) const;

 private:
  TiffFile(std::unique_ptr<const TiffBytes> bytes, std::vector<TiffPage> pages);

  std::unique_ptr<const TiffBytes> bytes_;
  std::vector<TiffPage> pages_;
};

}  // namespace cytocape
