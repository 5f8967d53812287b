#pragma once

/// `evaluate` without its command line.

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "pipeline/evaluation/evaluation.hpp"
#include "pipeline/settings/analyze_config.hpp"

namespace cytocape {

struct EvaluateRequest {
  std::filesystem::path model;
  std::filesystem::path data;     ///< a folder of class folders, or a slide
  double mpp = 0;                 ///< um per pixel of a folder's images; there it is required
  std::filesystem::path list;     ///< empty: all images of the folder
  std::filesystem::path against;  ///< a second model, on the same images; empty: none
  std::map<std::string, std::string> renamed;  ///< class of the data -> class of the model
  bool explanations = true;
  std::optional<std::size_t> explain_images;  ///< none: all
  bool curves = false;               ///< measure insertion, deletion and ROAD, too (map_curves.hpp)
  std::optional<Specimen> specimen;  ///< of a slide; none: the model's, where it has one
  AnalyzeConfig config;              ///< device, precision, batch, threads; of a slide all of it
  std::filesystem::path out;
  bool overwrite = false;
  bool quiet = false;
  std::string command;
};

/// Called from any thread, one call at a time.
using EvaluateProgress =
    std::function<void(const char* stage, std::size_t done, std::size_t total)>;

/// Checks everything first (model, classes, every image, an earlier evaluation) and throws
/// ConfigError or ModelError before anything is computed. None where `stop` ended it.
[[nodiscard]] std::optional<Evaluation> evaluate_folder(const EvaluateRequest& request,
                                                        const EvaluateProgress& progress,
                                                        const std::atomic<bool>& stop);

/// Analyses the slide into <out>/analysis and compares the record with <slide>.cells.csv, the truth
/// that `phantom` writes beside a slide. Throws ConfigError, and SlideError where the slide could
/// not be analysed.
[[nodiscard]] std::optional<Evaluation> evaluate_slide(const EvaluateRequest& request,
                                                       const std::atomic<bool>& stop);

/// evaluation.json, evaluation.csv, confusion.csv, per_class.csv, evaluation.html and, where maps
/// were measured, maps.csv in `folder`; none of them appears unless all could be written. A
/// maps.csv of an earlier evaluation is taken away. Throws StorageError.
void write_evaluation(const Evaluation& evaluation, const std::filesystem::path& folder);

[[nodiscard]] std::string evaluation_json(const Evaluation& evaluation);
[[nodiscard]] std::string evaluation_html(const Evaluation& evaluation);
/// A summary for a terminal of 80 columns.
[[nodiscard]] std::string evaluation_text(const Evaluation& evaluation);

/// One row for each evaluated image or cell.
[[nodiscard]] std::string cells_csv(const Evaluation& evaluation);
/// For the first head.
[[nodiscard]] std::string confusion_csv(const Evaluation& evaluation);
[[nodiscard]] std::string per_class_csv(const Evaluation& evaluation);

}  // namespace cytocape
