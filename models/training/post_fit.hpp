#pragma once

/// CAPE's post-fitting ("PF"): the CAPE head and its scales learn from a finished network's
/// ordinary head, on features that are computed once.

#include <functional>

#include "models/network/network.hpp"
#include "models/training/optimiser.hpp"

namespace cytocape::detail {

struct PostFitOptions {
  int epochs = 30;
  int batch = 32;
  std::string optimiser = "sgd";
  double learning_rate = 1e-3;
  double weight_decay = 1e-4;  ///< of all that learns, as in the reference code
  std::uint64_t seed = 0;      ///< of the order of the cells
  /// Factor on the learning rate at an update of so many, both from 0; none: 1.
  std::function<double(int update, int updates)> schedule;
  /// Told, after each epoch, its number from 1 and its mean loss; none: not.
  std::function<void(int epoch, double loss)> told;
};

/// features: [cells, F, h, w] of the frozen backbone, float32 or narrower. The CAPE head starts
/// from the ordinary head's weights and the scales from what the network has, as in the reference
/// code; both learn on beta's term of the TS loss alone (alpha 0). The rest of the network is only
/// read. Deterministic for one thread count.
/// Throws ModelError where the loss is not finite.
void post_fit(CapeNet& network, const torch::Tensor& features, const PostFitOptions& options);

}  // namespace cytocape::detail
