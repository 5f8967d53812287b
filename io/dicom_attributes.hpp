#pragma once

/// The attributes of a whole-slide image that decide how its pixels are read (PS3.3, A.32.8, VL
/// Whole Slide Microscopy Image). Beside them leave the data set the UIDs that
/// others name the picture by, and nothing else: neither patient, specimen, accession nor dates
/// have a place here. Internal to io/dicom_*; by DCMTK, which sees bytes whose
/// structure was checked (io/dicom_layout.hpp). Functions are thread-safe.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace cytocape {

/// What the functional groups say of frames: shared by all, or of one.
struct DicomFrameGroups {
  std::optional<std::int64_t> column;  ///< of its first pixel in the total matrix, from 1
  std::optional<std::int64_t> row;
  std::optional<double> z_um;  ///< of its focal plane above the slide
  std::string optical_path;    ///< empty where it is not said
  /// mm from pixel to pixel, along x and along y.
  std::optional<std::array<double, 2>> spacing_mm;
  std::string fault;  ///< why DCMTK did not read all of it; empty when it did
};

/// Numbers that are not said are 0, texts empty.
struct DicomAttributes {
  std::string sop_class;
  std::string sop_instance;
  std::string study;
  std::string series;
  std::string frame_of_reference;
  std::vector<std::string> image_type;

  std::string concatenation;  ///< the UID that its parts share
  std::int64_t concatenation_part = 0;
  std::int64_t concatenation_parts = 0;
  std::int64_t first_frame = 0;  ///< in the whole of the concatenation

  std::string organization;  ///< TILED_FULL, TILED_SPARSE
  std::int64_t samples = 0;
  std::string photometric;
  std::int64_t planar = 0;
  std::int64_t bits_allocated = 0;
  std::int64_t bits_stored = 0;
  std::int64_t representation = 0;
  std::int64_t rows = 0;  ///< pixels of a frame
  std::int64_t columns = 0;
  std::int64_t frames = 1;
  std::int64_t total_rows = 0;  ///< pixels of the whole
  std::int64_t total_columns = 0;
  std::int64_t focal_planes = 1;
  std::int64_t optical_paths = 1;
  std::vector<std::string> optical_path_ids;  ///< in the order of the file
  std::vector<std::uint8_t> icc_profile;      ///< of the first optical path; may be empty
  std::array<double, 2> imaged_mm{};          ///< width and height of what was imaged
  /// mm on the slide, of the first pixel.
  std::optional<std::array<double, 2>> origin_mm;
  bool label_in_picture = false;
  DicomFrameGroups shared;
  std::string fault;  ///< as of DicomFrameGroups
};

/// What a file of a folder is.
struct DicomHead {
  std::string sop_class;
  std::string series;
  std::vector<std::string> image_type;
  std::string fault;  ///< as of DicomFrameGroups
};

/// All three take elements of a data set, explicit or implicit VR, little-endian. None throws but
/// for memory.
[[nodiscard]] DicomAttributes read_dicom_attributes(std::span<const std::uint8_t> elements,
                                                    bool explicit_vr);
[[nodiscard]] DicomFrameGroups read_dicom_frame_groups(std::span<const std::uint8_t> elements,
                                                       bool explicit_vr);
[[nodiscard]] DicomHead read_dicom_head(std::span<const std::uint8_t> elements, bool explicit_vr);

}  // namespace cytocape
