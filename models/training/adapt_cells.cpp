#include "models/training/adapt_cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "io/errors.hpp"
#include "models/data/train_data.hpp"
#include "models/network/frozen_network.hpp"
#include "models/network/views.hpp"
#include "models/network/weights.hpp"
#include "models/training/measure.hpp"

namespace cytocape::detail {
namespace {

constexpr std::size_t kImagesAtOnce = 32;

TrainOptions crop_options(const ModelCard& card, const FeatureRequest& request) {
  TrainOptions options;
  options.data_mpp = request.mpp;
  options.crop_px = static_cast<int>(std::lround(card.mpp * card.input_px / request.mpp));
  options.input_px = card.input_px;
  options.threads = request.threads;
  return options;
}

std::vector<LabelledImage> images_of(std::span<const std::filesystem::path> files) {
  std::vector<LabelledImage> images;
  for (const auto& path : files) images.push_back({.path = path});
  return images;
}

/// All images' crops: 77 kB each at 160 px.
CropBatch crops_of(std::span<const std::filesystem::path> files, const ModelCard& card,
                   const FeatureRequest& request) {
  return centred_cells(images_of(files), crop_options(card, request));
}

Appearance appearance_of_crops(const CropBatch& crops, const ModelCard& card, AppearanceMap asked) {
  auto appearance = unmeasured_appearance(asked, training_lab(card));
  if (appearance.use.outcome != AppearanceOutcome::too_few_cells) return appearance;
  const std::size_t bytes = crops.crops.size() / crops.labels.size();
  std::vector<LabSums> sums;
  for (const std::size_t i : spread_evenly(crops.labels.size(), kMostAppearanceCells))
    sums.emplace_back().add(std::span(crops.crops).subspan(i * bytes, bytes));
  fit_appearance(appearance, sums);
  return appearance;
}

EmbeddingBank bank_of(const SafetensorsFile& file, const ModelCard& card, std::size_t features,
                      const std::string& path) {
  auto bank = read_bank(file, card.classes.size(), features, path);
  if (bank) return std::move(*bank);
  throw ModelError(
      fmt::format("{}: it remembers none of the cells it was trained on, without which what it "
                  "knows would be lost: give it some by `cytocape train --finish {}` with its "
                  "training images, or name a model of the same network that has them by --bank",
                  path, path));
}

}  // namespace

ParentModel load_parent(const AdaptOptions& options) {
  const auto path = options.model.string();
  const auto file = SafetensorsFile::open(options.model);
  ParentModel parent{.card = read_card(file, path), .sha256 = file.sha256()};
  const ModelCard& card = parent.card;
  check_room(card, file, path);
  parent.network =
      std::make_shared<CapeNet>(card.backbone, static_cast<std::int64_t>(card.classes.size()),
                                card.output_stride, card.members);
  load_state(*parent.network, file, path);
  parent.network->eval();
  parent.dtype = file.at("classifiers.cape.2.weight").dtype;
  const auto features = static_cast<std::size_t>(parent.network->backbone().channels());
  if (options.bank.empty()) {
    parent.bank = bank_of(file, card, features, path);
    return parent;
  }
  const auto other = SafetensorsFile::open(options.bank);
  const auto other_card = read_card(other, options.bank.string());
  if (class_names(other_card) != class_names(card))
    throw ModelError(
        fmt::format("{}: its classes are others than those of {}", options.bank.string(), path));
  parent.bank = bank_of(other, other_card, features, options.bank.string());
  return parent;
}

SiteFeatures features_of_images(const ParentModel& parent,
                                std::span<const std::filesystem::path> files,
                                const FeatureRequest& request, const AdaptProgress& tell) {
  const torch::NoGradGuard no_grad;
  const ModelCard& card = parent.card;
  CropBatch crops = crops_of(files, card, request);
  SiteFeatures result;
  result.appearance = appearance_of_crops(crops, card, request.appearance);
  if (result.appearance.map) result.appearance.map->apply(crops.crops);
  const FrozenNetwork frozen(
      *parent.network, {.device = torch::kCPU, .input_px = card.input_px, .views = card.views});
  std::vector<torch::Tensor> maps;
  std::vector<torch::Tensor> embeddings;
  for (std::size_t first = 0; first < files.size(); first += kImagesAtOnce) {
    const std::size_t last = std::min(first + kImagesAtOnce, files.size());
    const auto input = network_input(crops, static_cast<std::int64_t>(first),
                                     static_cast<std::int64_t>(last), card, torch::kCPU);
    std::vector<torch::Tensor> views;
    for (int view = 0; view < request.orientations; ++view) {
      const auto map = frozen.features(seen_as(input, view)).to(torch::kFloat32);
      views.push_back(map.mean({2, 3}));
      if (view == 0 && request.maps) maps.push_back(map.to(torch::kHalf).contiguous());
    }
    embeddings.push_back(torch::stack(views, 1));
    tell(request.stage, last, files.size());
  }
  if (request.maps) result.maps = torch::cat(maps);
  result.embeddings = torch::cat(embeddings);
  return result;
}

}  // namespace cytocape::detail
