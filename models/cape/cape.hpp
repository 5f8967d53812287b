#pragma once

/// CAPE in product form, in double precision (Chowdhury et al., CVPR 2024, arXiv 2404.02388):
///
///     A = M / exp(t1)        W[i] = mean_c(M[c,i]) / exp(t2)
///     P[c,i] = softmax_c(A)[c,i] * softmax_i(W)[i]        p[c] = sum_i P[c,i]
///
/// M is [classes, positions], row-major: the 1x1 convolution of the features with the classifier's
/// weight and bias. P is non-negative and sums to 1. Pure; thread-safe.

#include <span>

namespace cytocape {

struct CapeScales {
  double t1 = 0;  ///< class contribution
  double t2 = 0;  ///< position weight
};

/// Fills `map` [classes, positions] with P and `probability` [classes] with p.
/// Preconditions: sizes agree, logits are finite.
void cape_map(std::span<const double> logits, int classes, int positions, CapeScales scales,
              std::span<double> map, std::span<double> probability);

/// The ordinary head's prediction, [classes]: softmax of the spatial means of its maps `logits`
/// [classes, positions]. Preconditions as above.
void ordinary_prediction(std::span<const float> logits, int positions,
                         std::span<double> probability);

}  // namespace cytocape
