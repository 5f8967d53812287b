#pragma once

/// The curves of a training run.

#include <string>
#include <vector>

#include "models/data/train_options.hpp"

namespace cytocape {

/// Losses and accuracies over the epochs as one self-contained page. `options.name` may hold
/// anything. Pure; fits TrainOptions::draw_history.
[[nodiscard]] std::string curves_html(const TrainOptions& options,
                                      const std::vector<EpochFigures>& history);

}  // namespace cytocape
