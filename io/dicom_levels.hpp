#pragma once

/// Which files of a series are the levels of its slide, and which frame is which tile (PS3.3,
/// C.8.12.6, C.7.6.16, C.7.6.17). Internal to io/dicom_*.
///
/// Example: four files, 8000 x 6000 pixels cut into two parts of a concatenation, 2000 x 1500, and
/// a label. The label is none of slide_files; the parts are level 0, of which part 2 begins with
/// the frame that ConcatenationFrameOffsetNumber says; 2000 x 1500 is level 1.

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/dicom_image.hpp"

namespace cytocape {

/// A tile that no frame has.
inline constexpr std::uint32_t kNoFrame = 0xFFFF'FFFF;

struct DicomLevel {
  /// In the order of their frames; more than one of a concatenation.
  std::vector<std::shared_ptr<const DicomImage>> parts;
  std::vector<std::uint64_t> first_frames;  ///< of each part, in the whole
  /// By tile, row by row; empty where tile i is frame i.
  std::vector<std::uint32_t> frame_of_tile;
  Size size;                                        ///< pixels
  Size grid;                                        ///< tiles
  std::optional<std::array<double, 2>> spacing_mm;  ///< along x and y

  [[nodiscard]] const DicomImage& first() const { return *parts.front(); }
};

struct DicomLevels {
  std::vector<DicomLevel> levels;    ///< [0] is the finest
  std::vector<std::string> remarks;  ///< of pictures that are none, a sentence each
  std::vector<std::string>
      notices;  ///< of those that may show cells of their own (SlideInfo::notices)
};

/// Throws SlideError: for files that are refused, a concatenation that lacks a part, tiles that are
/// not on one grid, and where it is open what to count in: several finest pictures, focal planes or
/// optical paths.
[[nodiscard]] DicomLevels find_dicom_levels(const std::vector<std::filesystem::path>& files);

}  // namespace cytocape
