#pragma once

/// How strange a crop is to a network: how far its embedding (the spatial mean of the last feature
/// map) lies from what the embeddings of the training cells vary along. The residual of ViM (Wang
/// et al., CVPR 2022, arXiv 2203.10807) as a share; how it was chosen: docs/decisions/0010. Pure;
/// double precision; no LibTorch.

#include <cstddef>
#include <span>
#include <vector>

namespace cytocape::detail {

/// Of the training cells' embeddings; in a model file the float32 tensors `embedding.mean`,
/// `embedding.directions` and `embedding.residual`.
struct EmbeddingStatistics {
  std::vector<float> mean;        ///< [F]
  std::vector<float> directions;  ///< [k, F]: of greatest variance, orthonormal rows
  float residual = 1;             ///< mean of residual_share over the training cells

  [[nodiscard]] std::size_t features() const { return mean.size(); }
};

/// The share of the squared distance between embedding and mean that lies outside the directions,
/// 0 .. 1. `embedding` has [F] values.
[[nodiscard]] double residual_share(const EmbeddingStatistics& statistics,
                                    std::span<const float> embedding);

/// The residual share as a multiple of the training cells' mean: 1 for a cell like them. Without
/// this unit a threshold would not hold for a network of the same recipe that was trained on more
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
