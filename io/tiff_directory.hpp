#pragma once

/// One directory of a TIFF file, as entries by tag. Internal to io/tiff_*.

#include <cstdint>
#include <optional>
#include <vector>

#include "io/tiff_bytes.hpp"

namespace cytocape {

enum class TiffTag : std::uint64_t {
  subfile = 254,
  width = 256,
  height = 257,
  bits = 258,
  compression = 259,
  photometric = 262,
  description = 270,
  strip_offsets = 273,
  orientation = 274,
  samples = 277,
  rows_per_strip = 278,
  strip_bytes = 279,
  smallest_sample = 280,
  largest_sample = 281,
  x_resolution = 282,
  y_resolution = 283,
  planes = 284,
  resolution_unit = 296,
  predictor = 317,
  tile_width = 322,
  tile_height = 323,
  tile_offsets = 324,
  tile_bytes = 325,
  sub_directories = 330,
  ink_set = 332,
  extra_samples = 338,
  sample_format = 339,
  smallest_number = 340,  ///< also of floating samples
  largest_number = 341,
  jpeg_tables = 347,
  icc_profile = 34675,
};

/// Where classic TIFF and BigTIFF differ.
struct TiffLayout {
  unsigned offset;       ///< bytes of an offset, and of the number of values
  unsigned entry_count;  ///< bytes of a directory's number of entries
  std::uint64_t entry;   ///< bytes of an entry: tag, type, number of values, values or offset
};

/// An array of numbers in the file: inside its directory's entry, or where that points.
struct TiffArray {
  std::uint64_t offset = 0;  ///< of the first number in the file
  std::uint64_t count = 0;
  unsigned width = 0;  ///< bytes a number
};

/// Not copied, for it looks into the file. Errors are SlideErrors that name the file.
class TiffDirectory {
 public:
  TiffDirectory(const TiffBytes& bytes, const TiffLayout& layout, std::uint64_t offset);

  /// Offset of the next directory, 0 after the last.
  [[nodiscard]] std::uint64_t next() const { return next_; }

  /// None where the directory lacks the tag. Of a tag that occurs twice the first counts. Throws
  /// for values that are no whole numbers or lie outside the file.
  [[nodiscard]] std::optional<TiffArray> find(TiffTag tag) const;

  /// Of a tag without which the file can be read: none also where its values are not of `type` or
  /// lie outside the file.
  [[nodiscard]] std::optional<TiffArray> find_hint(TiffTag tag, std::uint64_t type) const;

  /// The number that all values are, of any type but fractions, as of find_hint; none where they
  /// differ.
  [[nodiscard]] std::optional<double> number_hint(TiffTag tag) const;

  /// The first number, `otherwise` where there is none. Throws as find.
  [[nodiscard]] std::uint64_t value(TiffTag tag, std::uint64_t otherwise) const;

  /// All numbers are the first one.
  [[nodiscard]] bool has_equal_values(TiffTag tag) const;

 private:
  void require_possible_counts() const;
  [[nodiscard]] std::optional<std::uint64_t> entry_of(TiffTag tag) const;
  [[nodiscard]] std::optional<TiffArray> array_of(std::uint64_t at, unsigned width) const;

  const TiffBytes& bytes_;
  const TiffLayout& layout_;
  std::uint64_t offset_;
  std::vector<std::uint8_t> entries_;
  std::uint64_t next_ = 0;
};

/// Types of values that find_hint is asked for.
inline constexpr std::uint64_t kTiffText = 2;
inline constexpr std::uint64_t kTiffRational = 5;
inline constexpr std::uint64_t kTiffUndefined = 7;

}  // namespace cytocape
