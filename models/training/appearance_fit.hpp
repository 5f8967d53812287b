#pragma once

/// What a network's training cells look like. No LibTorch here.

#include <optional>
#include <span>

#include "models/data/train_options.hpp"

namespace cytocape::detail {

/// Of up to 3,000 of `cells`, evenly through them: centred and unvaried, as a classifier sees them.
/// None where they have no colour to speak of. Throws as centred_cells, and what `progress` throws.
[[nodiscard]] std::optional<TrainingAppearance> appearance_of(std::span<const LabelledImage> cells,
                                                              const TrainOptions& options,
                                                              const TrainProgress& progress);

/// Of each of the options' sources that has cells here, in ModelCard::training_data.
void set_source_appearances(ModelCard& card, std::span<const LabelledImage> cells,
                            const TrainOptions& options, const TrainProgress& progress);

}  // namespace cytocape::detail
