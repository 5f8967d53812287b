#include "models/training/bank_fit.hpp"

namespace cytocape::detail {
namespace {

std::vector<BankCell> known_of(std::span<const LabelledImage> cells, const TrainOptions& options,
                               std::size_t classes) {
  std::vector<BankCell> known;
  for (const auto& cell : cells)
    known.push_back({.label = static_cast<std::size_t>(cell.label) < classes ? cell.label : -1,
                     .source = cell.source,
                     .own_specimen = is_own_specimen(options, cell.source)});
  return known;
}

}  // namespace

EmbeddingBank fit_bank(CapeNet& network, std::span<const LabelledImage> cells,
                       const TrainOptions& options, const FinishContext& context) {
  const auto known = known_of(cells, options, context.card.classes.size());
  const auto features = static_cast<std::size_t>(network.backbone().channels());
  std::vector<LabelledImage> chosen;
  std::vector<BankCell> kept;
  for (const std::size_t i :
       bank_choice(known, bank_cells_of_class(context.card.classes.size(), features))) {
    chosen.push_back(cells[i]);
    kept.push_back(known[i]);
  }
  if (chosen.empty()) return {};
  const auto embeddings = embeddings_of(network, chosen, options, context);
  return make_bank({embeddings.data_ptr<float>(), static_cast<std::size_t>(embeddings.numel())},
                   kept);
}

}  // namespace cytocape::detail
