#pragma once

/// A CAPE network prepared for inference on one device: norms folded into the convolutions,
/// weights in the backbone's dtype and channels_last order, paddings worked out for one input
/// size. Immutable, so that any number of threads may run it at once.

#include <torch/torch.h>

#include <cstdint>
#include <vector>

#include "models/network/network.hpp"

namespace cytocape::detail {

struct InferenceTarget {
  torch::Device device = torch::kCPU;
  torch::ScalarType dtype = torch::kFloat32;  ///< of the backbone; the heads are float32
  std::int64_t input_px = 0;
  int views = 1;           ///< orientations that are averaged (detail/views.hpp)
  bool embedding = false;  ///< run() gives the embedding, too
};

class FrozenNetwork {
 public:
  FrozenNetwork(CapeNet& network, const InferenceTarget& target);

  /// x: [B, 3, input_px, input_px] normalised float32 on the device. Call in InferenceMode.
  [[nodiscard]] HeadMaps run(const torch::Tensor& x) const;
  /// The backbone's mean over the views: [B, F, h, w], float32; of one view in the target's dtype.
  [[nodiscard]] torch::Tensor features(const torch::Tensor& x) const;

  /// Positions along one side of the map.
  [[nodiscard]] std::int64_t map_px() const { return map_px_; }

 private:
  struct Layer {
    Operation::Kind kind = Operation::Kind::convolution;
    int input = -1;
    int addend = -1;
    Activation activation = Activation::none;
    ConvolutionSpec spec;
    torch::Tensor weight;
    torch::Tensor bias;
  };
  [[nodiscard]] torch::Tensor backbone(const torch::Tensor& x) const;
  [[nodiscard]] Layer freeze(const Operation& operation, std::int64_t input_px) const;
  [[nodiscard]] torch::Tensor step(const Layer& layer, const torch::Tensor& input,
                                   const torch::Tensor& addend) const;

  InferenceTarget target_;
  std::vector<Layer> layers_;
  std::vector<int> last_use_;
  torch::Tensor head_weight_;  ///< [2 * classes, F, 1, 1]: the ordinary head, then CAPE's
  torch::Tensor head_bias_;
  std::int64_t map_px_ = 0;
};

}  // namespace cytocape::detail
