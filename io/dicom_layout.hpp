#pragma once

/// Where the parts of a DICOM file lie. Internal to io/dicom_*.
///
/// DCMTK takes what a file says of itself at its word: sequences nested a hundred thousand deep end
/// the program, lengths take its memory. So the file's structure is walked here first, believing
/// nothing, without memory for what it says; DCMTK is then given a header of checked size and depth
/// and never sees pixels.
///
///     128 bytes, "DICM", group 0002 -> elements, sequences of items of elements ..
///                                      |<-- header -->| per-frame groups | offsets | PixelData
///
/// Explicit and implicit VR, little-endian (PS3.5, section 7). Functions are thread-safe; errors
/// are SlideErrors that name the file.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "io/tiff_bytes.hpp"

namespace cytocape {

/// A stretch of the file, in bytes.
using FileRange = TiffRange;

/// Group and element as one number.
using DicomTag = std::uint32_t;
inline constexpr DicomTag kDicomSeriesInstanceUid = 0x0020'000E;
inline constexpr DicomTag kDicomPerFrameGroups = 0x5200'9230;
inline constexpr DicomTag kDicomExtendedOffsets = 0x7FE0'0001;
inline constexpr DicomTag kDicomExtendedLengths = 0x7FE0'0002;
inline constexpr DicomTag kDicomPixelData = 0x7FE0'0010;

/// Profiles of colour and a maker's own data take 1 MB or so.
inline constexpr std::uint64_t kMaxDicomHeaderBytes = std::uint64_t{64} << 20;
/// Elements outside the per-frame groups; slides have 300 or so. DCMTK takes some 200 bytes each.
inline constexpr std::uint64_t kMaxDicomElements = 200'000;
/// Of one frame's functional groups; writers use 200 to 500.
inline constexpr std::uint64_t kMaxDicomFrameGroupBytes = 65'536;
/// Sequences and items in each other; specimen preparations reach 8.
inline constexpr std::size_t kMaxDicomDepth = 48;
/// As of TIFF (io/tiff_file.hpp): a slide of a million pixels a side in tiles of 256 has 15
/// million.
inline constexpr std::uint64_t kMaxDicomFrames = std::uint64_t{1} << 24;

struct DicomLayout {
  std::string transfer_syntax;  ///< its UID
  bool explicit_vr = true;
  FileRange header;  ///< elements of the data set before the per-frame groups and the pixels
  std::vector<FileRange> frame_groups;  ///< the elements of each item of the per-frame groups
  FileRange extended_offsets;           ///< values of 8 bytes each; empty where there are none
  FileRange extended_lengths;
  std::optional<FileRange> pixels;  ///< the value; to the end of the file where encapsulated
  bool encapsulated = false;        ///< of undefined length: fragments
};

/// Whether the file begins as DICOM does, which 128 bytes of anything precede. False for a file
/// that cannot be read.
[[nodiscard]] bool begins_as_dicom(const std::filesystem::path& path);

/// Walks the data set up to PixelData, or to the first element beyond `last`. Precondition: the
/// file begins as DICOM does. Refused are a transfer syntax whose data set cannot be walked
/// (deflated, big-endian), a structure that is damaged or cut short, and what exceeds the limits
/// above.
[[nodiscard]] DicomLayout lay_out_dicom(const TiffBytes& file, DicomTag last = kDicomPixelData);

/// "(0048,0006)"
[[nodiscard]] std::string dicom_tag_text(DicomTag tag);

}  // namespace cytocape
