#pragma once

/// What must be said of an image beside its probabilities. Pure; thread-safe. Of images without a
/// failure alone.

#include <optional>
#include <string>
#include <vector>

#include "pipeline/explain/explain.hpp"

namespace cytocape {

/// Index of the largest.
[[nodiscard]] int most_probable(const std::vector<double>& probability);

/// `analyze` would count the cell as unidentified: it is less sure than the model's threshold.
[[nodiscard]] bool unidentified(const ExplainedModel& model, const ExplainedImage& image);

/// Unlike what the model was trained on; none where the model has no measure of it.
[[nodiscard]] std::optional<bool> strange(const ExplainedModel& model, const ExplainedImage& image);

/// A sentence or two each, the same on the page and on a terminal; the gravest first.
[[nodiscard]] std::vector<std::string> warnings_of(const ExplainedModel& model,
                                                   const ExplainedImage& image);

}  // namespace cytocape
