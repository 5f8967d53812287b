#include "pipeline/pages/report/laboratories.hpp"

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "io/json_fault.hpp"
#include "pipeline/pages/plot.hpp"

namespace cytocape::report_page {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostSeries = 6;  ///< of a chart; the table names all

std::optional<std::array<double, 3>> three(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_array() || found->size() != 3) return std::nullopt;
  std::array<double, 3> values{};
  for (std::size_t i = 0; i < 3; ++i) {
    if (!(*found)[i].is_number()) return std::nullopt;
    values.at(i) = (*found)[i].get<double>();
    if (!(std::abs(values.at(i)) < 1000)) return std::nullopt;
  }
  return values;
}

std::optional<LaboratoryColours> laboratory(const Json& source) {
  if (!source.is_object() || !source.contains("name") || !source["name"].is_string())
    return std::nullopt;
  const auto lab = source.find("lab");
  if (lab == source.end() || !lab->is_object()) return std::nullopt;
  const auto mean = three(*lab, "mean");
  const auto deviation = three(*lab, "deviation");
  if (!mean || !deviation) return std::nullopt;
  return LaboratoryColours{source["name"].get<std::string>(), {*mean, *deviation}};
}

PlotSeries place(const std::string& name, const LabStatistics& lab) {
  return {.name = name, .points = {{.x = lab.mean[2], .y = lab.mean[1]}}, .dot_texts = {name}};
}

}  // namespace

std::vector<LaboratoryColours> laboratories_of(const ModelSummary& model) {
  std::vector<LaboratoryColours> all;
  if (!json_fault(model.card_json).empty()) return all;
  const auto card = Json::parse(model.card_json, nullptr, false);
  if (!card.is_object()) return all;
  const auto sources = card.find("training_data");
  if (sources == card.end() || !sources->is_array()) return all;
  for (const auto& source : *sources)
    if (auto one = laboratory(source)) all.push_back(std::move(*one));
  return all;
}

std::string laboratory_plot(const std::vector<LaboratoryColours>& laboratories,
                            const std::optional<LabStatistics>& own) {
  if (laboratories.empty() || !own) return "";
  LineChart chart{.title =
                      "Mean colour of this slide's cells among those of the laboratories that "
                      "the model learnt from",
                  .summary = "",
                  .x = {.label = "b* (blue to yellow)", .low = {}, .high = {}},
                  .y = {.label = "a* (green to red)", .low = {}, .high = {}},
                  .series = {place("this slide", *own)}};
  for (const auto& one : laboratories) {
    if (chart.series.size() == kMostSeries) break;
    chart.series.push_back(place(one.name, one.lab));
  }
  return line_chart(chart);
}

}  // namespace cytocape::report_page
