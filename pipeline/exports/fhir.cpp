#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <regex>

#include "io/errors.hpp"
#include "io/text.hpp"
#include "pipeline/exports/export_format.hpp"
#include "pipeline/exports/fhir_codes.hpp"
#include "pipeline/exports/slide_numbers.hpp"
#include "pipeline/exports/text_file.hpp"

namespace cytocape {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kCaseSystem = "urn:cytocape:case";
constexpr const char* kSlideSystem = "urn:cytocape:slide";

/// FHIR's strings have no control characters, blank ends or emptiness.
std::string text_of(const std::string& text) {
  const auto shown = displayable(text);
  const auto plain = trimmed(shown);
  return plain.empty() ? "not told" : std::string(plain);
}

Json coding(const std::string& system, const std::string& code, const std::string& display) {
  return {{"system", system}, {"code", code}, {"display", text_of(display)}};
}

Json concept_of(const Json& codings, const std::string& text) {
  return {{"coding", codings}, {"text", text_of(text)}};
}

/// FHIR's words for how far a result has come.
const char* status_of(const SlideReport& report) {
  if (!report.review || report.review->signed_off.by.empty()) return "preliminary";
  return report.review->version > 1 ? "amended" : "final";
}

std::string issued(const SlideReport& report) {
  const bool is_signed = report.review && !report.review->signed_off.by.empty();
  return is_signed ? report.review->signed_off.at : report.run.finished_utc;
}

std::string review_words(const SlideReport& report) {
  if (!report.review) return "Preliminary, not reviewed by a person.";
  const auto& review = *report.review;
  if (review.signed_off.by.empty()) return "Preliminary, under review.";
  return fmt::format("Version {}, {} of {} cells verified, signed by {}.", review.version,
                     review.cells_verified, review.cells_total, text_of(review.signed_off.by));
}

/// A code of this program alone.
Json own_concept(const std::string& code, const std::string& text) {
  return concept_of(Json::array({coding(kTaxonomySystem, code, text)}), text);
}

Json percent(double fraction) {
  return {{"value", std::round(fraction * 1e4) / 100},
          {"unit", "%"},
          {"system", "http://unitsofmeasure.org"},
          {"code", "%"}};
}

Json range(const Interval& interval) {
  return {{"low", percent(interval.low)}, {"high", percent(interval.high)}};
}

/// Codes of FHIR's data-absent-reason.
const char* code_of(Absence::Kind kind) {
  using enum Absence::Kind;
  switch (kind) {
    case masked:
      return "masked";
    case error:
      return "error";
    case unknown:
      return "unknown";
    case unsupported:
      return "unsupported";
    case not_applicable:
      return "not-applicable";
  }
  return "unknown";
}

Json absence_json(const Absence& absence) {
  constexpr const char* kSystem = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
  return {{"coding", Json::array({{{"system", kSystem}, {"code", code_of(absence.kind)}}})},
          {"text", text_of(absence.words)}};
}

/// One bundle: a preliminary DiagnosticReport, an Observation for each number of it, the smear, and
/// which program and model made them.
class FhirBundle {
 public:
  explicit FhirBundle(const ExportedSlide& slide)
      : slide_(slide),
        report_(slide.report),
        specimen_(add("Specimen")),
        program_(add("Device")),
        model_(add("Device")) {
    describe_specimen();
    describe_devices();
  }

  Json take() && {
    auto results = Json::array();
    const auto keep = [&](const std::string& reference) {
      results.push_back({{"reference", reference}});
    };
    keep(add_cells("cells_counted", "cells counted", report_.denominator));
    keep(add_cells("cells_located", "cells located", report_.cells_located));
    for (const auto& share : shares_of(slide_)) keep(add_share(share));
    add_report(results);
    add_provenance();
    return {{"resourceType", "Bundle"},
            {"id", export_uuid(slide_, "fhir bundle", 0)},
            {"meta", meta()},
            {"type", "collection"},
            {"timestamp", report_.run.finished_utc},
            {"entry", std::move(entries_)}};
  }

