#include <fmt/format.h>

#include <cmath>
#include <map>

#include "io/dicom_object.hpp"
#include "io/errors.hpp"
#include "io/text.hpp"
#include "pipeline/exports/export_format.hpp"
#include "pipeline/exports/fhir_codes.hpp"
#include "pipeline/exports/slide_numbers.hpp"

namespace cytocape {
namespace {

/// Codes of this program alone; private schemes begin with 99 (PS3.16, 8.2).
constexpr const char* kDicomScheme = "99CYTOCAPE";

DicomObject object_of(const ExportedSlide& slide, const std::string& kind) {
  const auto& report = slide.report;
  return {
      .image = report.slide.dicom,
      .instance = dicom_uid(export_uuid(slide, "dicom " + kind, 0)),
      .series = dicom_uid(export_uuid(slide, "dicom series " + kind, 0)),
      .made = report.run.finished_utc,
      .description = kResearchUse,
      .software = fmt::format("{} ({})", report.run.tool_version, report.run.commit.substr(0, 12)),
      .algorithm = report.model.name,
      .algorithm_version = report.model.sha256};
}

/// A group for each class, and one for each reason why cells are not counted.
class DicomCells : public SlideWriter {
 public:
  DicomCells(const ExportedSlide& slide, const ExportTarget& target)
      : slide_(slide), target_(target) {}

  void add(const std::vector<CellRow>& cells) override {
    for (const auto& cell : cells) {
      auto& group = group_of(cell);
      group.points.push_back(static_cast<float>(cell.centre.x));
      group.points.push_back(static_cast<float>(cell.centre.y));
      group.nucleus_um2.push_back(static_cast<float>(cell.nucleus_um2));
    }
  }

  void finish() override {
    std::vector<DicomAnnotations> groups;
    for (auto& [key, group] : groups_) {
      group.uid = dicom_uid(export_uuid(slide_, "dicom group " + group.label, 0));
      group.description = fmt::format("{} Preliminary, not reviewed by a person. The slide is {}.",
                                      kResearchUse, status_words(slide_.report));
      groups.push_back(std::move(group));
    }
    write_dicom_annotations(target_.file, object_of(slide_, "annotations"), groups);
  }

 private:
  /// Classes in the model's order, the others behind them.
  DicomAnnotations& group_of(const CellRow& cell) {
    const auto why = why_not_counted(cell);
    const bool named = why.empty() && cell.class_index >= 0;
    const auto place = static_cast<std::size_t>(cell.class_index);
    const std::pair key{named ? place : slide_.classes.size(), why};
    const auto [found, fresh] = groups_.try_emplace(key);
    if (!fresh) return found->second;
    auto& group = found->second;
    if (named) {
      group.label = slide_.classes[place].label;
      group.kind = {slide_.classes[place].code, kDicomScheme, group.label};
    } else {
      group.label = why.empty() ? "cell, its class withheld" : why;
      group.kind = {why.empty() ? "cell" : "not_counted", kDicomScheme, group.label};
    }
    return group;
  }

  const ExportedSlide& slide_;
  ExportTarget target_;
  std::map<std::pair<std::size_t, std::string>, DicomAnnotations> groups_;
};

DicomMeasurement cells_of(const char* code, const char* label, std::uint64_t cells) {
  return {.name = {code, kDicomScheme, label},
          .value = std::to_string(cells),
          .unit = {"{cells}", "UCUM", "cells"}};
}

DicomMeasurement percent_of(const DicomCode& name, double fraction) {
  return {.name = name,
          .value = fmt::format("{}", std::round(fraction * 1e4) / 100),
          .unit = {"%", "UCUM", "percent"}};
}

/// What a slide's numbers are worth is said beside them: those that are no results are not there.
class DicomNumbers : public SlideWriter {
 public:
  DicomNumbers(const ExportedSlide& slide, const ExportTarget& target)
      : slide_(slide), target_(target) {}
  void add(const std::vector<CellRow>&) override {}

  void finish() override {
    const auto& report = slide_.report;
    const auto loinc = loinc_of_report(report.specimen);
    DicomReport sr{
        .procedure = {"differential", kDicomScheme, "differential of a smear"},
        .tracking = report.slide.id,
        .measurements = {},
        .remarks = {kResearchUse, "Preliminary, not reviewed by a person. The slide is " +
                                      status_words(report) + "."}};
    if (loinc.code != nullptr) sr.procedure = {loinc.code, "LN", loinc.display};
    sr.measurements.push_back(cells_of("cells_counted", "cells counted", report.denominator));
    sr.measurements.push_back(cells_of("cells_located", "cells located", report.cells_located));
    const auto kept_back = why_no_result(slide_);
    if (kept_back)
      sr.remarks.push_back("Counts by class: " + kept_back->words + ".");
    else
      for (const auto& share : shares_of(slide_)) add_share(share, sr);
    if (!report.denominator_rule.empty()) sr.remarks.push_back(report.denominator_rule);
    write_dicom_report(target_.file, object_of(slide_, "report"), sr);
  }

 private:
  void add_share(const SlideShare& share, DicomReport& sr) const {
    if (!share.fraction) {
      sr.remarks.push_back(fmt::format("{}: no value: {}.", share.label, share.absence.words));
      return;
    }
    const auto loinc = loinc_of(share.code, slide_.report.specimen);
    const DicomCode own{share.code, kDicomScheme, share.label};
    sr.measurements.push_back(percent_of(
        loinc.code != nullptr ? DicomCode{loinc.code, "LN", loinc.display} : own, *share.fraction));
    if (!share.wilson95) return;
    const auto limit = [&](const char* end, double value) {
      sr.measurements.push_back(
          percent_of({fmt::format("{}_{}", share.code, end), kDicomScheme,
                      fmt::format("{} limit of 95 % by sampling: {}", end, share.label)},
                     value));
    };
    limit("lower", share.wilson95->low);
    limit("upper", share.wilson95->high);
  }

  const ExportedSlide& slide_;
  ExportTarget target_;
};

/// As other programs take it; a record may hold anything.
bool is_uid(const std::string& text) {
  constexpr std::size_t kLongest = 64;
  return !text.empty() && text.size() <= kLongest &&
         text.find_first_not_of("0123456789.") == std::string::npos;
}

}  // namespace

std::string why_no_dicom(const SlideReport& report) {
  const auto& dicom = report.slide.dicom;
  if (report.slide.reader != "dicom")
    return "it is no DICOM image that an object could refer to; use geojson, fhir or hl7";
  if (dicom.instances.size() > 1)
    return "its finest picture is in several instances (a concatenation), and an object of its "
           "cells refers to one; join them first";
  if (dicom.instances.size() == 1 && is_uid(dicom.study) && is_uid(dicom.series) &&
      is_uid(dicom.sop_class) && is_uid(dicom.instances.front()))
    return "";
  return "its record does not say which DICOM image it is of; analyze the slide again";
}

std::unique_ptr<SlideWriter> start_dicom_cells(const ExportedSlide& slide,
                                               const ExportTarget& target) {
  return std::make_unique<DicomCells>(slide, target);
}

std::unique_ptr<SlideWriter> start_dicom_numbers(const ExportedSlide& slide,
                                                 const ExportTarget& target) {
  return std::make_unique<DicomNumbers>(slide, target);
}

}  // namespace cytocape
