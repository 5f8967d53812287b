#pragma once

/// What a training run writes down of its epochs. No LibTorch here.

#include <string>
#include <vector>

namespace cytocape::detail {

/// One validated epoch.
struct EpochFigures {
  int epoch = 0;  ///< from 1
  double train_loss = 0;
  double validation_loss = 0;
  double accuracy_ordinary = 0;
  double accuracy_cape = 0;
  double accuracy_moved = 0;
  double learning_rate = 0;  ///< factor of the schedule at the epoch's end

  [[nodiscard]] double score() const { return (accuracy_cape + accuracy_moved) / 2; }
};

/// One row for each epoch.
[[nodiscard]] std::string metrics_csv(const std::vector<EpochFigures>& history);

/// Losses and accuracies over the epochs as one self-contained page. `name` may hold anything.
[[nodiscard]] std::string curves_html(const std::string& name,
                                      const std::vector<EpochFigures>& history);

}  // namespace cytocape::detail