 private:
  /// An empty resource; its reference.
  std::string add(const char* type) {
    const auto id = export_uuid(slide_, "fhir", entries_.size());
    auto reference = "urn:uuid:" + id;
    entries_.push_back({{"fullUrl", reference},
                        {"resource", {{"resourceType", type}, {"id", id}, {"meta", meta()}}}});
    return reference;
  }
  Json& last() { return entries_.back()["resource"]; }
  Json& resource(std::size_t entry) { return entries_[entry]["resource"]; }

  /// Healthcare research: what any system that knows security labels sees without reading text.
  static Json meta() {
    return {{"security", Json::array({coding("http://terminology.hl7.org/CodeSystem/v3-ActReason",
                                             "HRESCH", "healthcare research")})}};
  }

  void describe_specimen() {
    auto& specimen = resource(0);
    specimen["identifier"] =
        Json::array({{{"system", kSlideSystem}, {"value", text_of(report_.slide.id)}}});
    specimen["type"] = {{"text", std::string("smear of ") + labels_of(report_.specimen).words}};
    if (!report_.slide_sha256.empty())
      specimen["note"] = Json::array(
          {{{"text", "SHA-256 of the slide's file: " + text_of(report_.slide_sha256)}}});
  }

  void describe_devices() {
    auto& program = resource(1);
    program["deviceName"] = Json::array({{{"name", "cytocape"}, {"type", "user-friendly-name"}}});
    program["version"] = Json::array(
        {{{"value", text_of(report_.run.tool_version + " (" + report_.run.commit + ")")}}});
    program["note"] = Json::array({{{"text", kResearchUse}}});
    auto& model = resource(2);
    model["deviceName"] =
        Json::array({{{"name", text_of(report_.model.name)}, {"type", "user-friendly-name"}}});
    model["type"] = {{"text", "CAPE network that classifies cells"}};
    model["version"] =
        Json::array({{{"type", {{"text", "SHA-256"}}}, {"value", text_of(report_.model.sha256)}}});
    model["note"] = Json::array({{{"text", kResearchUse}}});
    model["parent"] = {{"reference", program_}};
  }

  /// The start of an Observation.
  Json& add_observation(const Json& code, std::string& reference) {
    reference = add("Observation");
    auto& observation = last();
    observation["status"] = status_of(report_);
    observation["category"] = Json::array({concept_of(
        Json::array({coding("http://terminology.hl7.org/CodeSystem/observation-category",
                            "laboratory", "Laboratory")}),
        "Laboratory")});
    observation["code"] = code;
    observation["issued"] = issued(report_);
    return observation;
  }
  void end_observation(Json& observation) {
    observation["note"] = Json::array({{{"text", kResearchUse}}});
    if (report_.status != Status::ok)
      observation["note"].push_back({{"text", "The slide is " + text_of(status_words(report_))}});
    observation["method"] = {{"text", "digital image of the smear, cells classified by a network"}};
    observation["specimen"] = {{"reference", specimen_}};
    observation["device"] = {{"reference", model_}};
  }

  std::string add_cells(const char* code, const char* label, std::uint64_t cells) {
    std::string reference;
    auto& observation = add_observation(own_concept(code, label), reference);
    if (has_counts(report_))
      observation["valueInteger"] = cells;
    else
      observation["dataAbsentReason"] = absence_json(why_no_result(slide_).value());
    end_observation(observation);
    return reference;
  }

  std::string add_share(const SlideShare& share) {
    std::string reference;
    auto codes = Json::array();
    const auto loinc = loinc_of(share.code, report_.specimen);
    if (loinc.code != nullptr) codes.push_back(coding(kLoincSystem, loinc.code, loinc.display));
    codes.push_back(coding(kTaxonomySystem, share.code, share.label));
    auto& observation = add_observation(concept_of(codes, share.label), reference);
    const auto kept_back = why_no_result(slide_);
    if (!kept_back && share.fraction)
      observation["valueQuantity"] = percent(*share.fraction);
    else
      observation["dataAbsentReason"] = absence_json(kept_back.value_or(share.absence));
    end_observation(observation);
    if (!kept_back && share.reference)
      observation["referenceRange"] = Json::array({range(*share.reference)});
    if (!kept_back) add_components(share, observation);
    return reference;
  }

