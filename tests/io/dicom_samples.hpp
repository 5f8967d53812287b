#pragma once

/// What tests of DICOM slides share.

#include <stdexcept>

#include "io/errors.hpp"
#include "tests/io/dicom_writer.hpp"

namespace cytocape::testing {

inline DicomSpec dicom_kind(const std::string& name) {
  for (const auto& [known, spec] : dicom_kinds())
    if (known == name) return spec;
  throw std::logic_error("no kind " + name);
}

/// 5 x 4 tiles, those of the last column and row beyond the edge.
inline const Image& dicom_picture() {
  static const Image image = waves(300, 170);
  return image;
}

inline std::filesystem::path write_dicom(const std::filesystem::path& path, const DicomSpec& spec,
                                         const Image& image = dicom_picture()) {
  return write_bytes(path, make_dicom(image, spec).bytes);
}

inline Image whole_level(const Slide& slide, int level = 0) {
  const auto& size = slide.info().levels.at(static_cast<std::size_t>(level)).size;
  return slide.read(level, {0, 0, size.width, size.height});
}

template <class Call>
std::string said_by(const Call& call) {
  try {
    call();
    return "accepted";
  } catch (const Error& error) {
    return error.what();
  }
}

inline std::string refusal(const std::filesystem::path& path, const SlideOptions& options = {}) {
  return said_by([&] { (void)Slide::open(path, options); });
}

inline std::function<void(DicomSpec&)> with(std::uint32_t tag, const DicomElement& element) {
  return [=](DicomSpec& spec) { spec.change = [=](DicomData& data) { data[tag] = element; }; };
}

inline std::function<void(DicomSpec&)> without(std::uint32_t tag) {
  return [=](DicomSpec& spec) { spec.change = [=](DicomData& data) { data.erase(tag); }; };
}

}  // namespace cytocape::testing
