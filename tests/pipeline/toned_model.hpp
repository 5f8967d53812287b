#pragma once

/// The demo model with a card that says what its training cells look like.

#include <filesystem>

#include "models/data/model_card.hpp"
#include "models/data/safetensors.hpp"

namespace cytocape::testing {

/// Darker and bluer than any drawn smear.
inline const TrainingAppearance kToned{
    .lab = {.mean = {58, 14, -16}, .deviation = {20, 9, 12}}, .cells = 300, .of = "a test"};

inline std::filesystem::path write_toned_model(const std::filesystem::path& path) {
  const auto demo = SafetensorsFile::open(std::filesystem::path(CYTOCAPE_SOURCE_DIR) /
                                          "configs/models/demo.safetensors");
  auto card = card_from_json(demo.metadata().at("cytocape.card"), "demo");
  card.appearance = kToned;
  std::vector<TensorToWrite> tensors;
  for (const auto& [name, tensor] : demo.tensors())
    tensors.push_back({name, tensor.dtype, tensor.shape, tensor.bytes});
  write_safetensors(path, tensors, {{"cytocape.card", to_json(card)}});
  return path;
}

}  // namespace cytocape::testing
