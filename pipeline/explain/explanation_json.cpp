#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "io/report.hpp"
#include "pipeline/explain/explain.hpp"
#include "pipeline/explain/warnings.hpp"
#include "pipeline/pages/json_values.hpp"
#include "pipeline/program/library_versions.hpp"
#include "pipeline/program/provenance.hpp"

namespace cytocape {
namespace {

using Json = nlohmann::ordered_json;

/// File names may hold anything: bytes that are not UTF-8 become U+FFFD.
std::string dumped(const Json& value) {
  return value.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// Rows of positions, top to bottom.
Json as_rows(std::span<const double> map, int width) {
  Json rows = Json::array();
  const auto step = static_cast<std::size_t>(width);
  for (std::size_t at = 0; at < map.size(); at += step) rows.push_back(Json(map.subspan(at, step)));
  return rows;
}

class ImageJson {
 public:
  ImageJson(const ExplainOutcome& outcome, const ExplainedImage& image)
      : outcome_(outcome), image_(image), cell_(image.cell) {}

  [[nodiscard]] Json summary() const {
    Json json = {{"image", image_.path.string()},
                 {"status", image_.failure.empty() ? "ok" : "failed"}};
    if (!image_.failure.empty()) {
      json["reason"] = image_.failure;
      return json;
    }
    json["called"] = code(cell_.shown.front());
    json["identified"] = !unidentified(outcome_.model, image_);
    const auto is_strange = strange(outcome_.model, image_);
    json["strange"] = is_strange ? Json(*is_strange) : Json();
    json["strangeness"] = image_.strangeness ? Json(*image_.strangeness) : Json();
    json["map"] = outcome_.model.scales.calibrated() ? "calibrated" : "learned";
    json["probability"] = by_class(cell_.probability);
    json["learned_probability"] =
        by_class(cell_.learned_probability.empty() ? cell_.probability : cell_.learned_probability);
    json["ordinary_probability"] = by_class(cell_.ordinary);
    Json shares = Json::object();
    for (std::size_t c = 0; c < cell_.region_share.size(); ++c) {
      Json own = Json::object();
      for (std::size_t r = 0; r < kCellRegions.size(); ++r)
        own[to_string(kCellRegions[r])] = cell_.region_share[c][r];
      shares[code(static_cast<int>(c))] = own;
    }
    json["region_shares"] = shares;
    json["cell_found"] = image_.cell_found;
    json["nucleus_found"] = image_.nucleus_found;
    json["mirrored_share"] = image_.crop.mirrored;
    json["pictures"] = pictures();
    return json;
  }

  [[nodiscard]] Json full() const {
    Json json = summary();
    if (!image_.failure.empty()) return json;
    const auto& crop = image_.crop;
    json["sha256"] = image_.sha256;
    json["size_px"] = {crop.image.width, crop.image.height};
    json["crop"] = {{"left_px", crop.left}, {"top_px", crop.top}, {"edge_px", crop.edge}};
    json["shown"] = Json::array();
    for (const int label : cell_.shown) json["shown"].push_back(code(label));
    json["cape_scale_max"] = cell_.scale_max;
    json["shifts"] = outcome_.shifts;
    if (!image_.unshifted.empty()) json["unshifted_probability"] = by_class(image_.unshifted);
    json["cape"] = maps(cell_.map);
    if (!cell_.learned_map.empty()) json["cape_learned"] = maps(cell_.learned_map);
    json["mu_cape"] = maps(cell_.mu_cape, 1);
    json["cam_logits"] = maps(cell_.cam, 1);
    json["cam_by_positions"] = maps(cell_.cam, 1.0 / (cell_.height * cell_.width));
    // Of the crop itself, whatever --shifts made of `cape`.
    json["map_figures_positions"] = {outcome_.model.map_height, outcome_.model.map_width};
    json["map_figures"] = figures();
    for (std::size_t r = 0; r < kCellRegions.size(); ++r)
      json["patch_shares"][to_string(kCellRegions[r])] =
          as_rows(cell_.patches.share[r], cell_.width);
    json["difference"] = {{"of", code(cell_.compared.first)},
                          {"minus", code(cell_.compared.second)},
                          {"map", as_rows(cell_.difference, cell_.width)}};
    return json;
  }

 private:
  [[nodiscard]] const std::string& code(int label) const {
    return outcome_.model.codes[static_cast<std::size_t>(label)];
  }
  [[nodiscard]] Json by_class(const std::vector<double>& values) const {
    Json json = Json::object();
    for (std::size_t c = 0; c < values.size(); ++c) json[code(static_cast<int>(c))] = values[c];
    return json;
  }
  /// [classes, height, width]
  [[nodiscard]] Json maps(std::span<const double> all) const {
    Json json = Json::object();
    const auto positions = all.size() / cell_.probability.size();
    for (std::size_t c = 0; c < cell_.probability.size(); ++c)
      json[code(static_cast<int>(c))] = as_rows(all.subspan(c * positions, positions), cell_.width);
    return json;
  }
  [[nodiscard]] Json maps(const std::vector<std::vector<double>>& by_label, double factor) const {
    Json json = Json::object();
    for (std::size_t c = 0; c < by_label.size(); ++c) {
      auto map = by_label[c];
      for (double& value : map) value *= factor;
      json[code(static_cast<int>(c))] = as_rows(map, cell_.width);
    }
    return json;
  }
  [[nodiscard]] Json figures() const {
    Json json = Json::object();
    const bool calibrated = outcome_.model.scales.calibrated();
    for (const MapKind kind : distinct_kinds(calibrated)) {
      const auto& own = image_.figures[static_cast<std::size_t>(kind)];
      json[label_of(kind, calibrated)] = {{"called", code(own.called)},
                                          {"p", own.confidence},
                                          {"p_kept", own.kept},
                                          {"p_deleted", own.deleted},
                                          {"drop", own.drop()},
                                          {"drop_in_deletion", own.drop_in_deletion()},
                                          {"coherency", own.coherency},
                                          {"coherency_enlarged", own.coherency_enlarged},
                                          {"complexity", own.complexity},
                                          {"adcc", own.adcc()},
                                          {"flat", own.flat}};
      auto& json_own = json[label_of(kind, calibrated)];
      json_own["iou_top_2"] = own.overlap ? Json(*own.overlap) : Json();
      if (!own.curves) continue;
      json_own["deletion"] = own.curves->deletion;
      json_own["insertion"] = own.curves->insertion;
      json_own["road"] = own.curves->road;
    }
    return json;
  }
  [[nodiscard]] Json pictures() const {
    Json names = {image_.pictures.cell.png};
    for (const auto& picture : image_.pictures.cape) names.push_back(picture.png);
    for (const auto& picture : image_.pictures.cam) names.push_back(picture.png);
    for (const auto& picture : image_.pictures.mu_cape) names.push_back(picture.png);
    names.push_back(image_.pictures.difference.png);
    return names;
  }

  const ExplainOutcome& outcome_;
  const ExplainedImage& image_;
  const CellExplanation& cell_;
};

Json model_json(const ExplainedModel& model) {
  return {{"name", model.card.name},
          {"path", model.path},
          {"sha256", model.sha256},
          {"device", model.device},
          {"classes", model.codes},
          {"specimens", codes_of(model.card.specimens)},
          {"stain", model.card.stain},
          {"mpp_um_px", model.card.mpp},
          {"input_px", model.card.input_px},
          {"calibration", {{"a", model.card.calibration_a}, {"w", model.card.calibration_w}}},
          {"unidentified_below", model.card.unidentified_below},
          {"strange_above", model.card.strange_above},
          {"figures_of", model.card.figures_of},
          {"limits", model.card.limits}};
}

}  // namespace

std::string explanation_json(const ExplainOutcome& outcome) {
  Json images = Json::array();
  for (const auto& image : outcome.images) images.push_back(ImageJson(outcome, image).full());
  return dumped({{"schema", kExplanationSchema},
                 {"schema_version", 1},
                 {"research_use", kResearchUse},
                 {"model", model_json(outcome.model)},
                 {"images_mpp_um_px", outcome.mpp},
                 {"one_scale", outcome.one_scale},
                 {"appearance", json::appearance_json(outcome.appearance)},
                 {"run",
                  {{"tool_version", tool_version()},
                   {"commit", tool_commit()},
                   {"command", outcome.command},
                   {"finished_utc", outcome.finished_utc},
                   {"libraries", library_versions()}}},
                 {"images", images}});
}

std::string explanation_summary_json(const ExplainOutcome& outcome) {
  Json images = Json::array();
  for (const auto& image : outcome.images) images.push_back(ImageJson(outcome, image).summary());
  const auto written = [](const std::filesystem::path& path) {
    return path.empty() ? Json() : Json(path.string());
  };
  return dumped({{"page", written(outcome.page)},
                 {"json", written(outcome.json)},
                 {"model", outcome.model.card.name},
                 {"model_sha256", outcome.model.sha256},
                 {"images", images},
                 {"interrupted", outcome.interrupted},
                 {"exit_code", outcome.exit_code()},
                 {"research_use", kResearchUse}});
}

}  // namespace cytocape
