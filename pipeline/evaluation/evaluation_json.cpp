#include <cmath>
#include <nlohmann/json.hpp>

#include "io/text.hpp"
#include "models/data/moved_cell.hpp"
#include "pipeline/evaluation/evaluate.hpp"
#include "pipeline/pages/json_values.hpp"

namespace cytocape {
namespace {

using Json = nlohmann::ordered_json;

/// JSON has no NaN: a number that is not there is null.
Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json interval(const Interval& value) {
  return {number(value.low), number(value.high)};
}

Json to_json(const Proportion& p) {
  return {{"count", p.count},
          {"total", p.total},
          {"share", p.share ? number(*p.share) : Json(nullptr)},
          {"wilson95", p.wilson95 ? interval(*p.wilson95) : Json(nullptr)}};
}

Json to_json(const ClassScore& score) {
  return {{"class", valid_utf8(score.name)},
          {"recall", to_json(score.recall)},
          {"precision", to_json(score.precision)},
          {"f1", score.f1 ? number(*score.f1) : Json(nullptr)},
          {"f1_95", score.f1_95 ? interval(*score.f1_95) : Json(nullptr)}};
}

Json calibration_json(const HeadScore& head) {
  auto bins = Json::array();
  for (const auto& bin : head.bins)
    bins.push_back({{"low", bin.low},
                    {"high", bin.high},
                    {"count", bin.count},
                    {"right", bin.right},
                    {"mean_confidence", bin.count > 0 ? Json(bin.mean_confidence) : Json()}});
  return bins;
}

Json at_threshold_json(const HeadScore& head) {
  if (!head.operating) return nullptr;
  return {{"unidentified_below", head.operating->threshold},
          {"called", to_json(head.operating->called)},
          {"wrong_among_called", to_json(head.operating->wrong)}};
}

Json coverage_json(const HeadScore& head) {
  auto points = Json::array();
  for (const auto& point : head.coverage)
    points.push_back({point.coverage, point.risk, point.confidence});
  return {{"columns", {"coverage", "risk", "least_confidence"}},
          {"area_under_curve", head.area_under_coverage},
          {"at_threshold", at_threshold_json(head)},
          {"points", points}};
}

Json to_json(const HeadScore& head) {
  auto classes = Json::array();
  for (const auto& score : head.classes) classes.push_back(to_json(score));
  Json json{{"head", head.name}, {"cells", head.accuracy.total}};
  if (head.accuracy.total > 0)
    json.update({{"accuracy", to_json(head.accuracy)},
                 {"group_accuracy", to_json(head.group_accuracy)},
                 {"macro_f1", head.figures.macro_f1},
                 {"macro_f1_95", interval(head.intervals.macro_f1)},
                 {"ece", head.figures.ece},
                 {"mean_confidence", head.mean_confidence},
                 {"brier", head.figures.brier},
                 {"brier_95", interval(head.intervals.brier)},
                 {"negative_log_likelihood", head.figures.nll},
                 {"negative_log_likelihood_95", interval(head.intervals.nll)}});
  json.update({{"classes", classes},
               {"confusion", head.figures.confusion},
               {"reliability", calibration_json(head)},
               {"risk_coverage", coverage_json(head)}});
  return json;
}

Json curves_json(const std::optional<MapCurves>& curves) {
  if (!curves) return nullptr;
  return {{"deletion", curves->deletion}, {"insertion", curves->insertion}, {"road", curves->road}};
}

Json to_json(const ExplanationFigures& f) {
  return {{"crops", f.crops},
          {"flat_maps", f.flat},
          {"average_drop", f.average_drop},
          {"increase_in_confidence", f.increase_in_confidence},
          {"average_drop_in_deletion", f.average_drop_in_deletion},
          {"coherency", f.coherency},
          {"complexity", f.complexity},
          {"adcc", f.adcc},
          {"coherency_enlarged", f.coherency_enlarged},
          {"adcc_per_image", f.adcc_per_image},
          {"curves", curves_json(f.curves)},
          {"miou", f.overlaps > 0 ? Json(f.miou) : Json()},
          {"miou_crops", f.overlaps}};
}

Json to_json(const MovedScore& moved) {
  auto kinds = Json::object();
  for (const MapKind kind : kMapKinds) {
    const auto& score = moved.by_kind[static_cast<std::size_t>(kind)];
    const bool any = score.cells > 0;
    kinds[to_string(kind)] = {
        {"cells", score.cells},
        {"inside", any ? Json(score.inside) : Json()},
        {"reflected", any ? Json(score.reflected) : Json()},
        {"inside_by_reflected", any ? number(score.inside / score.reflected) : Json()},
        {"centroid_follows", to_json(score.follows)}};
  }
  return {{"images", moved.images},
          {"too_small_to_move", moved.no_room},
          {"no_cell_found", moved.unstained},
          {"mirrored_surroundings", moved.mirrored},
          {"least_move", kLeastMove},
          {"most_move", kMostMove},
          {"mean_cell_share", moved.cell_share},
          {"accuracy", to_json(moved.accuracy)},
          {"maps", kinds}};
}

Json apart_json(const Evaluation& evaluation) {
  auto list = Json::array();
  for (const auto& folder : evaluation.apart) {
    auto called = Json::object();
    for (std::size_t c = 0; c < folder.called.size(); ++c)
      if (folder.called[c] > 0) called[valid_utf8(evaluation.model.classes[c])] = folder.called[c];
    list.push_back(
        {{"class", valid_utf8(folder.name)}, {"images", folder.images}, {"called", called}});
  }
  return list;
}

Json to_json(const SlideScore& slide) {
  auto kinds = Json::array();
  for (const auto& kind : slide.kinds)
    kinds.push_back({{"kind", kind.name},
                     {"cells", kind.cells},
                     {"classified", kind.classified},
                     {"excluded", kind.excluded},
                     {"merged", kind.merged},
                     {"missed", kind.missed}});
  auto differential = Json::array();
  for (const auto& row : slide.differential)
    differential.push_back({{"class", row.name},
                            {"true_count", row.true_count},
                            {"found_count", row.found_count},
                            {"true_share", row.true_share},
                            {"found_share", row.found_share},
                            {"error_points", row.points()}});
  return {{"id", valid_utf8(slide.id)},
          {"status", to_string(slide.status)},
          {"reasons", slide.reasons},
          {"detection_recall", to_json(slide.recall)},
          {"detection_precision", to_json(slide.precision)},
          {"true_cells", kinds},
          {"excluded", slide.excluded},
          {"false_found", slide.false_found},
          {"differential", differential},
          {"mean_absolute_error_points", slide.mean_absolute_points},
          {"report", slide.report.string()}};
}

Json data_json(const DataSummary& summary) {
  auto classes = Json::object();
  for (const auto& [name, images] : summary.classes) classes[valid_utf8(name)] = images;
  Json json{{"path", valid_utf8(summary.path.string())}};
  if (!summary.list.empty()) json["list"] = valid_utf8(summary.list.string());
  if (summary.mpp > 0) json.update({{"mpp", summary.mpp}, {"crop_px", summary.crop_px}});
  json.update({{"renamed", summary.renamed}, {"classes", classes}});
  if (summary.mpp == 0) return json;
  auto groups = Json::array();
  for (const auto& group : summary.in_several_classes) {
    auto names = Json::array();
    for (const auto& name : group) names.push_back(valid_utf8(name));
    groups.push_back(names);
  }
  json.update({{"in_several_classes", groups},
               {"passed_over",
                {{"files", summary.passed_over_files}, {"folders", summary.passed_over_folders}}}});
  return json;
}

Json pairs_json(const PairedCounts& counts) {
  return {{"both", counts.both},
          {"only_this", counts.only_first},
          {"only_other", counts.only_second},
          {"neither", counts.neither},
          {"mcnemar_p", counts.p}};
}

Json comparison_json(const ModelComparison& other) {
  return {{"model", valid_utf8(other.model)},
          {"path", valid_utf8(other.path)},
          {"sha256", other.sha256},
          {"images", other.images},
          {"right_over_classes", pairs_json(other.classes)},
          {"right_over_groups", pairs_json(other.groups)}};
}

}  // namespace

std::string evaluation_json(const Evaluation& evaluation) {
  const auto& [model, run] = std::tie(evaluation.model, evaluation.run);
  Json json{{"schema", "cytocape-evaluation"},
            {"schema_version", 1},
            {"research_use", kResearchUse},
            {"model",
             {{"name", valid_utf8(model.name)},
              {"path", valid_utf8(model.path)},
              {"sha256", model.sha256},
              {"classes", model.classes},
              {"input_px", model.input_px},
              {"mpp", model.mpp},
              {"map_height", model.map_height},
              {"map_width", model.map_width},
              {"calibrated", evaluation.model_warnings.calibrated},
              {"figures_of", valid_utf8(evaluation.model_warnings.figures_of)},
              {"limits", valid_utf8(evaluation.model_warnings.limits)}}},
            {"data", data_json(evaluation.data)},
            {"appearance", json::appearance_json(evaluation.appearance)}};
  auto heads = Json::array();
  for (const auto& head : evaluation.heads) heads.push_back(to_json(head));
  json["heads"] = heads;
  json["apart"] = apart_json(evaluation);
  if (evaluation.explanations) {
    auto kinds = Json::object();
    for (const MapKind kind : kMapKinds)
      kinds[to_string(kind)] =
          to_json(evaluation.explanations->by_kind[static_cast<std::size_t>(kind)]);
    json["explanations"] = kinds;
  }
  if (evaluation.moved) json["moved_cells"] = to_json(*evaluation.moved);
  if (evaluation.slide) json["slide"] = to_json(*evaluation.slide);
  if (evaluation.comparison) json["against"] = comparison_json(*evaluation.comparison);
  if (evaluation.throughput)
    json["throughput"] = {
        {"images_per_second", evaluation.throughput->images_per_second},
        {"network_images_per_second", evaluation.throughput->network_images_per_second}};
  json["run"] = {{"tool_version", run.tool_version},   {"commit", run.commit},
                 {"command", valid_utf8(run.command)}, {"device", run.device},
                 {"started_utc", run.started_utc},     {"finished_utc", run.finished_utc},
                 {"libraries", run.libraries}};
  return json.dump(2) + "\n";
}

}  // namespace cytocape
