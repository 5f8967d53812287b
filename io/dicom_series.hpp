#pragma once

/// Which DICOM files are one slide. Internal to io/, but for slide_files and slide_path, which ask.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cytocape {

enum class DicomKind : unsigned char {
  none,    ///< it does not begin as DICOM does
  slide,   ///< a picture of the slide itself (VOLUME), or what cannot be told apart for damage
  beside,  ///< of the slide's label, an overview or a thumbnail: never a level
  other,   ///< DICOM of another kind
};

struct DicomFile {
  DicomKind kind = DicomKind::none;
  std::string series;  ///< SeriesInstanceUID; empty where it is none or not known
};

/// By the first elements of the file. A file whose size and time of modification are the same is
/// not opened again: whoever looks through a folder asks for every file of it many times.
/// Thread-safe; a file that cannot be read is `none`.
[[nodiscard]] DicomFile dicom_file(const std::filesystem::path& path);

/// The pictures of the slide that `path` belongs to, sorted: the files beside it that are of its
/// series. `path` alone where it is no DICOM slide.
[[nodiscard]] std::vector<std::filesystem::path> dicom_slide_files(
    const std::filesystem::path& path);

/// The first file of each DICOM slide in the folder, sorted.
[[nodiscard]] std::vector<std::filesystem::path> dicom_slides_in(
    const std::filesystem::path& folder);

}  // namespace cytocape
