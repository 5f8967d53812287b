#pragma once

/// What a training run derives from its options before the first step. No LibTorch here.

#include <string>

#include "models/data/train_options.hpp"

namespace cytocape::detail {

/// The card as far as it is known before training.
[[nodiscard]] ModelCard initial_card(const TrainOptions& options, const LabelledSet& set);

/// The card of a run on the model `start` at `path`: what it says of its input holds. Throws
/// ConfigError where the options or the images' classes contradict it.
[[nodiscard]] ModelCard card_of_start(const TrainOptions& options, const LabelledSet& set,
                                      const ModelCard& start, const std::filesystem::path& path);

/// Everything the result depends on, as one line of JSON: options, files by name and content, and
/// the pretrained weights by digest. Threads and paths are left out. Throws StorageError.
[[nodiscard]] std::string fingerprint_of(const TrainOptions& options, const LabelledSet& set);

/// "class/name" lines.
[[nodiscard]] std::string file_list(const std::vector<LabelledImage>& images);
/// A path and the reason a line, of everything that is not used.
[[nodiscard]] std::string unused_files(const LabelledSet& set);

/// The schedule's factor on every learning rate at `update` of `total`, both counted in batches
/// from 0: a linear rise over the warm-up, then the cosine to 0 or the steps.
[[nodiscard]] double learning_rate_factor(const TrainOptions& options, double update, double total,
                                          double updates_per_epoch);

}  // namespace cytocape::detail
