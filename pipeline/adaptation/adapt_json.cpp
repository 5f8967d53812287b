#include <nlohmann/json.hpp>

#include "io/text.hpp"
#include "pipeline/adaptation/adapt.hpp"

namespace cytocape {
namespace {

using AdaptJson = nlohmann::ordered_json;

AdaptJson share_json(const Proportion& p) {
  AdaptJson json{{"count", p.count}, {"total", p.total}, {"share", nullptr}, {"wilson95", nullptr}};
  if (p.share) json["share"] = *p.share;
  if (p.wilson95) json["wilson95"] = {p.wilson95->low, p.wilson95->high};
  return json;
}

AdaptJson pair_json(const Proportion& before, const Proportion& after) {
  return {{"before", share_json(before)}, {"after", share_json(after)}};
}

AdaptJson strange_json(const StrangeCount& before, const StrangeCount& after) {
  return {{"cells", after.cells}, {"before", before.strange}, {"after", after.strange}};
}

AdaptJson class_json(const AdaptedClass& one) {
  return {{"class", one.name},
          {"taught", one.taught},
          {"new", one.fresh},
          {"right", pair_json(one.before, one.after)},
          {"remembered", pair_json(one.home_before, one.home_after)},
          {"advice", one.advice}};
}

}  // namespace

std::string adapt_json(const AdaptReport& report) {
  AdaptJson classes = AdaptJson::array();
  for (const auto& one : report.classes) classes.push_back(class_json(one));
  AdaptJson curve = AdaptJson::array();
  for (const auto& point : report.curve)
    curve.push_back({{"cells", point.cells}, {"groups", share_json(point.groups)}});
  const AdaptJson json{
      {"research_use", kResearchUse},
      {"model", {{"name", valid_utf8(report.model)}, {"sha256", report.model_sha256}}},
      {"site", valid_utf8(report.request.site)},
      {"reviewer", valid_utf8(report.request.reviewer)},
      {"cells", report.cells},
      {"groups", report.groups},
      {"groups_from", report.groups_from},
      {"folds", report.folds},
      {"accuracy_over_groups", pair_json(report.groups_before, report.groups_after)},
      {"accuracy_over_classes", pair_json(report.classes_before, report.classes_after)},
      {"mcnemar_p", report.better_p},
      {"ece", {{"before", report.ece_before}, {"after", report.ece_after}}},
      {"remembered_over_groups", pair_json(report.home_before, report.home_after)},
      {"classes", std::move(classes)},
      {"learning_curve", std::move(curve)},
      {"strange", strange_json(report.site_before, report.site_after)},
      {"strange_of_other_specimen", strange_json(report.other_before, report.other_after)},
      {"warnings", report.warnings},
      {"seconds", report.seconds}};
  return json.dump(2, ' ', false, AdaptJson::error_handler_t::replace) + "\n";
}

}  // namespace cytocape
