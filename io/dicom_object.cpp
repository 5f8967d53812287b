#include "io/dicom_object.hpp"

// Before DCMTK's other headers.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcdatset.h>
#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcfilefo.h>
#include <dcmtk/dcmdata/dcuid.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "io/errors.hpp"
#include "io/text.hpp"

namespace cytocape {
namespace {

constexpr const char* kAnnotationsClass = "1.2.840.10008.5.1.4.1.1.91.1";
constexpr const char* kReportClass = "1.2.840.10008.5.1.4.1.1.88.33";

/// Bytes that elements hold, by their VR, less some for signs of more than a byte.
constexpr std::size_t kShort = 16, kLong = 64;

void require(const OFCondition& done) {
  if (done.bad()) throw StorageError(fmt::format("the DICOM object: {}", done.text()));
}

/// On one line, no longer than `most` bytes, and one value: a backslash would part it.
std::string fitting(const std::string& text, std::size_t most) {
  const auto shown = displayable(text);
  if (trimmed(shown).empty()) return "";
  auto line = one_line(shown);
  std::replace(line.begin(), line.end(), '\\', '/');
  return shortened(line, most);
}

void put(DcmItem& item, const DcmTagKey& tag, const std::string& value) {
  require(item.putAndInsertString(tag, value.c_str()));
}

DcmItem& add_item(DcmItem& item, const DcmTagKey& sequence) {
  DcmItem* inner = nullptr;
  require(item.findOrCreateSequenceItem(sequence, inner, -2));  // behind those that are there
  return *inner;
}

void put_code(DcmItem& item, const DcmTagKey& sequence, const DicomCode& code) {
  auto& entry = add_item(item, sequence);
  const auto value = fitting(code.value, kLong);
  put(entry, value.size() <= kShort ? DCM_CodeValue : DCM_LongCodeValue, value);
  put(entry, DCM_CodingSchemeDesignator, code.scheme);
  put(entry, DCM_CodeMeaning, fitting(code.meaning, kLong));
}

void put_floats(DcmItem& item, const DcmTagKey& tag, const std::vector<float>& values) {
  require(item.putAndInsertFloat32Array(tag, values.data(), values.size()));
}

/// "2026-01-02T03:04:05Z" as date and time.
std::pair<std::string, std::string> date_and_time(const std::string& iso) {
  std::string digits;
  std::copy_if(iso.begin(), iso.end(), std::back_inserter(digits),
               [](char c) { return c >= '0' && c <= '9'; });
  if (digits.size() != 14)
    throw StorageError(
        fmt::format("the record's time '{}' is none; analyze the slide again", shortened(iso)));
  return {digits.substr(0, 8), digits.substr(8)};
}

void refer_to(DcmItem& item, const DcmTagKey& sequence, const DicomOrigin& image) {
  auto& reference = add_item(item, sequence);
  put(reference, DCM_ReferencedSOPClassUID, image.sop_class);
  put(reference, DCM_ReferencedSOPInstanceUID, image.instances.front());
}

/// Patient, study, series, equipment and SOP common. What is known of the patient stays with the
/// image: the elements are there, as they must be, and empty.
void put_head(DcmItem& data, const DicomObject& object, const char* sop_class,
              const char* modality) {
  const auto [date, time] = date_and_time(object.made);
  put(data, DCM_SpecificCharacterSet, "ISO_IR 192");
  put(data, DCM_SOPClassUID, sop_class);
  put(data, DCM_SOPInstanceUID, object.instance);
  put(data, DCM_StudyInstanceUID, object.image.study);
  put(data, DCM_SeriesInstanceUID, object.series);
  for (const auto& tag :
       {DCM_PatientName, DCM_PatientID, DCM_PatientBirthDate, DCM_PatientSex, DCM_StudyDate,
        DCM_StudyTime, DCM_AccessionNumber, DCM_ReferringPhysicianName, DCM_StudyID})
    require(data.insertEmptyElement(tag));
  put(data, DCM_Modality, modality);
  put(data, DCM_SeriesNumber, "1");
  put(data, DCM_InstanceNumber, "1");
  put(data, DCM_SeriesDescription, fitting(object.description, kLong));
  put(data, DCM_Manufacturer, "cytocape");
  put(data, DCM_ManufacturerModelName, "cytocape");
  put(data, DCM_DeviceSerialNumber, fitting(object.software, kLong));
  put(data, DCM_SoftwareVersions, fitting(object.software, kLong));
  put(data, DCM_ContentDate, date);
  put(data, DCM_ContentTime, time);
  put(data, DCM_InstanceCreationDate, date);
  put(data, DCM_InstanceCreationTime, time);
  put(data, DCM_TimezoneOffsetFromUTC, "+0000");
}

void put_algorithm(DcmItem& group, const DicomObject& object) {
  auto& algorithm = add_item(group, DCM_AnnotationGroupAlgorithmIdentificationSequence);
  put_code(algorithm, DCM_AlgorithmFamilyCodeSequence,
           {"123110", "DCM", "Artificial Intelligence"});
  put(algorithm, DCM_AlgorithmName, fitting(object.algorithm, kLong));
  put(algorithm, DCM_AlgorithmVersion, fitting(object.algorithm_version, kLong));
}

void put_nuclei(DcmItem& group, const std::vector<float>& areas) {
  std::vector<float> measured;
  std::vector<Uint32> indices;
  for (std::size_t i = 0; i < areas.size(); ++i) {
    if (!std::isfinite(areas[i])) continue;
    measured.push_back(areas[i]);
    indices.push_back(static_cast<Uint32>(i + 1));
  }
  if (measured.empty()) return;
  auto& measurement = add_item(group, DCM_MeasurementsSequence);
  put_code(measurement, DCM_ConceptNameCodeSequence,
           {"nucleus_um2", "99CYTOCAPE", "area of the nuclear stain"});
  put_code(measurement, DCM_MeasurementUnitsCodeSequence, {"um2", "UCUM", "square micrometer"});
  auto& values = add_item(measurement, DCM_MeasurementValuesSequence);
  put_floats(values, DCM_FloatingPointValues, measured);
  if (measured.size() < areas.size())
    require(
        values.putAndInsertUint32Array(DCM_AnnotationIndexList, indices.data(), indices.size()));
}

void save(DcmFileFormat& file, const std::filesystem::path& path) {
  const auto done = file.saveFile(path.c_str(), EXS_LittleEndianExplicit);
  if (done.bad())
    throw StorageError(fmt::format("{}: cannot be written: {}", path.string(), done.text()));
}

// --- content of a report (PS3.3, C.17.3) ------------------------------------------------------

/// A content item below `parent`.
DcmItem& add_content(DcmItem& parent, const char* relation, const char* type,
                     const DicomCode& name) {
  auto& item = add_item(parent, DCM_ContentSequence);
  put(item, DCM_RelationshipType, relation);
  put(item, DCM_ValueType, type);
  put_code(item, DCM_ConceptNameCodeSequence, name);
  return item;
}

DcmItem& add_container(DcmItem& parent, const DicomCode& name) {
  auto& item = add_content(parent, "CONTAINS", "CONTAINER", name);
  put(item, DCM_ContinuityOfContent, "SEPARATE");
  return item;
}

void add_coded(DcmItem& parent, const char* relation, const DicomCode& name,
               const DicomCode& value) {
  put_code(add_content(parent, relation, "CODE", name), DCM_ConceptCodeSequence, value);
}

void add_text(DcmItem& parent, const char* relation, const DicomCode& name,
              const std::string& text) {
  put(add_content(parent, relation, "TEXT", name), DCM_TextValue, one_line(displayable(text)));
}

void add_uid(DcmItem& parent, const DicomCode& name, const std::string& uid) {
  put(add_content(parent, "HAS OBS CONTEXT", "UIDREF", name), DCM_UID, uid);
}

/// Language, who observed (a device: TID 1004), and what was done.
void put_context(DcmItem& data, const DicomObject& object, const DicomReport& report) {
  add_coded(data, "HAS CONCEPT MOD", {"121049", "DCM", "Language of Content Item and Descendants"},
            {"en", "RFC5646", "English"});
  add_coded(data, "HAS OBS CONTEXT", {"121005", "DCM", "Observer Type"},
            {"121007", "DCM", "Device"});
  add_uid(data, {"121012", "DCM", "Device Observer UID"}, object.series);
  add_text(data, "HAS OBS CONTEXT", {"121013", "DCM", "Device Observer Name"},
           fmt::format("cytocape {} with the network {} ({})", object.software, object.algorithm,
                       object.algorithm_version));
  add_coded(data, "HAS CONCEPT MOD", {"121058", "DCM", "Procedure reported"}, report.procedure);
}

void put_library(DcmItem& data, const DicomOrigin& image) {
  auto& group = add_container(add_container(data, {"111028", "DCM", "Image Library"}),
                              {"126200", "DCM", "Image Library Group"});
  auto& item = add_item(group, DCM_ContentSequence);
  put(item, DCM_RelationshipType, "CONTAINS");
  put(item, DCM_ValueType, "IMAGE");
  refer_to(item, DCM_ReferencedSOPSequence, image);
}

void put_measurements(DcmItem& data, const DicomObject& object, const DicomReport& report) {
  auto& group = add_container(add_container(data, {"126010", "DCM", "Imaging Measurements"}),
                              {"125007", "DCM", "Measurement Group"});
  add_text(group, "HAS OBS CONTEXT", {"112039", "DCM", "Tracking Identifier"}, report.tracking);
  add_uid(group, {"112040", "DCM", "Tracking Unique Identifier"}, object.instance);
  for (const auto& one : report.measurements) {
    auto& number = add_content(group, "CONTAINS", "NUM", one.name);
    auto& value = add_item(number, DCM_MeasuredValueSequence);
    put(value, DCM_NumericValue, one.value);
    put_code(value, DCM_MeasurementUnitsCodeSequence, one.unit);
  }
  for (const auto& remark : report.remarks)
    add_text(group, "CONTAINS", {"121106", "DCM", "Comment"}, remark);
}

void put_evidence(DcmItem& data, const DicomOrigin& image) {
  auto& evidence = add_item(data, DCM_CurrentRequestedProcedureEvidenceSequence);
  put(evidence, DCM_StudyInstanceUID, image.study);
  auto& series = add_item(evidence, DCM_ReferencedSeriesSequence);
  put(series, DCM_SeriesInstanceUID, image.series);
  refer_to(series, DCM_ReferencedSOPSequence, image);
}

}  // namespace

void write_dicom_annotations(const std::filesystem::path& path, const DicomObject& object,
                             std::span<const DicomAnnotations> groups) {
  DcmFileFormat file;
  auto& data = *file.getDataset();
  put_head(data, object, kAnnotationsClass, "ANN");
  put(data, DCM_ContentLabel, "CYTOCAPE_CELLS");
  put(data, DCM_ContentDescription, fitting(object.description, kLong));
  require(data.insertEmptyElement(DCM_ContentCreatorName));
  put(data, DCM_AnnotationCoordinateType, "2D");
  put(data, DCM_PixelOriginInterpretation, "VOLUME");
  refer_to(data, DCM_ReferencedImageSequence, object.image);
  auto& series = add_item(data, DCM_ReferencedSeriesSequence);
  put(series, DCM_SeriesInstanceUID, object.image.series);
  refer_to(series, DCM_ReferencedInstanceSequence, object.image);
  Uint16 number = 0;
  for (const auto& one : groups) {
    if (one.points.empty()) continue;
    auto& group = add_item(data, DCM_AnnotationGroupSequence);
    require(group.putAndInsertUint16(DCM_AnnotationGroupNumber, ++number));
    put(group, DCM_AnnotationGroupUID, one.uid);
    put(group, DCM_AnnotationGroupLabel, fitting(one.label, kLong));
    put(group, DCM_AnnotationGroupDescription, one.description);
    put(group, DCM_AnnotationGroupGenerationType, "AUTOMATIC");
    put_algorithm(group, object);
    put_code(group, DCM_AnnotationPropertyCategoryCodeSequence,
             {"91723000", "SCT", "Anatomical Structure"});
    put_code(group, DCM_AnnotationPropertyTypeCodeSequence, one.kind);
    put(group, DCM_GraphicType, "POINT");
    require(group.putAndInsertUint32(DCM_NumberOfAnnotations,
                                     static_cast<Uint32>(one.points.size() / 2)));
    put(group, DCM_AnnotationAppliesToAllOpticalPaths, "YES");
    put_floats(group, DCM_PointCoordinatesData, one.points);
    put_nuclei(group, one.nucleus_um2);
  }
  if (number == 0)
    throw StorageError(path.string() +
                       ": there is no cell to annotate, and DICOM has no annotations without one");
  save(file, path);
}

void write_dicom_report(const std::filesystem::path& path, const DicomObject& object,
                        const DicomReport& report) {
  DcmFileFormat file;
  auto& data = *file.getDataset();
  put_head(data, object, kReportClass, "SR");
  require(data.insertEmptyElement(DCM_ReferencedPerformedProcedureStepSequence));
  require(data.insertEmptyElement(DCM_PerformedProcedureCodeSequence));
  put(data, DCM_CompletionFlag, "PARTIAL");
  put(data, DCM_PreliminaryFlag, "PRELIMINARY");
  put(data, DCM_VerificationFlag, "UNVERIFIED");
  put_evidence(data, object.image);
  put(data, DCM_ValueType, "CONTAINER");
  put_code(data, DCM_ConceptNameCodeSequence, {"126000", "DCM", "Imaging Measurement Report"});
  put(data, DCM_ContinuityOfContent, "SEPARATE");
  auto& form = add_item(data, DCM_ContentTemplateSequence);
  put(form, DCM_MappingResource, "DCMR");
  put(form, DCM_TemplateIdentifier, "1500");
  put_context(data, object, report);
  put_library(data, object.image);
  put_measurements(data, object, report);
  save(file, path);
}

std::string dicom_uid(const std::string& uuid) {
  __extension__ using Wide = unsigned __int128;
  Wide number = 0;
  for (const char c : uuid) {
    if (c == '-') continue;
    number = number * 16 + static_cast<Wide>(c <= '9' ? c - '0' : c - 'a' + 10);
  }
  std::string digits;
  do digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(number % 10)));
  while ((number /= 10) != 0);
  return "2.25." + digits;
}

}  // namespace cytocape
