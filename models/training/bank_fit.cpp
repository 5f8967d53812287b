#include "models/training/bank_fit.hpp"

#include <algorithm>

#include "models/network/frozen_network.hpp"

namespace cytocape::detail {
namespace {

constexpr std::size_t kDecodedAtOnce = 32;

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
  const ModelCard& card = context.card;
  const torch::NoGradGuard no_grad;
  const auto device = network.t1.device();
  const FrozenNetwork frozen(
      network,
      {.device = device, .input_px = card.input_px, .views = card.views, .embedding = true});
  const auto known = known_of(cells, options, card.classes.size());
  const auto features = static_cast<std::size_t>(network.backbone().channels());
  std::vector<LabelledImage> chosen;
  std::vector<BankCell> kept;
  for (const std::size_t i :
       bank_choice(known, bank_cells_of_class(card.classes.size(), features))) {
    chosen.push_back(cells[i]);
    kept.push_back(known[i]);
  }
  std::vector<float> embeddings;
  for (std::size_t first = 0; first < chosen.size(); first += kDecodedAtOnce) {
    const auto some =
        std::span(chosen).subspan(first, std::min(kDecodedAtOnce, chosen.size() - first));
    const CropBatch batch = centred_cells(some, options);
    const auto input =
        network_input(batch, 0, static_cast<std::int64_t>(some.size()), card, device);
    const auto own = frozen.run(input).embedding.to(torch::kCPU, torch::kFloat32).contiguous();
    embeddings.insert(embeddings.end(), own.data_ptr<float>(), own.data_ptr<float>() + own.numel());
    context.progress({.step = static_cast<int>(first + some.size()),
                      .steps = static_cast<int>(chosen.size()),
                      .counts_images = true});
  }
  return make_bank(embeddings, kept);
}

}  // namespace cytocape::detail
