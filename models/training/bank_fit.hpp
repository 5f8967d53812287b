#pragma once

/// The cells of a training that a model file remembers (models/data/embedding_bank.hpp).

#include "models/data/embedding_bank.hpp"
#include "models/training/measure.hpp"

namespace cytocape::detail {

/// Of `cells`, which the network has learnt, those that it is to remember: centred and unvaried,
/// decoded 32 at a time. A cell whose label leaves several classes open is passed over. Throws as
/// centred_cells, and what the context's progress throws.
[[nodiscard]] EmbeddingBank fit_bank(CapeNet& network, std::span<const LabelledImage> cells,
                                     const TrainOptions& options, const FinishContext& context);

}  // namespace cytocape::detail
