#include "io/record.hpp"
#include "pipeline/pages/assessment_json.hpp"
#include "pipeline/pages/report_writer.hpp"

namespace cytocape {
namespace {

using json::interval;
using json::Json;
using json::number;
using json::text;
using json::texts;

Json tally(const std::map<std::string, std::uint64_t>& counts) {
  auto object = Json::object();
  for (const auto& [name, count] : counts) object[valid_utf8(name)] = count;
  return object;
}

/// A slide that failed has none.
Json count(const SlideReport& report, std::uint64_t value) {
  return has_counts(report) ? Json(value) : Json(nullptr);
}

Json slide_json(const SlideReport& report) {
  const auto& slide = report.slide;
  const bool opened = has_counts(report) || !slide.reader.empty();
  const auto& back = slide.background;
  auto levels = Json::array();
  for (const auto& level : slide.levels) {
    levels.push_back({{"width", level.size.width},
                      {"height", level.size.height},
                      {"downsample_x", number(level.downsample.x)},
                      {"downsample_y", number(level.downsample.y)},
                      {"tile_width", level.tile.width},
                      {"tile_height", level.tile.height}});
  }
  const auto& identity = report.identity;
  return {{"id", text(slide.id)},
          {"accession", text(identity.accession)},
          {"stain", text(identity.stain)},
          {"sampled", text(identity.sampled)},
          {"path", text(slide.path.string())},
          {"sha256", text(report.slide_sha256)},
          {"reader", text(slide.reader)},
          {"vendor", text(slide.vendor)},
          {"plane", opened ? Json(slide.plane) : Json(nullptr)},
          {"icc_profile", text(slide.icc)},
          {"mpp_x", number(slide.mpp.x)},
          {"mpp_y", number(slide.mpp.y)},
          {"mpp_source", opened ? Json(to_string(slide.mpp_source)) : Json(nullptr)},
          {"background_rgb", opened ? Json{back.r, back.g, back.b} : Json(nullptr)},
          {"associated_images", texts(slide.associated)},
          {"levels", levels}};
}

Json model_json(const ModelSummary& model) {
  auto card = Json::parse(model.card_json, nullptr, false);
  if (card.is_discarded()) card = text(model.card_json);
  return {{"name", text(model.name)},
          {"path", text(model.path)},
          {"sha256", text(model.sha256)},
          {"classes", texts(model.classes)},
          {"map_height", model.map_height},
          {"map_width", model.map_width},
          {"mpp", number(model.mpp)},
          {"input_px", model.input_px},
          {"card", card}};
}

Json run_json(const RunSummary& run) {
  auto libraries = Json::object();
  for (const auto& [name, version] : run.libraries) libraries[valid_utf8(name)] = text(version);
  return {{"tool_version", text(run.tool_version)},
          {"commit", text(run.commit)},
          {"command", text(run.command)},
          {"config_sha256", text(run.config_sha256)},
          {"config_toml", text(run.config_toml)},
          {"device", text(run.device)},
          {"started_utc", text(run.started_utc)},
          {"finished_utc", text(run.finished_utc)},
          {"libraries", libraries}};
}

Json differential_json(const SlideReport& report) {
  auto classes = Json::array();
  for (const auto& row : report.differential) {
    classes.push_back({{"name", text(row.name)},
                       {"label", text(row.label)},
                       {"in_denominator", row.in_denominator},
                       {"count", row.count},
                       {"verified", row.verified},
                       {"fraction", number(row.fraction)},
                       {"wilson95", interval(row.wilson95)},
                       {"expected_fraction", number(row.expected_fraction)},
                       {"corrected_fraction", number(row.corrected_fraction)},
                       {"corrected95", interval(row.corrected95)},
                       {"reference", interval(row.reference)}});
  }
  return {{"denominator_rule", text(report.denominator_rule)},
          {"denominator", count(report, report.denominator)},
          {"reference_source", text(report.reference_source)},
          {"classes", classes}};
}

/// Class name -> rows of the grid.
Json evidence_values(const SlideReport& report) {
  const auto& grid = report.evidence;
  const auto width = static_cast<std::size_t>(grid.width);
  const auto height = static_cast<std::size_t>(grid.height);
  auto values = Json::object();
  if (!has_counts(report)) return values;
  for (std::size_t c = 0; c < report.model.classes.size(); ++c) {
    auto rows = Json::array();
    for (std::size_t y = 0; y < height && (c + 1) * width * height <= grid.value.size(); ++y) {
      auto row = Json::array();
      for (std::size_t x = 0; x < width; ++x) {
        row.push_back(number(grid.value[(c * height + y) * width + x]));
      }
      rows.push_back(std::move(row));
    }
    values[valid_utf8(report.model.classes[c])] = std::move(rows);
  }
  return values;
}

Json group_json(const GroupEstimate& group) {
  const auto of_correction = [&](const Interval& value) {
    return group.corrected ? interval(value) : Json(nullptr);
  };
  return {{"code", text(group.code)},
          {"label", text(group.label)},
          {"note", text(group.note)},
          {"count", group.count},
          {"total", group.total},
          {"classes", texts(group.classes)},
          {"unknown_parts", texts(group.unknown_parts)},
          {"fraction", number(group.fraction)},
          {"wilson95", interval(group.wilson95)},
          {"corrected_fraction", number(group.corrected)},
          {"corrected_sampling95", of_correction(group.sampling95)},
          {"corrected_classifier95", of_correction(group.classifier95)},
          {"corrected95", of_correction(group.both95)},
          {"gap", text(group.gap)}};
}

Json check_json(const QualityCheck& check) {
  return {{"code", to_string(check.rule)},
          {"label", text(check.label)},
          {"verdict", to_string(check.verdict)},
          {"decides", check.decides},
          {"value", number(check.value)},
          {"unit", text(check.unit)},
          {"at_least", number(check.at_least)},
          {"at_most", number(check.at_most)},
          {"key", text(check.key)},
          {"meaning", text(check.meaning)},
          {"remedy", text(check.remedy)}};
}

template <class Values, class ToJson>
Json list(const Values& values, const ToJson& to_json) {
  auto array = Json::array();
  for (const auto& value : values) array.push_back(to_json(value));
  return array;
}

/// The counts by class, which would give the withheld percentages back.
void withhold_counts(Json& json) {
  for (auto& row : json["differential"]["classes"]) row["count"] = row["verified"] = nullptr;
  for (auto& group : json["groups"]) group["count"] = nullptr;
  for (auto& figure : json["figures"]) figure["numerator"] = figure["denominator"] = nullptr;
}

Json step_json(const ReviewSummary::Step& step) {
  if (step.by.empty()) return nullptr;
  return {{"by", text(step.by)}, {"at", text(step.at)}};
}

Json amendments_json(const std::vector<ReviewSummary::Amendment>& amendments) {
  return list(amendments, [](const auto& one) -> Json {
    return {{"version", one.version},
            {"verified", step_json(one.verified)},
            {"signed", step_json(one.signed_off)},
            {"amended", step_json(one.amended)},
            {"reason", text(one.reason)}};
  });
}

Json changes_json(const std::vector<ReviewSummary::Change>& changes) {
  return list(changes, [](const auto& one) -> Json {
    return {{"class", text(one.name)}, {"count_signed", one.before}, {"count", one.count}};
  });
}

Json review_json(const std::optional<ReviewSummary>& review) {
  if (!review) return nullptr;
  return {{"version", review->version},
          {"cells", review->cells_total},
          {"cells_verified", review->cells_verified},
          {"renamed", review->renamed},
          {"removed", review->removed},
          {"added", review->added},
          {"reviewers", text(review->reviewers)},
          {"verified", step_json(review->verified)},
          {"signed", step_json(review->signed_off)},
          {"amendments", amendments_json(review->amendments)},
          {"changes", changes_json(review->changes)},
          {"morphology", text(review->morphology)},
          {"blind_reading", text(review->reading)},
          {"comment", text(review->comment)},
          {"signed_count_alone", review->count_alone},
          {"chain_head", text(review->chain_head)}};
}

/// What follows the status, but for the grid's values.
void add_slide(Json& json, const SlideReport& whole) {
  const auto report = as_shown(whole);
  const auto& grid = report.evidence;
  const auto withheld = why_withheld(report);
  json["review"] = review_json(report.review);
  json["differential"] = differential_json(report);
  json["groups"] = list(report.groups, group_json);
  json["figures"] = list(report.figures, json::figure_json);
  json["percentages_withheld"] = withheld.empty() ? Json(nullptr) : text(withheld);
  if (!withheld.empty()) withhold_counts(json);
  json["blocks"] = {{"planned", count(report, report.blocks_planned)},
                    {"by_outcome", tally(by_text(report.blocks_by_outcome))}};
  json["cells"] = {{"located", count(report, report.cells_located)},
                   {"by_outcome", tally(by_text(report.cells_by_outcome))}};
  json["failures"] = texts(report.failures);
  json["quality"] = list(report.quality, check_json);
  json["appearance"] = json::appearance_json(report.appearance);
  json["slide"] = slide_json(report);
  json["model"] = model_json(report.model);
  json["run"] = run_json(report.run);
  json["evidence"] = {
      {"edge_px", grid.edge}, {"width", grid.width}, {"height", grid.height}, {"value", nullptr}};
}

/// Pretty-printing puts each number on a line of its own; the grids would make tens of thousands of
/// them and hide the rest. They are printed without breaks in place of their `null`. No text holds
/// a line break once it is printed, so that a slide's last key is known by its indentation.
std::string printed(const Json& json, std::span<const SlideReport> slides,
                    const std::string& indentation) {
  const auto key = "\n" + indentation + "\"evidence\": {\n";
  const std::string value = "\"value\": null\n";
  const auto whole = json.dump(2);
  std::string result;
  std::size_t done = 0;
  for (const auto& slide : slides) {
    const auto place = whole.find(value, whole.find(key, done));
    result.append(whole, done, place - done);
    result += "\"value\": " + evidence_values(as_shown(slide)).dump() + "\n";
    done = place + value.size();
  }
  return result.append(whole, done) + "\n";
}

}  // namespace

std::string report_json(const SlideReport& report) {
  Json json{{"schema", kRecordSchema},
            {"schema_version", kRecordSchemaVersion},
            {"research_use", kResearchUse},
            {"status", to_string(report.status)},
            {"status_reasons", texts(report.status_reasons)},
            {"specimen", to_string(report.specimen)},
            {"case", json::case_json(report.assessment)},
            {"criteria", json::criteria_json(report.assessment)}};
  add_slide(json, report);
  return printed(json, std::span(&report, 1), "  ");
}

std::string report_json(const criteria::CaseResult& assessment,
                        std::span<const SlideReport> slides) {
  Json json{{"schema", kCaseSchema},
            {"schema_version", kRecordSchemaVersion},
            {"research_use", kResearchUse},
            {"case", json::case_json(assessment)},
            {"criteria", json::criteria_json(assessment)},
            {"slides", Json::array()}};
  for (const auto& slide : slides) {
    Json one{{"status", to_string(slide.status)},
             {"status_reasons", texts(slide.status_reasons)},
             {"specimen", to_string(slide.specimen)}};
    add_slide(one, slide);
    json["slides"].push_back(std::move(one));
  }
  return printed(json, slides, "      ");
}

}  // namespace cytocape
