#pragma once

/// Where each frame of a DICOM file lies (PS3.5, annex A.4; PS3.3, C.7.6.3.1.8). Internal to
/// io/dicom_*.
///
///     native:        PixelData = frame | frame | frame
///     encapsulated:  PixelData = basic offset table | item | item | .. | delimiter
///
/// Frames of encapsulated data are one item or several; where they begin is said by the extended
/// offset table, else by the basic one, else follows from the items themselves: also where the last
/// frame does not begin where a table says, as writers forgot that items are padded to even length,
/// or that offsets of 32 bits end at 4 GiB.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "io/dicom_layout.hpp"

namespace cytocape {

/// What is expected of the frames of a file.
struct DicomFrameKind {
  std::uint64_t count = 0;
  std::uint64_t pixel_bytes = 0;  ///< of a frame once it is decoded
  /// The two bytes that a frame of the codec begins with; 0 where it has none.
  std::uint16_t begins_with = 0;
};

/// Const members may be called from many threads at once.
class DicomFrames {
 public:
  DicomFrames() = default;
  /// Precondition: the layout has pixels. Reads tables, and items only where no table tells of
  /// them. Throws SlideError where the number of frames is another than `kind.count`. Frames that
  /// lie beyond the end of a file that was cut are found to be damaged when they are read.
  DicomFrames(const TiffBytes& file, const DicomLayout& layout, const DicomFrameKind& kind);

  /// The data of frame `index` into `data`. Returns what is wrong with it, empty when all is well.
  /// Throws SlideError where the file cannot be read any more.
  [[nodiscard]] std::string read(const TiffBytes& file, std::uint64_t index,
                                 std::vector<std::uint8_t>& data) const;

  /// Of a file that was cut: a frame lies beyond its end.
  [[nodiscard]] bool are_cut(const TiffBytes& file) const;

 private:
  void place_native(const TiffBytes& file, const DicomLayout& layout);
  void place_encapsulated(const TiffBytes& file, const DicomLayout& layout);
  [[nodiscard]] bool place_by_extended_table(const TiffBytes& file, const DicomLayout& layout,
                                             std::uint64_t base);
  [[nodiscard]] bool place_by_basic_table(const TiffBytes& file, const FileRange& table);
  void place_by_items(const TiffBytes& file, std::uint64_t base);
  void group(const TiffBytes& file, const std::vector<FileRange>& items);

  [[nodiscard]] FileRange place_of(const TiffBytes& file, std::uint64_t index) const;

  DicomFrameKind kind_;
  bool encapsulated_ = false;
  std::uint64_t native_at_ = 0;
  std::vector<FileRange> places_;  ///< items with their headers; fewer than frames in a cut file
};

}  // namespace cytocape
