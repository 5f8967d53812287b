// With dicom_object.cpp, which writes, the only file that includes DCMTK.

#include "io/dicom_attributes.hpp"

// Before DCMTK's other headers.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcdatset.h>
#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcelem.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/oflog/oflog.h>

#include <algorithm>
#include <memory>
#include <mutex>

namespace cytocape {
namespace {

/// DCMTK would print to the terminal.
void start_dcmtk() {
  static std::once_flag once;
  std::call_once(once, [] { OFLog::configure(OFLogger::OFF_LOG_LEVEL); });
}

struct Parsed {
  std::unique_ptr<DcmDataset> data;
  std::string fault;
};

Parsed parse(std::span<const std::uint8_t> elements, bool explicit_vr) {
  start_dcmtk();
  auto data = std::make_unique<DcmDataset>();
  DcmInputBufferStream stream;
  stream.setBuffer(elements.data(), static_cast<offile_off_t>(elements.size()));
  stream.setEos();
  data->transferInit();
  const auto outcome =
      data->read(stream, explicit_vr ? EXS_LittleEndianExplicit : EXS_LittleEndianImplicit);
  data->transferEnd();
  const bool whole = outcome.good() || outcome == EC_EndOfStream;
  return {std::move(data), whole ? "" : outcome.text()};
}

std::string text(DcmItem& item, const DcmTagKey& tag, unsigned long at = 0) {
  OFString value;
  if (item.findAndGetOFString(tag, value, at).bad()) return {};
  while (!value.empty() && (value.back() == ' ' || value.back() == '\0'))
    value.erase(value.size() - 1);
  return {value.c_str(), value.size()};
}

std::vector<std::string> texts(DcmItem& item, const DcmTagKey& tag) {
  std::vector<std::string> values;
  DcmElement* element = nullptr;
  if (item.findAndGetElement(tag, element).bad() || element == nullptr) return values;
  constexpr unsigned long kMost = 16;
  for (unsigned long i = 0; i < std::min(element->getVM(), kMost); ++i)
    values.push_back(text(item, tag, i));
  return values;
}

/// Of US, UL and IS alike; of the first where there are more.
std::optional<std::int64_t> whole(DcmItem& item, const DcmTagKey& tag) {
  Uint16 small = 0;
  if (item.findAndGetUint16(tag, small).good()) return small;
  Uint32 large = 0;
  if (item.findAndGetUint32(tag, large).good()) return large;
  Sint32 with_sign = 0;
  if (item.findAndGetSint32(tag, with_sign).good()) return with_sign;
  return std::nullopt;
}

/// Of DS, FL and FD alike.
std::optional<double> real(DcmItem& item, const DcmTagKey& tag, unsigned long at = 0) {
  Float64 wide = 0;
  if (item.findAndGetFloat64(tag, wide, at).good()) return wide;
  Float32 narrow = 0;
  if (item.findAndGetFloat32(tag, narrow, at).good()) return narrow;
  return std::nullopt;
}

DcmItem* first_item(DcmItem& item, const DcmTagKey& sequence) {
  DcmItem* inner = nullptr;
  return item.findAndGetSequenceItem(sequence, inner).good() ? inner : nullptr;
}

DicomFrameGroups groups_of(DcmItem& item) {
  DicomFrameGroups groups;
  if (auto* place = first_item(item, DCM_PlanePositionSlideSequence)) {
    groups.column = whole(*place, DCM_ColumnPositionInTotalImagePixelMatrix);
    groups.row = whole(*place, DCM_RowPositionInTotalImagePixelMatrix);
    groups.z_um = real(*place, DCM_ZOffsetInSlideCoordinateSystem);
  }
  if (auto* path = first_item(item, DCM_OpticalPathIdentificationSequence))
    groups.optical_path = text(*path, DCM_OpticalPathIdentifier);
  if (auto* measures = first_item(item, DCM_PixelMeasuresSequence)) {
    // The standard names the distance of rows first.
    const auto along_y = real(*measures, DCM_PixelSpacing, 0);
    const auto along_x = real(*measures, DCM_PixelSpacing, 1);
    if (along_x && along_y) groups.spacing_mm = {*along_x, *along_y};
  }
  return groups;
}

std::vector<std::string> optical_paths_of(DcmItem& data) {
  std::vector<std::string> ids;
  DcmItem* path = nullptr;
  constexpr long kMost = 256;
  for (long i = 0; i < kMost; ++i) {
    if (data.findAndGetSequenceItem(DCM_OpticalPathSequence, path, i).bad() || path == nullptr)
      break;
    ids.push_back(text(*path, DCM_OpticalPathIdentifier));
  }
  return ids;
}

std::vector<std::uint8_t> icc_profile_of(DcmItem& data) {
  auto* path = first_item(data, DCM_OpticalPathSequence);
  const Uint8* bytes = nullptr;
  unsigned long count = 0;
  if (path == nullptr || path->findAndGetUint8Array(DCM_ICCProfile, bytes, &count).bad() ||
      bytes == nullptr)
    return {};
  return {bytes, bytes + count};
}

void read_pixel_module(DcmItem& data, DicomAttributes& all) {
  all.samples = whole(data, DCM_SamplesPerPixel).value_or(0);
  all.photometric = text(data, DCM_PhotometricInterpretation);
  all.planar = whole(data, DCM_PlanarConfiguration).value_or(0);
  all.bits_allocated = whole(data, DCM_BitsAllocated).value_or(0);
  all.bits_stored = whole(data, DCM_BitsStored).value_or(0);
  all.representation = whole(data, DCM_PixelRepresentation).value_or(0);
  all.rows = whole(data, DCM_Rows).value_or(0);
  all.columns = whole(data, DCM_Columns).value_or(0);
  all.frames = whole(data, DCM_NumberOfFrames).value_or(1);
}

}  // namespace

DicomAttributes read_dicom_attributes(std::span<const std::uint8_t> elements, bool explicit_vr) {
  auto parsed = parse(elements, explicit_vr);
  auto& data = *parsed.data;
  DicomAttributes all;
  all.fault = std::move(parsed.fault);
  all.sop_class = text(data, DCM_SOPClassUID);
  all.sop_instance = text(data, DCM_SOPInstanceUID);
  all.study = text(data, DCM_StudyInstanceUID);
  all.series = text(data, DCM_SeriesInstanceUID);
  all.frame_of_reference = text(data, DCM_FrameOfReferenceUID);
  all.image_type = texts(data, DCM_ImageType);
  all.concatenation = text(data, DCM_ConcatenationUID);
  all.concatenation_part = whole(data, DCM_InConcatenationNumber).value_or(0);
  all.concatenation_parts = whole(data, DCM_InConcatenationTotalNumber).value_or(0);
  all.first_frame = whole(data, DCM_ConcatenationFrameOffsetNumber).value_or(0);
  all.organization = text(data, DCM_DimensionOrganizationType);
  read_pixel_module(data, all);
  all.total_rows = whole(data, DCM_TotalPixelMatrixRows).value_or(0);
  all.total_columns = whole(data, DCM_TotalPixelMatrixColumns).value_or(0);
  all.focal_planes = whole(data, DCM_TotalPixelMatrixFocalPlanes).value_or(1);
  all.optical_path_ids = optical_paths_of(data);
  all.icc_profile = icc_profile_of(data);
  all.optical_paths = whole(data, DCM_NumberOfOpticalPaths)
                          .value_or(std::max<std::int64_t>(
                              1, static_cast<std::int64_t>(all.optical_path_ids.size())));
  all.imaged_mm = {real(data, DCM_ImagedVolumeWidth).value_or(0),
                   real(data, DCM_ImagedVolumeHeight).value_or(0)};
  if (auto* origin = first_item(data, DCM_TotalPixelMatrixOriginSequence)) {
    const auto x = real(*origin, DCM_XOffsetInSlideCoordinateSystem);
    const auto y = real(*origin, DCM_YOffsetInSlideCoordinateSystem);
    if (x && y) all.origin_mm = {*x, *y};
  }
  all.label_in_picture = text(data, DCM_SpecimenLabelInImage) == "YES";
  if (auto* shared = first_item(data, DCM_SharedFunctionalGroupsSequence))
    all.shared = groups_of(*shared);
  return all;
}

DicomFrameGroups read_dicom_frame_groups(std::span<const std::uint8_t> elements, bool explicit_vr) {
  auto parsed = parse(elements, explicit_vr);
  auto groups = groups_of(*parsed.data);
  groups.fault = std::move(parsed.fault);
  return groups;
}

DicomHead read_dicom_head(std::span<const std::uint8_t> elements, bool explicit_vr) {
  auto parsed = parse(elements, explicit_vr);
  auto& data = *parsed.data;
  return {text(data, DCM_SOPClassUID), text(data, DCM_SeriesInstanceUID),
          texts(data, DCM_ImageType), std::move(parsed.fault)};
}

}  // namespace cytocape
