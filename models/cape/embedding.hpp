#pragma once

/// How strange a crop is to a network: how far its embedding (the spatial mean of the last feature
/// map) lies from what the embeddings of the training cells vary along. The residual of ViM (Wang
/// et al., CVPR 2022, arXiv 2203.10807) as a share; how it was chosen: docs/decisions/0010. Pure;
/// double precision; no LibTorch.

#include <cstddef>
#include <span>
#include <vector>

namespace cytocape::detail {

/// What of an embedding's squared distance from the mean lies outside the directions.
enum class Residual {
  share,     ///< as a share of that distance, 0 .. 1
  distance,  ///< as it is: tells more where few cells were added (docs/decisions/0034)
};

/// Of the training cells' embeddings; in a model file the float32 tensors `embedding.mean`,
/// `embedding.directions` and, by its kind, `embedding.residual` (of shares) or
/// `embedding.squared_residual` (of distances).
struct EmbeddingStatistics {
  std::vector<float> mean;        ///< [F]
  std::vector<float> directions;  ///< [k, F]: of greatest variance, orthonormal rows
  float residual = 1;             ///< mean of residual_of over the training cells
  Residual kind = Residual::share;

  [[nodiscard]] std::size_t features() const { return mean.size(); }
};

/// The residual of the statistics' kind. `embedding` has [F] values.
[[nodiscard]] double residual_of(const EmbeddingStatistics& statistics,
                                 std::span<const float> embedding);

/// The residual as a multiple of the training cells' mean: 1 for a cell like them. Without this
/// unit a threshold would not hold for a network of the same recipe that was trained on more
/// images: its features vary in fewer directions.
[[nodiscard]] double strangeness(const EmbeddingStatistics& statistics,
                                 std::span<const float> embedding);

/// The strangeness that one in twenty of these cells, which the network has not learnt, exceeds.
/// Precondition: not empty.
[[nodiscard]] double strange_threshold(std::vector<double> values);

/// The share of strange cells that is too much for a slide of 100 cells or more. One in twenty of
/// the validation cells was strange: the one-sided 95 % Wilson limit of that share, measured on
/// `cells`, is what the model may really have (q); of 100 cells that are each strange with q, only
/// one sample in a thousand has more than the limit.
[[nodiscard]] double strange_share_limit(std::size_t cells);

}  // namespace cytocape::detail

namespace cytocape {

/// From a model's strange_share_limit to that of a slide of `cells`: of fewer than 100 a larger
/// share is chance. Never below `limit`; the least q that explains it is taken.
[[nodiscard]] double strange_share_limit_of(double limit, std::size_t cells);

}  // namespace cytocape
