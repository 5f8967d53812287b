#pragma once

/// What `adapt` works with: the model's network, the cells that it remembers, and the features of
/// the laboratory's cells.

#include <filesystem>
#include <memory>
#include <optional>
#include <span>

#include "models/data/embedding_bank.hpp"
#include "models/network/network.hpp"
#include "models/training/adapt.hpp"
#include "tiling/lab_map.hpp"

namespace cytocape::detail {

/// Ends the work when it is asked to stop.
struct AdaptStopped {};

struct ParentModel {
  ModelCard card;
  std::string sha256;
  std::shared_ptr<CapeNet> network;
  DType dtype = DType::f32;  ///< of its weights
  EmbeddingBank bank;
};

/// Throws ModelError.
[[nodiscard]] ParentModel load_parent(const AdaptOptions& options);

/// Features of images, each in one orientation or more.
struct SiteFeatures {
  torch::Tensor maps;        ///< [n, F, h, w], half precision; undefined where not asked for
  torch::Tensor embeddings;  ///< [n, orientations, F], float32; the first is that of `maps`
  Appearance appearance;
};

struct FeatureRequest {
  double mpp = 0;  ///< um/px
  AppearanceMap appearance = AppearanceMap::lab;
  int orientations = 1;
  bool maps = false;
  int threads = 1;
  const char* stage = "";
};

/// The images as one slide. `tell` is told of each batch, and may throw. Throws ConfigError listing
/// the images that cannot be used.
[[nodiscard]] SiteFeatures features_of_images(const ParentModel& parent,
                                              std::span<const std::filesystem::path> files,
                                              const FeatureRequest& request,
                                              const AdaptProgress& tell);

}  // namespace cytocape::detail
