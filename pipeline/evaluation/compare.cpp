#include "pipeline/evaluation/compare.hpp"

#include <algorithm>
#include <span>

#include "pipeline/settings/class_names.hpp"
#include "pipeline/statistics/statistics.hpp"

namespace cytocape {
namespace {

void count_pair(bool first, bool second, PairedCounts& counts) {
  if (first && second)
    ++counts.both;
  else if (first)
    ++counts.only_first;
  else if (second)
    ++counts.only_second;
  else
    ++counts.neither;
}

std::string called_code(const std::vector<double>& values, std::size_t file,
                        const std::vector<std::string>& classes) {
  return classes[called_class(std::span(values).subspan(file * classes.size(), classes.size()))];
}

}  // namespace

void count_pairs(const std::vector<PairedCall>& calls, ModelComparison& comparison) {
  const auto group = [](const std::string& code) { return group_or_name(code); };
  for (const auto& call : calls) {
    ++comparison.images;
    count_pair(call.first == call.truth, call.second == call.truth, comparison.classes);
    const auto truth = group(call.truth);
    count_pair(group(call.first) == truth, group(call.second) == truth, comparison.groups);
  }
  for (auto* counts : {&comparison.classes, &comparison.groups})
    counts->p = mcnemar_exact(counts->only_first, counts->only_second);
}

ModelComparison compare_models(const EvaluateRequest& request, const ImageRun& run,
                               const std::vector<LabelledFile>& files,
                               const Predictions& predictions) {
  const auto other = Classifier::load(request.against, request.config.classifier);
  const ModelCard& card = other->card();
  ImageRun second{.classifier = *other,
                  .scale = crop_scale(request, card),
                  .batch = run.batch,
                  .threads = run.threads,
                  .progress = run.progress,
                  .stop = run.stop};
  check_images(second, files);
  const auto appearance = measure_appearance(second, files, request.config.appearance);
  if (appearance.map) second.map = &*appearance.map;
  const auto others = classify_images(second, files);
  const auto own_codes = class_codes(run.classifier.card());
  const auto other_codes = class_codes(card);
  std::vector<PairedCall> calls;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (files[i].label < 0) continue;
    const auto& truth = own_codes[static_cast<std::size_t>(files[i].label)];
    if (std::find(other_codes.begin(), other_codes.end(), truth) == other_codes.end()) continue;
    calls.push_back({.truth = truth,
                     .first = called_code(predictions.cape, i, own_codes),
                     .second = called_code(others.cape, i, other_codes)});
  }
  ModelComparison comparison{.model = card.name,
                             .path = request.against.string(),
                             .sha256 = other->sha256(),
                             .appearance = appearance.use,
                             .images = 0,
                             .classes = {},
                             .groups = {}};
  count_pairs(calls, comparison);
  return comparison;
}

}  // namespace cytocape
