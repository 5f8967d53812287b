#pragma once

/// What a trained network is worth on labelled cells, and the card that says so.

#include "models/cape/labelled_maps.hpp"
#include "models/data/model_card.hpp"
#include "models/data/train_data.hpp"
#include "models/network/network.hpp"

namespace cytocape::detail {

/// Class maps of both heads on the same cells.
struct HeadOutputs {
  LabelledMaps ordinary;
  LabelledMaps cape;
  std::vector<double> strangeness;  ///< [cells]; empty where it was not asked for
};

/// uint8 crops begin .. end - 1 as the network takes them, on `device`.
[[nodiscard]] torch::Tensor network_input(const CropBatch& cells, std::int64_t begin,
                                          std::int64_t end, const ModelCard& card,
                                          const torch::Device& device);

/// In eval mode, without gradients and strangeness; where a label leaves several classes open, it
/// becomes the likeliest of them by the ordinary head; leaves the network in eval mode. `card`
/// gives input size and normalisation.
[[nodiscard]] HeadOutputs run_network(CapeNet& network, const CropBatch& cells,
                                      const ModelCard& card);

/// Likewise from the cells' features of the backbone [cells, F, h, w], of any float type.
[[nodiscard]] HeadOutputs run_heads(CapeNet& network, const torch::Tensor& features,
                                    const CropBatch& cells);

/// The validation split's cells, and the same moved within their crops.
struct ValidationCells {
  HeadOutputs centred;
  HeadOutputs moved;
};

/// By the head that `scheme` keeps, before any calibration.
[[nodiscard]] ValidationFigures validation_figures(const CapeNet& network,
                                                   const ValidationCells& cells,
                                                   const std::string& scheme);

[[nodiscard]] CapeScales scales_of(const CapeNet& network);

/// Every weight as a half-precision file will hold it. CAPE's scales stay float32 there: they act
/// through their exponential. A convolution that no norm follows is rounded to bfloat16, too, so
/// that inference in any precision computes with the same weights.
void round_to_stored(CapeNet& network);

/// How a model is finished: what its card says of the input, and who is told how far it got.
struct FinishContext {
  const ModelCard& card;
  const TrainProgress& progress;
};

/// The network's embeddings of `cells`, of which there is one, decoded 32 at a time, centred and
/// unvaried: [cells, F], float32 on the host.
[[nodiscard]] torch::Tensor embeddings_of(CapeNet& network, std::span<const LabelledImage> cells,
                                          const TrainOptions& options,
                                          const FinishContext& context);

/// Statistics of the embeddings of the training cells.
[[nodiscard]] EmbeddingStatistics fit_embedding(CapeNet& network,
                                                std::span<const LabelledImage> cells,
                                                const TrainOptions& options,
                                                const FinishContext& context);

/// Of embeddings [cells, F], float64 on the host.
[[nodiscard]] EmbeddingStatistics embedding_statistics(const torch::Tensor& embeddings);

/// Of a laboratory's few cells and those of the training, float64 on the host: the
/// laboratory's weigh a fifth, however many they are, and the residual is a distance.
[[nodiscard]] EmbeddingStatistics embedding_statistics_of_both(const torch::Tensor& site,
                                                               const torch::Tensor& home);

/// `card` with calibration, thresholds and everything else measured on the validation split. The
/// network has its embedding's statistics, and is run as a classifier does it, in float32.
/// Where the card tells how training cells look, each source's cells are mapped to that as one
/// slide's are. `calibration` in place of one that is fitted on the split.
[[nodiscard]] ModelCard measured_card(CapeNet& network, const TrainData& data,
                                      const ModelCard& card,
                                      const std::optional<Calibration>& calibration = {});

}  // namespace cytocape::detail
