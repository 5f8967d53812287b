#pragma once

/// What a reader of an evaluation must know before its figures.

#include <string>
#include <vector>

#include "models/data/dataset.hpp"
#include "models/data/model_card.hpp"
#include "pipeline/evaluation/evaluation.hpp"
#include "pipeline/evaluation/images.hpp"

namespace cytocape {

[[nodiscard]] ModelWarnings model_warnings_of(const ModelCard& card);

/// Names of the files with equal bytes that lie in several class folders, each group in the order
/// of `files`. Reads those files alone whose size occurs in several folders. Throws StorageError.
[[nodiscard]] std::vector<std::vector<std::string>> in_several_classes(
    const std::vector<LabelledFile>& files);

/// Counts what lies in the class folders beside their images.
void note_passed_over(const std::vector<ClassFolder>& classes, DataSummary& data);

/// A sentence each: the model's training images, images counted twice, files passed over. Empty
/// where there is nothing to say. The model's limits are not among them.
[[nodiscard]] std::vector<std::string> warnings_of(const Evaluation& evaluation);

}  // namespace cytocape
