#pragma once

/// What a training run writes down of its epochs. No LibTorch here.

#include <string>
#include <vector>

#include "models/data/train_options.hpp"

namespace cytocape::detail {

/// One row for each epoch; what was not validated stays empty.
[[nodiscard]] std::string metrics_csv(const std::vector<EpochFigures>& history);

}  // namespace cytocape::detail
