#include <cmath>
#include <nlohmann/json.hpp>

#include "io/record.hpp"
#include "io/report_writer.hpp"
#include "io/text.hpp"

namespace cytocape {
namespace {

/// Keys in the order of docs/report-format.md.
using Json = nlohmann::ordered_json;

Json text(const std::string& value) {
  return valid_utf8(value);
}

Json texts(const std::vector<std::string>& values) {
  auto list = Json::array();
  for (const auto& value : values) list.push_back(text(value));
  return list;
}

/// JSON has no NaN: a number that is not there is null.
Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}
Json number(const std::optional<double>& value) {
  return value ? number(*value) : Json(nullptr);
}

Json tally(const std::map<std::string, std::uint64_t>& counts) {
  auto object = Json::object();
  for (const auto& [name, count] : counts) object[valid_utf8(name)] = count;
  return object;
}

Json slide_json(const SlideReport& report) {
  const auto& slide = report.slide;
  auto levels = Json::array();
  for (const auto& level : slide.levels) {
    levels.push_back({{"width", level.size.width},
                      {"height", level.size.height},
                      {"downsample_x", number(level.downsample.x)},
                      {"downsample_y", number(level.downsample.y)},
                      {"tile_width", level.tile.width},
                      {"tile_height", level.tile.height}});
  }
  return {{"id", text(slide.id)},
          {"path", text(slide.path.string())},
          {"sha256", text(report.slide_sha256)},
          {"reader", text(slide.reader)},
          {"vendor", text(slide.vendor)},
          {"mpp_x", number(slide.mpp.x)},
          {"mpp_y", number(slide.mpp.y)},
          {"mpp_source", to_string(slide.mpp_source)},
          {"background_rgb", {slide.background.r, slide.background.g, slide.background.b}},
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
                       {"fraction", number(row.fraction)},
                       {"wilson95_low", row.wilson95 ? number(row.wilson95->low) : Json(nullptr)},
                       {"wilson95_high", row.wilson95 ? number(row.wilson95->high) : Json(nullptr)},
                       {"expected_fraction", number(row.expected_fraction)},
                       {"corrected_fraction", number(row.corrected_fraction)}});
  }
  return {{"denominator_rule", text(report.denominator_rule)},
          {"denominator", report.denominator},
          {"classes", classes}};
}

/// Class name -> rows of the grid.
Json evidence_values(const SlideReport& report) {
  const auto& grid = report.evidence;
  const auto width = static_cast<std::size_t>(grid.width);
  const auto height = static_cast<std::size_t>(grid.height);
  auto values = Json::object();
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

std::string replaced_ending(std::string whole, std::string_view ending, const std::string& by) {
  whole.resize(whole.size() - ending.size());
  return whole + by;
}

}  // namespace

std::string report_json(const SlideReport& report) {
  auto quality = Json::object();
  for (const auto& [name, value] : report.quality) quality[valid_utf8(name)] = number(value);
  const auto& grid = report.evidence;
  const Json json{
      {"schema", kRecordSchema},
      {"schema_version", kRecordSchemaVersion},
      {"research_use", kResearchUse},
      {"status", to_string(report.status)},
      {"status_reasons", texts(report.status_reasons)},
      {"specimen", text(report.specimen)},
      {"differential", differential_json(report)},
      {"blocks",
       {{"planned", report.blocks_planned}, {"by_outcome", tally(report.blocks_by_outcome)}}},
      {"cells",
       {{"located", report.cells_located}, {"by_outcome", tally(report.cells_by_outcome)}}},
      {"failures", texts(report.failures)},
      {"quality", quality},
      {"slide", slide_json(report)},
      {"model", model_json(report.model)},
      {"run", run_json(report.run)},
      {"evidence",
       {{"edge_px", grid.edge},
        {"width", grid.width},
        {"height", grid.height},
        {"value", nullptr}}}};
  // Pretty-printing puts each number on a line of its own; the grid, last in the text, would make
  // tens of thousands of them and hide the rest.
  return replaced_ending(json.dump(2), "null\n  }\n}",
                         evidence_values(report).dump() + "\n  }\n}\n");
}

}  // namespace cytocape
