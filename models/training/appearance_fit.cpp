#include "models/training/appearance_fit.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/data/train_data.hpp"
#include "tiling/lab_map.hpp"

namespace cytocape::detail {
namespace {

/// Ten times as many as tell a slide's appearance: the card's figures stand for all slides.
constexpr std::size_t kMostCells = 3000;
constexpr std::size_t kCellsAtOnce = 32;
/// Of L*, a* or b*: less is rounding.
constexpr double kLeastDeviation = 0.05;

}  // namespace

std::optional<TrainingAppearance> appearance_of(std::span<const LabelledImage> cells,
                                                const TrainOptions& options,
                                                const TrainProgress& progress) {
  std::vector<LabelledImage> chosen;
  for (const std::size_t i : spread_evenly(cells.size(), kMostCells)) chosen.push_back(cells[i]);
  LabSums sums;
  for (std::size_t first = 0; first < chosen.size(); first += kCellsAtOnce) {
    const auto some =
        std::span(chosen).subspan(first, std::min(kCellsAtOnce, chosen.size() - first));
    const CropBatch batch = centred_cells(some, options);
    const auto bytes = batch.crops.size() / some.size();
    for (std::size_t i = 0; i < some.size(); ++i)
      sums.add(std::span(batch.crops).subspan(i * bytes, bytes));
    progress({.step = static_cast<int>(first + some.size()),
              .steps = static_cast<int>(chosen.size()),
              .counts_images = true});
  }
  const auto statistics = sums.statistics();
  if (!statistics) return std::nullopt;
  for (const double deviation : statistics->deviation)
    if (deviation < kLeastDeviation) return std::nullopt;
  return TrainingAppearance{
      .lab = *statistics,
      .cells = static_cast<std::int64_t>(chosen.size()),
      .of = fmt::format("training cells, evenly from {}, centred and unvaried", cells.size())};
}

void set_source_appearances(ModelCard& card, std::span<const LabelledImage> cells,
                            const TrainOptions& options, const TrainProgress& progress) {
  for (std::size_t i = 0; i < options.data_sources.size(); ++i) {
    std::vector<LabelledImage> own;
    std::copy_if(cells.begin(), cells.end(), std::back_inserter(own),
                 [&](const auto& image) { return image.source == static_cast<int>(i); });
    const auto of_card = std::find_if(
        card.training_data.begin(), card.training_data.end(),
        [&](const auto& source) { return source.name == options.data_sources[i].name; });
    if (own.empty() || of_card == card.training_data.end()) continue;
    if (const auto seen = appearance_of(own, options, progress)) of_card->lab = seen->lab;
  }
}

}  // namespace cytocape::detail
