#include "models/data/crop_sheet.hpp"

#include <algorithm>
#include <vector>

namespace cytocape::detail {
namespace {

/// A class of one image in ten thousand is not waited for.
constexpr int kMostBatches = 40;

void put(const CropBatch& batch, std::size_t crop, Image& sheet, int left, int top, int edge) {
  const auto bytes = 3 * static_cast<std::size_t>(edge);
  const auto* from = batch.crops.data() + crop * bytes * static_cast<std::size_t>(edge);
  for (int y = 0; y < edge; ++y, from += bytes)
    std::copy_n(from, bytes, sheet.row(top + y) + 3 * left);
}

}  // namespace

Image crop_sheet(const TrainData& data, std::size_t classes, int columns, int input_px) {
  Image sheet(columns * input_px, static_cast<int>(classes) * input_px, {255, 255, 255});
  std::vector<int> filled(classes, 0);
  const auto is_full = [&] {
    return std::all_of(filled.begin(), filled.end(), [&](int count) { return count == columns; });
  };
  for (int step = 0; step < std::min(data.steps(), kMostBatches) && !is_full(); ++step) {
    const CropBatch batch = data.batch(0, step);
    for (std::size_t crop = 0; crop < batch.labels.size(); ++crop) {
      const auto row = static_cast<std::size_t>(batch.labels[crop]);
      if (filled[row] == columns) continue;
      put(batch, crop, sheet, filled[row]++ * input_px, static_cast<int>(row) * input_px, input_px);
    }
  }
  return sheet;
}

}  // namespace cytocape::detail
