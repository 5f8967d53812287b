#include <fmt/format.h>

#include "io/csv.hpp"
#include "io/durable_file.hpp"
#include "pipeline/evaluation/evaluate.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

std::string ends(const std::optional<Interval>& interval) {
  return interval ? fmt::format("{:.6f},{:.6f}", interval->low, interval->high) : ",";
}

std::string share(const Proportion& p) {
  return fmt::format("{},{}", p.share ? fmt::format("{:.6f}", *p.share) : "", ends(p.wilson95));
}

std::string row_of(const EvaluatedCell& cell, const std::vector<std::string>& classes) {
  std::string row =
      csv_field(cell.file) + "," + csv_field(cell.truth) + "," + csv_field(cell.outcome);
  if (cell.cape.empty()) return row + ",,," + std::string(classes.size(), ',') + "\n";
  if (cell.classified) {
    const auto called = called_class(cell.cape);
    row += fmt::format(",{},{:.6f},", csv_field(classes[called]), cell.cape[called]);
  } else {
    row += ",,,";
  }
  if (cell.label >= 0)
    row += fmt::format("{:.6f}", cell.cape[static_cast<std::size_t>(cell.label)]);
  for (const double p : cell.cape) row += fmt::format(",{:.6f}", p);
  return row + "\n";
}

}  // namespace

std::string cells_csv(const Evaluation& evaluation) {
  std::string text = evaluation.slide ? "place" : "file";
  text += ",true,outcome,called,p_called,p_true";
  for (const auto& name : evaluation.model.classes)
    text += fmt::format(",{}", csv_field(fmt::format("p_{}", name)));
  text += "\n";
  for (const auto& cell : evaluation.cells) text += row_of(cell, evaluation.model.classes);
  return text;
}

std::string confusion_csv(const Evaluation& evaluation) {
  const auto& classes = evaluation.model.classes;
  std::string text = "true";
  for (const auto& name : classes) text += fmt::format(",{}", csv_field(name));
  text += "\n";
  for (std::size_t t = 0; t < classes.size(); ++t) {
    text += csv_field(classes[t]);
    for (const auto count : evaluation.heads.front().figures.confusion[t])
      text += fmt::format(",{}", count);
    text += "\n";
  }
  return text;
}

std::string per_class_csv(const Evaluation& evaluation) {
  std::string text =
      "head,class,images,called,right,recall,recall_low,recall_high,precision,precision_low,"
      "precision_high,f1,f1_low,f1_high\n";
  for (const auto& head : evaluation.heads)
    for (const auto& one : head.classes)
      text += fmt::format("{},{},{},{},{},{},{},{},{}\n", head.name, csv_field(one.name),
                          one.recall.total, one.precision.total, one.recall.count,
                          share(one.recall), share(one.precision),
                          one.f1 ? fmt::format("{:.6f}", *one.f1) : "", ends(one.f1_95));
  return text;
}

void write_evaluation(const Evaluation& evaluation, const fs::path& folder) {
  std::vector<std::pair<const char*, std::string>> files{
      {"evaluation.html", evaluation_html(evaluation)},
      {"evaluation.csv", cells_csv(evaluation)},
      {"confusion.csv", confusion_csv(evaluation)},
      {"per_class.csv", per_class_csv(evaluation)},
      // Last: whoever finds it finds the others too.
      {"evaluation.json", evaluation_json(evaluation)}};
  if (evaluation.explanations)
    files.insert(files.begin(),
                 {"maps.csv", map_figures_csv(evaluation.explanations->images,
                                              {.classes = evaluation.model.classes,
                                               .calibrated = evaluation.model_warnings.calibrated,
                                               .map_height = evaluation.model.map_height,
                                               .map_width = evaluation.model.map_width})});
  std::vector<PartialFile> staged;
  for (const auto& [name, text] : files) staged.push_back(stage_file(folder / name, text));
  for (auto& file : staged) file.commit();
  std::error_code ignored;
  if (!evaluation.explanations) fs::remove(folder / "maps.csv", ignored);
  remove_leftovers(folder);
}

}  // namespace cytocape
