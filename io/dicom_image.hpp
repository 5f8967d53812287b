#pragma once

/// One DICOM file of a whole-slide image, open for reading: its attributes, checked, and where its
/// frames lie. Internal to io/dicom_*.

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/dicom_attributes.hpp"
#include "io/dicom_frames.hpp"
#include "io/dicom_syntax.hpp"
#include "io/geometry.hpp"
#include "io/jpeg_check.hpp"

namespace cytocape {

inline constexpr const char* kDicomWholeSlide = "1.2.840.10008.5.1.4.1.1.77.1.6";

/// Const members may be called from many threads at once: each read names its place (pread).
class DicomImage {
 public:
  /// Throws SlideError for a file that is damaged, of another kind or of pixels that are not read,
  /// and says which. Precondition: begins_as_dicom.
  [[nodiscard]] static std::shared_ptr<const DicomImage> open(const std::filesystem::path& path);

  [[nodiscard]] const std::filesystem::path& path() const { return file_.path(); }
  [[nodiscard]] const DicomAttributes& attributes() const { return attributes_; }
  [[nodiscard]] DicomCodec codec() const { return codec_; }
  [[nodiscard]] JpegSamples samples() const { return samples_; }
  [[nodiscard]] Size tile() const { return {attributes_.columns, attributes_.rows}; }
  [[nodiscard]] Size total() const { return {attributes_.total_columns, attributes_.total_rows}; }
  [[nodiscard]] std::uint64_t frames() const {
    return static_cast<std::uint64_t>(attributes_.frames);
  }
  /// Whether each frame has functional groups of its own.
  [[nodiscard]] bool has_frame_groups() const { return !layout_.frame_groups.empty(); }
  /// Those of frame `index`, read from the file. Throws SlideError.
  [[nodiscard]] DicomFrameGroups frame_groups(std::uint64_t index) const;

  /// As of DicomFrames::read.
  [[nodiscard]] std::string read_frame(std::uint64_t index, std::vector<std::uint8_t>& data) const {
    return frames_.read(file_, index, data);
  }
  /// Its file ends before its last frame does.
  [[nodiscard]] bool is_cut() const { return frames_.are_cut(file_); }
  /// "FILE: cause". For what is whole, but not read.
  [[noreturn]] void refuse(const std::string& cause) const;

 private:
  explicit DicomImage(const std::filesystem::path& path);
  void require_readable();

  TiffBytes file_;
  DicomLayout layout_;
  DicomAttributes attributes_;
  DicomFrames frames_;
  DicomCodec codec_ = DicomCodec::uncompressed;
  JpegSamples samples_ = JpegSamples::rgb;
};

/// Elements of the data set, for DCMTK. Throws SlideError.
[[nodiscard]] std::vector<std::uint8_t> read_range(const TiffBytes& file, const FileRange& range);

/// "VOLUME", "LABEL", "OVERVIEW", ..: the third value of ImageType; empty where there is none.
[[nodiscard]] std::string dicom_flavour(const std::vector<std::string>& image_type);

}  // namespace cytocape
