#pragma once

/// DICOM objects that say something of a whole-slide image: annotations of its cells, and a report
/// of its numbers. Written by DCMTK (dicom_object.cpp), which nobody else of these needs.

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "io/slide.hpp"

namespace cytocape {

/// As of a coded entry (PS3.3, 8): value of any length, scheme, meaning.
struct DicomCode {
  std::string value;
  std::string scheme;
  std::string meaning;
};

/// What both kinds say of themselves. Texts are UTF-8; those too long for their element are cut.
struct DicomObject {
  DicomOrigin image;     ///< of one instance; the object joins its study
  std::string instance;  ///< SOPInstanceUID, and by it that of the series
  std::string series;
  std::string made;  ///< "2026-01-02T03:04:05Z"
  std::string description;
  std::string software;   ///< version
  std::string algorithm;  ///< that classified the cells
  std::string algorithm_version;
};

/// Annotations of one kind.
struct DicomAnnotations {
  std::string uid;
  std::string label;
  std::string description;  ///< any length
  DicomCode kind;
  std::vector<float> points;  ///< x, y, x, y ..: pixels of the image's total matrix, from its edge
  std::vector<float> nucleus_um2;  ///< of each point; NaN where it was not measured
};

/// Microscopy Bulk Simple Annotations (PS3.3, A.87), coordinates in two dimensions. Groups without
/// a point are left out. Explicit VR, little-endian. Throws StorageError naming the file.
void write_dicom_annotations(const std::filesystem::path& path, const DicomObject& object,
                             std::span<const DicomAnnotations> groups);

struct DicomMeasurement {
  DicomCode name;
  std::string value;  ///< a decimal of at most 16 characters
  DicomCode unit;
};

/// A Comprehensive SR by template 1500, one measurement group of the whole image (TID 1501), marked
/// partial, preliminary and unverified. `procedure` is what is reported of, `remarks` are sentences
/// beside the numbers. Throws as above.
struct DicomReport {
  DicomCode procedure;
  std::string tracking;  ///< a name of the group for people
  std::vector<DicomMeasurement> measurements;
  std::vector<std::string> remarks;
};
void write_dicom_report(const std::filesystem::path& path, const DicomObject& object,
                        const DicomReport& report);

/// A UID (PS3.5, B.2) made of a UUID: "2.25." and its number.
[[nodiscard]] std::string dicom_uid(const std::string& uuid);

}  // namespace cytocape
