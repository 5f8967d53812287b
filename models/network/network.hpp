#pragma once

/// The CAPE network as a LibTorch module: a backbone and two linear heads on its feature map
/// (Chowdhury et al., CVPR 2024). State names are those of the reference code, so that a file's
/// tensors and named_parameters() agree.

#include <torch/torch.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "models/cape/embedding.hpp"
#include "models/network/backbone.hpp"

namespace cytocape::detail {

/// Class maps before any softmax, float32, [B, classes, h, w].
struct HeadMaps {
  torch::Tensor ordinary;  ///< its mean over positions is the ordinary head's logit
  torch::Tensor cape;
  /// The features' spatial mean, float32 [B, F]; undefined where it was not asked for.
  torch::Tensor embedding = {};
};

/// Not thread-safe: for training and for loading; inference folds it (detail/frozen_network.hpp).
class CapeNet : public torch::nn::Module {
 public:
  /// Throws ModelError for an unknown backbone or output stride, or fewer than 2 classes.
  /// `members`: as make_backbone.
  CapeNet(const std::string& backbone, std::int64_t classes, int output_stride, int members = 1);

  /// x: [B, 3, H, W], normalised. Returns [B, F, h, w] in the dtype the backbone computed in.
  [[nodiscard]] torch::Tensor features(const torch::Tensor& x);

  /// Always float32; call it outside any autocast. `detach_cape`: the CAPE head's gradient ends at
  /// the features, as training from scratch asks.
  [[nodiscard]] HeadMaps heads(const torch::Tensor& features, bool detach_cape);

  /// The first `count` of backbone().operations() learn no more and keep their norms in eval mode,
  /// also through train().
  void freeze_first(std::int64_t count);

  /// The CAPE head starts from the ordinary head's weights (post-fitting).
  void copy_ordinary_head_to_cape();

  void train(bool on = true) override;

  [[nodiscard]] Backbone& backbone() { return *net_; }
  [[nodiscard]] std::int64_t classes() const { return classes_; }

  torch::nn::Linear ordinary_head{nullptr};  ///< weight [classes, F]
  torch::nn::Linear cape_head{nullptr};
  torch::Tensor t1;  ///< [1]
  torch::Tensor t2;  ///< [1]
  torch::Tensor t3;  ///< [1, 1, 1, 1]
  /// None before the end of training, and in files without them.
  std::optional<EmbeddingStatistics> embedding;

 private:
  std::int64_t classes_;
  std::int64_t frozen_ = 0;
  std::shared_ptr<Backbone> net_;
};

}  // namespace cytocape::detail
