#pragma once

/// Two models on the same images. Internal to pipeline/evaluation/.

#include "models/data/model_card.hpp"
#include "pipeline/evaluation/images.hpp"

namespace cytocape {

/// A model's classes by the taxonomy's codes; by their own names where it does not know them.
[[nodiscard]] std::vector<std::string> class_codes(const ModelCard& card);

/// Throws ConfigError where the request has no pixel size, or one that leaves no crop.
[[nodiscard]] CropScale crop_scale(const EvaluateRequest& request, const ModelCard& card);

/// The request's second model on the files that `run` was run on. Throws as evaluate_folder.
[[nodiscard]] ModelComparison compare_models(const EvaluateRequest& request, const ImageRun& run,
                                             const std::vector<LabelledFile>& files,
                                             const Predictions& predictions);

/// One image of a class that both know.
struct PairedCall {
  std::string truth;  ///< codes
  std::string first;
  std::string second;
};
/// Fills `images`, `classes` and `groups`; a class that the taxonomy does not know is its own
/// group.
void count_pairs(const std::vector<PairedCall>& calls, ModelComparison& comparison);

}  // namespace cytocape
