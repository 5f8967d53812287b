#pragma once

/// A laboratory's cells taught to a finished network's CAPE head: multinomial regression on the
/// spatial means of the features, held near the head as it was.
///
/// At one position CAPE's p is softmax(M / exp(t1)), so that the regression is CAPE's own
/// prediction of a map of one position. What is added to the class maps, D f + d, has the same mean
/// over the classes everywhere, 0 (the loss does not change by a common term, and the penalty
/// leaves none): where a network has no new class, the weights of the positions stay as they were.

#include <torch/torch.h>

namespace cytocape::detail {

/// Standardised features in the coordinates along which the cells vary: as good for a penalised
/// regression as all features, and much shorter.
struct HeadSpace {
  torch::Tensor mean;  ///< [F], float64
  torch::Tensor axes;  ///< [F, k]: coordinates = (features - mean) axes

  /// features: [n, F] of any float type. Returns [n, k], float64.
  [[nodiscard]] torch::Tensor coordinates(const torch::Tensor& features) const;
};

/// Mean and deviation are weighted by `weights` [n].
[[nodiscard]] HeadSpace head_space(const torch::Tensor& features, const torch::Tensor& weights);

/// All float64.
struct HeadProblem {
  torch::Tensor coordinates;  ///< [n, k]
  torch::Tensor may_be;   ///< [n, C]: 1 for each class that the cell's label leaves open, else 0
  torch::Tensor weights;  ///< [n]; their sum does not matter
  torch::Tensor base;     ///< [n, C]: logits of the head as it was
  double penalty = 1;     ///< half of it times the squared weights is added to the mean loss
};

struct HeadChange {
  torch::Tensor weight;  ///< [C, k], and by features() [C, F]
  torch::Tensor bias;    ///< [C]
};

/// By L-BFGS, deterministic for one thread count. Throws ModelError where the loss is not finite.
[[nodiscard]] HeadChange fit_head(const HeadProblem& problem);

/// The same change on features themselves.
[[nodiscard]] HeadChange on_features(const HeadChange& change, const HeadSpace& space);

/// [n]: cells of each label count alike, together one each class; a class of 10 as much as one
/// of 60.
[[nodiscard]] torch::Tensor balanced_weights(const torch::Tensor& may_be);

}  // namespace cytocape::detail
