#include <fmt/format.h>

#include <array>
#include <cmath>

#include "io/dicom_levels.hpp"
#include "io/dicom_series.hpp"
#include "io/dicom_tiles.hpp"
#include "io/errors.hpp"
#include "io/slide_readers.hpp"
#include "io/tiff_slide.hpp"

namespace cytocape {
namespace {

constexpr double kMicronsPerMm = 1000;

SlideLevel slide_level_of(const DicomLevel& level, const Size& finest) {
  return {level.size,
          {static_cast<double>(finest.width) / static_cast<double>(level.size.width),
           static_cast<double>(finest.height) / static_cast<double>(level.size.height)},
          level.first().tile()};
}

/// By the names that pixel_size knows. The size of what was imaged is that of all pixels; where it
/// is another by more than a pixel, it contradicts their size.
SlideProperties size_hints(const DicomLevel& finest) {
  SlideProperties hints;
  if (!finest.spacing_mm) return hints;
  const auto& imaged = finest.first().attributes().imaged_mm;
  const std::array<double, 2> pixels{static_cast<double>(finest.size.width),
                                     static_cast<double>(finest.size.height)};
  bool differs = false;
  for (std::size_t axis = 0; axis < 2; ++axis) {
    const auto spacing = (*finest.spacing_mm)[axis];
    const std::string end = axis == 0 ? "X" : "Y";
    hints["dicom.PixelSpacing" + end] = fmt::format("{}", spacing * kMicronsPerMm);
    hints["dicom.ImagedVolume" + end] =
        fmt::format("{:.6g}", imaged[axis] / pixels[axis] * kMicronsPerMm);
    differs = differs || std::abs(imaged[axis] - spacing * pixels[axis]) > spacing;
  }
  if (!differs || imaged[0] <= 0 || imaged[1] <= 0) {
    hints.erase("dicom.ImagedVolumeX");
    hints.erase("dicom.ImagedVolumeY");
  }
  return hints;
}

/// Microscopes' pixels are square: others are mistaken for distances of something else.
void require_square(const DicomLevel& finest, const SlideOptions& options) {
  if (options.mpp || !finest.spacing_mm) return;
  const auto [x, y] = *finest.spacing_mm;
  constexpr double kSquare = 0.01;
  if (std::abs(x - y) <= kSquare * std::max(x, y)) return;
  finest.first().refuse(
      fmt::format("states pixels of {:.6g} x {:.6g} um (PixelSpacing), which are not square; give "
                  "their size with --set slide.mpp=0.25 (or 0.25,0.26 for x,y), or the manifest "
                  "column 'mpp'",
                  x * kMicronsPerMm, y * kMicronsPerMm));
}

void add_remarks(const DicomLevel& finest, std::vector<std::string>& remarks) {
  const auto& all = finest.first().attributes();
  if (all.image_type.size() > 3 && all.image_type[3] == "RESAMPLED") {
    remarks.emplace_back(
        "its finest picture is a resampled one (ImageType): a finer one of its series may be "
        "missing");
  }
  if (all.label_in_picture) {
    remarks.emplace_back(
        "its scanner says that the slide's label is in the picture (SpecimenLabelInImage)");
  }
}

DicomOrigin origin_of(const DicomLevel& finest) {
  const auto& all = finest.first().attributes();
  DicomOrigin origin{.study = all.study,
                     .series = all.series,
                     .frame_of_reference = all.frame_of_reference,
                     .sop_class = all.sop_class,
                     .instances = {}};
  for (const auto& part : finest.parts) origin.instances.push_back(part->attributes().sop_instance);
  return origin;
}

}  // namespace

Detection detect_dicom(const SlideFile& file) {
  if (!begins_as_dicom(file.path)) return {false, "it is no DICOM file"};
  return {true, "a DICOM file"};
}

std::unique_ptr<Slide> open_dicom(const SlideFile& file, const SlideOptions& options) {
  auto found = find_dicom_levels(dicom_slide_files(file.path));
  const auto& finest = found.levels.front();
  require_square(finest, options);
  SlideInfo info;
  info.path = file.path;
  info.id = slide_id(file.path);
  info.vendor = "dicom";
  info.dicom = origin_of(finest);
  set_pixel_size(info, pixel_size(file.path, size_hints(finest), options));
  info.remarks = std::move(found.remarks);
  for (auto& notice : found.notices) info.notices.push_back(std::move(notice));
  add_remarks(finest, info.remarks);
  const auto finest_size = finest.size;
  TiffSlide::Parts parts{file.state, {}, {}, finest.first().attributes().icc_profile};
  for (auto& level : found.levels) {
    info.levels.push_back(slide_level_of(level, finest_size));
    parts.levels.push_back(std::make_unique<const DicomTiles>(std::move(level)));
    info.levels.back().absent_share = parts.levels.back()->absent_share();
  }
  return std::make_unique<TiffSlide>(std::move(info), std::move(parts));
}

}  // namespace cytocape
