#pragma once

/// A contact sheet of what a network is trained on: whoever starts a run should see that its cells
/// are still cells after all that is varied.

#include "io/image.hpp"
#include "models/data/train_data.hpp"

namespace cytocape::detail {

/// A row of up to `columns` crops for each of `classes`, in their order, as the first epoch shows
/// them; white where it shows fewer among its first batches. Of `input_px` a crop.
[[nodiscard]] Image crop_sheet(const TrainData& data, std::size_t classes, int columns,
                               int input_px);

}  // namespace cytocape::detail