  static void add_components(const SlideShare& share, Json& observation) {
    auto& components = observation["component"] = Json::array();
    components.push_back(
        {{"code", own_concept("count", "cells of it")}, {"valueInteger", share.count}});
    if (share.fraction && share.wilson95)
      components.push_back({{"code", own_concept("wilson95", "95 % interval by sampling alone")},
                            {"valueRange", range(*share.wilson95)}});
  }

  void add_report(const Json& results) {
    auto codes = Json::array();
    const auto loinc = loinc_of_report(report_.specimen);
    if (loinc.code != nullptr) codes.push_back(coding(kLoincSystem, loinc.code, loinc.display));
    codes.push_back(coding(kTaxonomySystem, "differential", "differential of a smear"));
    add("DiagnosticReport");
    auto& report = last();
    if (!report_.case_id.empty())
      report["identifier"] =
          Json::array({{{"system", kCaseSystem}, {"value", text_of(report_.case_id)}}});
    report["status"] = status_of(report_);
    report["code"] = concept_of(codes, "differential of a smear");
    report["issued"] = issued(report_);
    report["specimen"] = Json::array({{{"reference", specimen_}}});
    report["result"] = results;
    report["conclusion"] = fmt::format(
        "{} {} The slide is {}. Criteria of CMML, alerts and what to consider are in the slide's "
        "report.{}",
        kResearchUse, review_words(report_), text_of(status_words(report_)),
        report_.denominator_rule.empty() ? "" : " " + text_of(report_.denominator_rule));
  }

  /// Of all that was added before, by program and model.
  void add_provenance() {
    auto targets = Json::array();
    for (const auto& entry : entries_)
      if (entry["resource"]["resourceType"] == "Observation" ||
          entry["resource"]["resourceType"] == "DiagnosticReport")
        targets.push_back({{"reference", entry["fullUrl"]}});
    add("Provenance");
    auto& provenance = last();
    provenance["target"] = std::move(targets);
    provenance["recorded"] = report_.run.finished_utc;
    const auto role = concept_of(
        Json::array({coding("http://terminology.hl7.org/CodeSystem/provenance-participant-type",
                            "assembler", "Assembler")}),
        "Assembler");
    provenance["agent"] = Json::array();
    for (const auto& device : {program_, model_})
      provenance["agent"].push_back({{"type", role}, {"who", {{"reference", device}}}});
    provenance["entity"] =
        Json::array({{{"role", "source"}, {"what", {{"reference", specimen_}}}}});
  }

  const ExportedSlide& slide_;
  const SlideReport& report_;
  Json entries_ = Json::array();
  std::string specimen_;
  std::string program_;
  std::string model_;
};

/// FHIR has no instant without all of its parts.
void check_time(const SlideReport& report, const ExportTarget& target) {
  static const std::regex instant(
      "[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z");
  if (!std::regex_match(report.run.finished_utc, instant))
    throw StorageError(
        fmt::format("{}: the record's /run@finished_utc '{}' is no time; analyze the slide again",
                    target.file.string(), shortened(report.run.finished_utc)));
}

class Fhir : public SlideWriter {
 public:
  Fhir(const ExportedSlide& slide, const ExportTarget& target) : slide_(slide), file_(target) {
    check_time(slide.report, target);
  }
  void add(const std::vector<CellRow>&) override {}  // FHIR has the numbers of a slide alone
  void finish() override {
    file_.write(FhirBundle(slide_).take().dump(2, ' ', false, Json::error_handler_t::replace));
    file_.write("\n");
    file_.close();
  }

 private:
  const ExportedSlide& slide_;
  TextFile file_;
};

}  // namespace

std::unique_ptr<SlideWriter> start_fhir(const ExportedSlide& slide, const ExportTarget& target) {
  return std::make_unique<Fhir>(slide, target);
}

}  // namespace cytocape
