#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "io/errors.hpp"
#include "models/data/dataset.hpp"
#include "pipeline/evaluation/compare.hpp"
#include "pipeline/evaluation/evaluate.hpp"
#include "pipeline/evaluation/images.hpp"
#include "pipeline/evaluation/score.hpp"
#include "pipeline/evaluation/warnings.hpp"
#include "pipeline/program/library_versions.hpp"
#include "pipeline/program/provenance.hpp"
#include "pipeline/settings/class_names.hpp"

namespace cytocape {
namespace {

constexpr std::uint64_t kSampleSeed = 1;

std::vector<LabelledFile> list_files(const EvaluateRequest& request, const ModelCard& card,
                                     DataSummary& summary) {
  const auto folders = request.list.empty() ? list_labelled_folder(request.data)
                                            : list_labelled_folder(request.data, request.list);
  std::vector<std::string> names;
  for (const auto& folder : folders) names.push_back(folder.name);
  const auto labels = match_classes(names, class_codes(card), request.renamed);
  note_passed_over(folders, summary);
  std::vector<LabelledFile> files;
  for (std::size_t i = 0; i < folders.size(); ++i) {
    summary.classes.emplace_back(folders[i].name, folders[i].files.size());
    for (const auto& path : folders[i].files)
      files.push_back({.path = path,
                       .name = folders[i].name + "/" + path.filename().string(),
                       .data_class = i,
                       .label = labels[i]});
  }
  return files;
}

std::vector<LabelledFile> known_files(const std::vector<LabelledFile>& files) {
  std::vector<LabelledFile> known;
  for (const auto& file : files)
    if (file.label >= 0) known.push_back(file);
  return known;
}

/// The first of a shuffle, in their former order.
std::vector<LabelledFile> sample(const std::vector<LabelledFile>& files, std::size_t wanted) {
  auto order = shuffled_order(files.size(), kSampleSeed);
  order.resize(std::min(wanted, order.size()));
  std::sort(order.begin(), order.end());
  std::vector<LabelledFile> chosen;
  for (const auto index : order) chosen.push_back(files[index]);
  return chosen;
}

Probabilities judged(const std::vector<LabelledFile>& files, const std::vector<double>& values,
                     std::size_t classes) {
  Probabilities result;
  result.classes = static_cast<int>(classes);
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (files[i].label < 0) continue;
    const auto row = std::span(values).subspan(i * classes, classes);
    result.value.insert(result.value.end(), row.begin(), row.end());
    result.labels.push_back(files[i].label);
  }
  return result;
}

void keep_predictions(const std::vector<LabelledFile>& files, const Predictions& predictions,
                      Evaluation& evaluation) {
  const auto classes = evaluation.model.classes.size();
  std::map<std::size_t, ApartFolder> apart;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto row = [&](const std::vector<double>& values) {
      const auto begin = values.begin() + static_cast<std::ptrdiff_t>(i * classes);
      return std::vector<double>(begin, begin + static_cast<std::ptrdiff_t>(classes));
    };
    const int label = files[i].label;
    EvaluatedCell cell{.file = files[i].name,
                       .truth = label < 0
                                    ? evaluation.data.classes[files[i].data_class].first
                                    : evaluation.model.classes[static_cast<std::size_t>(label)],
                       .label = label,
                       .classified = true,
                       .cape = row(predictions.cape),
                       .ordinary = row(predictions.ordinary),
                       .outcome = label < 0 ? "apart" : "judged"};
    if (label < 0) {
      auto& folder = apart[files[i].data_class];
      folder.name = cell.truth;
      folder.called.resize(classes);
      ++folder.images;
      ++folder.called[called_class(cell.cape)];
    }
    evaluation.cells.push_back(std::move(cell));
  }
  for (auto& [index, folder] : apart) evaluation.apart.push_back(std::move(folder));
}

ModelSummary describe_model(const EvaluateRequest& request, const Classifier& classifier) {
  const auto& card = classifier.card();
  return {.name = card.name,
          .path = request.model.string(),
          .sha256 = classifier.sha256(),
          .card_json = to_json(card),
          .classes = class_codes(card),
          .map_height = classifier.map_height(),
          .map_width = classifier.map_width(),
          .mpp = card.mpp,
          .input_px = card.input_px};
}

