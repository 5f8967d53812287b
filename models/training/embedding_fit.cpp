#include <algorithm>

#include "models/network/frozen_network.hpp"
#include "models/training/measure.hpp"

namespace cytocape::detail {
namespace {

/// Enough for nine tenths of the variance and more in the shipped networks; 32 and 128 tell strange
/// cells apart no better (docs/decisions/0010-strange-cells.md).
constexpr std::int64_t kMostDirections = 64;
/// Of a laboratory's few cells beside those that a model remembers: more of it, and the directions
/// follow single cells (docs/decisions/0034-a-site-teaches.md).
constexpr double kSiteShare = 0.2;
constexpr std::size_t kCellsAtOnce = 32;

std::vector<float> floats_of(const torch::Tensor& tensor) {
  const auto values = tensor.to(torch::kFloat32).contiguous();
  return {values.data_ptr<float>(), values.data_ptr<float>() + values.numel()};
}

/// [F, count]: of greatest variance. They follow from the smaller of the two products of the
/// [n, F] offsets with themselves.
torch::Tensor main_directions(const torch::Tensor& offsets, std::int64_t count) {
  const bool few = offsets.size(0) < offsets.size(1);
  const auto product =
      few ? torch::matmul(offsets, offsets.t()) : torch::matmul(offsets.t(), offsets);
  const auto vectors = std::get<1>(torch::linalg_eigh(product, "L"));  // by rising variance
  const auto largest = vectors.narrow(1, vectors.size(1) - count, count);
  if (!few) return largest;
  const auto directions = torch::matmul(offsets.t(), largest);
  return directions / directions.norm(2, 0, /*keepdim=*/true).clamp_min(1e-12);
}

/// Never 0, which is no unit: cells that are all alike leave nothing.
double mean_residual(const EmbeddingStatistics& statistics, const torch::Tensor& embeddings,
                     const torch::Tensor& shares) {
  const auto rows = embeddings.to(torch::kFloat32).contiguous();
  double sum = 0;
  for (std::int64_t k = 0; k < rows.size(0); ++k) {
    sum += shares[k].item<double>() *
           residual_of(statistics, {rows[k].data_ptr<float>(), statistics.features()});
  }
  return std::max(1e-6, sum);
}

/// `shares` of the cells [n] sum to 1. No more directions than half as many as cells: further ones
/// would follow single cells.
EmbeddingStatistics weighted_statistics(const torch::Tensor& embeddings,
                                        const torch::Tensor& shares, Residual kind) {
  const auto mean = torch::matmul(shares, embeddings);
  const auto offsets = (embeddings - mean) * shares.sqrt().unsqueeze(1);
  const auto wanted = std::max<std::int64_t>(
      1, std::min({kMostDirections, embeddings.size(0) / 2, embeddings.size(1) / 2}));
  EmbeddingStatistics statistics{.mean = floats_of(mean),
                                 .directions = floats_of(main_directions(offsets, wanted).t()),
                                 .kind = kind};
  statistics.residual = static_cast<float>(mean_residual(statistics, embeddings, shares));
  return statistics;
}

torch::Tensor alike(std::int64_t cells, double together) {
  return torch::full({cells}, together / static_cast<double>(cells), torch::kFloat64);
}

}  // namespace

EmbeddingStatistics embedding_statistics(const torch::Tensor& embeddings) {
  return weighted_statistics(embeddings, alike(embeddings.size(0), 1), Residual::share);
}

EmbeddingStatistics embedding_statistics_of_both(const torch::Tensor& site,
                                                 const torch::Tensor& home) {
  const double part = home.size(0) == 0 ? 1 : kSiteShare;  // nothing of its specimen remembered
  return weighted_statistics(torch::cat({site, home}),
                             torch::cat({alike(site.size(0), part), alike(home.size(0), 1 - part)}),
                             Residual::distance);
}

torch::Tensor embeddings_of(CapeNet& network, std::span<const LabelledImage> cells,
                            const TrainOptions& options, const FinishContext& context) {
  const ModelCard& card = context.card;
  const torch::NoGradGuard no_grad;
  const auto device = network.t1.device();
  const FrozenNetwork frozen(
      network,
      {.device = device, .input_px = card.input_px, .views = card.views, .embedding = true});
  std::vector<torch::Tensor> parts;
  for (std::size_t first = 0; first < cells.size(); first += kCellsAtOnce) {
    const auto some = cells.subspan(first, std::min(kCellsAtOnce, cells.size() - first));
    const CropBatch batch = centred_cells(some, options);
    const auto input =
        network_input(batch, 0, static_cast<std::int64_t>(some.size()), card, device);
    parts.push_back(frozen.run(input).embedding.to(torch::kCPU, torch::kFloat32));
    context.progress({.step = static_cast<int>(first + some.size()),
                      .steps = static_cast<int>(cells.size()),
                      .counts_images = true});
  }
  return torch::cat(parts).contiguous();
}

EmbeddingStatistics fit_embedding(CapeNet& network, std::span<const LabelledImage> cells,
                                  const TrainOptions& options, const FinishContext& context) {
  return embedding_statistics(embeddings_of(network, cells, options, context).to(torch::kFloat64));
}

}  // namespace cytocape::detail
