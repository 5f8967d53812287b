#pragma once

/// CAPE's training loss (Chowdhury et al., CVPR 2024), in log space: the reference code takes the
/// logarithm of a sum that can underflow.

#include <torch/torch.h>

#include "models/network/network.hpp"

namespace cytocape::detail {

/// CAPE's three learned scalars, one element each, of any shape.
struct LearnedScales {
  torch::Tensor t1;  ///< class contribution
  torch::Tensor t2;  ///< position weight
  torch::Tensor t3;  ///< softening, in training alone
};

/// log p of the softened prediction, [B, C], from class maps [B, C, h, w]: cape.hpp's p with A and
/// W both divided by exp(t3) as well.
[[nodiscard]] torch::Tensor softened_log_probability(const torch::Tensor& cape_map,
                                                     const LearnedScales& scales);

struct TsLossOptions {
  double alpha = 1;        ///< of the ordinary head's cross-entropy
  double beta = 1;         ///< of the CAPE head's distillation
  double temperature = 2;  ///< of the teacher
  /// Share of the label's probability that all classes divide among themselves, in the
  /// cross-entropy alone.
  double label_smoothing = 0;
  /// [C], of the cross-entropy: its mean is weighted by them. Undefined: all alike.
  torch::Tensor class_weights;
  /// [B, C], rows that sum to 1: what other networks say of the batch. Undefined: the labels alone.
  torch::Tensor soft_labels;
  double soft_weight = 0;  ///< their share of the cross-entropy
  /// [L, C], 1 where a label may be the class, else 0: the likelihood of a label is then the sum
  /// over its classes. Undefined: a label is a class. Not with class_weights.
  torch::Tensor label_classes;
};

/// alpha * CE(ordinary, label) + beta * T^2 * KL(softmax(ordinary / T) || p_soft), mean over the
/// batch. The teacher has no gradient: the CAPE head learns from the ordinary one, never the other
/// way round. `labels`: int64 [B], or the classes' probabilities [B, C] (the labels', [B, L], with
/// label_classes).
[[nodiscard]] torch::Tensor ts_loss(const HeadMaps& maps, const LearnedScales& scales,
                                    const torch::Tensor& labels, const TsLossOptions& options = {});

}  // namespace cytocape::detail