RunSummary describe_run(const EvaluateRequest& request, const Classifier& classifier, int threads) {
  RunSummary run;
  run.tool_version = tool_version();
  run.commit = tool_commit();
  run.command = request.command;
  run.device = fmt::format("{}, batches of {}, {} thread{}", classifier.device_description(),
                           request.config.classifier.batch, threads, threads == 1 ? "" : "s");
  run.started_utc = utc_now();
  run.libraries = library_versions();
  return run;
}

}  // namespace

std::vector<std::string> class_codes(const ModelCard& card) {
  std::vector<std::string> names;
  for (const auto& one : card.classes) names.push_back(code_or_name(one.name));
  return names;
}

CropScale crop_scale(const EvaluateRequest& request, const ModelCard& card) {
  if (!(request.mpp > 0))
    throw ConfigError(
        fmt::format("--mpp is missing: give the um that a pixel of the images in {} spans (they do "
                    "not state it, and it is never guessed)",
                    request.data.string()));
  const auto crop_px = static_cast<int>(std::lround(card.mpp * card.input_px / request.mpp));
  if (crop_px < 8)
    throw ConfigError(fmt::format(
        "--mpp {}: the model's crop of {:.1f} um would have {} pixels; give um per pixel",
        request.mpp, card.mpp * card.input_px, crop_px));
  return {.crop_px = crop_px, .input_px = card.input_px, .mpp = card.mpp, .image_mpp = request.mpp};
}

std::optional<Evaluation> evaluate_folder(const EvaluateRequest& request,
                                          const EvaluateProgress& progress,
                                          const std::atomic<bool>& stop) {
  const auto classifier = Classifier::load(request.model, request.config.classifier);
  const int threads = request.config.threads > 0
                          ? request.config.threads
                          : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  Evaluation evaluation;
  evaluation.model = describe_model(request, *classifier);
  evaluation.model_warnings = model_warnings_of(classifier->card());
  evaluation.model_warnings.calibrated = map_scales(*classifier).calibrated();
  evaluation.run = describe_run(request, *classifier, threads);
  evaluation.data = {.path = request.data,
                     .list = request.list,
                     .mpp = request.mpp,
                     .crop_px = 0,
                     .renamed = request.renamed,
                     .classes = {},
                     .in_several_classes = {},
                     .passed_over_files = 0,
                     .passed_over_folders = 0};
  ImageRun run{.classifier = *classifier,
               .scale = crop_scale(request, classifier->card()),
               .batch = request.config.classifier.batch,
               .threads = threads,
               .progress = progress,
               .stop = stop};
  evaluation.data.crop_px = run.scale.crop_px;
  const auto files = list_files(request, classifier->card(), evaluation.data);
  check_images(run, files);
  evaluation.data.in_several_classes = in_several_classes(files);
  const auto appearance = measure_appearance(run, files, request.config.appearance);
  if (appearance.map) run.map = &*appearance.map;
  evaluation.appearance = appearance.use;

  const auto predictions = classify_images(run, files);
  const auto known = known_files(files);
  if (!request.against.empty())
    evaluation.comparison = compare_models(request, run, files, predictions);
  if (request.explanations && !known.empty()) {
    const auto chosen = sample(known, request.explain_images.value_or(known.size()));
    evaluation.explanations = explain_images(run, chosen, request.curves);
    evaluation.moved = move_images(run, chosen);
  }
  if (stop) return std::nullopt;
  const auto& classes = evaluation.model.classes;
  const auto cape = judged(files, predictions.cape, classes.size());
  evaluation.heads = {
      score_head("CAPE", cape, classes),
      score_head("ordinary", judged(files, predictions.ordinary, classes.size()), classes),
      score_head("CAPE before calibration", judged(files, predictions.uncalibrated, classes.size()),
                 classes)};
  const double threshold = classifier->card().unidentified_below;
  if (threshold > 0 && cape.cells() > 0)
    evaluation.heads.front().operating = operating_point(cape, threshold);
  evaluation.throughput = predictions.throughput;
  keep_predictions(files, predictions, evaluation);
  evaluation.run.finished_utc = utc_now();
  return evaluation;
}

}  // namespace cytocape
