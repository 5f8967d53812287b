#pragma once

/// What a training run writes down of its epochs. No LibTorch here.

#include <string>
#include <vector>

#include "models/train.hpp"

namespace cytocape::detail {

struct EpochFigures {
  int epoch = 0;  ///< from 1
  double train_loss = 0;
  double learning_rate = 0;                     ///< the schedule's factor at its last update
  std::optional<ValidationFigures> validation;  ///< none without a split
};

/// One row for each epoch; what was not validated stays empty.
[[nodiscard]] std::string metrics_csv(const std::vector<EpochFigures>& history);

/// Losses and accuracies over the epochs as one self-contained page. `options.name` may hold
/// anything.
[[nodiscard]] std::string curves_html(const TrainOptions& options,
                                      const std::vector<EpochFigures>& history);

}  // namespace cytocape::detail
