#pragma once

/// Between model files and networks.

#include <torch/torch.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/data/embedding_bank.hpp"
#include "models/data/model_card.hpp"
#include "models/data/safetensors.hpp"
#include "models/network/network.hpp"

namespace cytocape::detail {

/// The key of the card in a model file's metadata.
inline constexpr const char* kCardKey = "cytocape.card";

[[nodiscard]] torch::ScalarType scalar_type(DType dtype);

/// A copy on the CPU in the file's dtype. f32, f16, bf16, f64 and the integers.
[[nodiscard]] torch::Tensor to_tensor(const TensorView& view);

/// Parameters and running statistics under their names in a model file, sorted; they share memory
/// with the network. Without num_batches_tracked, which nothing reads at a fixed momentum.
[[nodiscard]] std::vector<std::pair<std::string, torch::Tensor>> named_state(CapeNet& network);

/// Copies every tensor of the file into the network, widened to float32, and the statistics of its
/// embedding where it has them; not its bank (read_bank). Throws ModelError that
/// lists the missing, unexpected and misshaped names (`source` is the file's name); the network is
/// then unchanged.
void load_state(CapeNet& network, const SafetensorsFile& file, const std::string& source);

/// Fills the backbone from ImageNet weights: the naming of `net.*` with or without that prefix, or
/// torchvision's for ResNets. The file's own classifier is left out. Throws ModelError as above.
void load_pretrained(CapeNet& network, const std::filesystem::path& path);

/// Writes network, card and, where it has cells, bank as one file; `dtype` is f32, f16 or bf16
/// (t1..t3 stay f32: they scale logits by their exponential; so do the embedding's statistics).
/// Throws StorageError.
void save_model(const std::filesystem::path& path, CapeNet& network, const ModelCard& card,
                DType dtype, const EmbeddingBank& bank = {});

/// Whether the file holds every convolution in half precision, as training leaves them: rounded to
/// it before they are measured.
[[nodiscard]] bool is_kept_in_half(const SafetensorsFile& file);

/// The card of a model file. Throws ModelError.
[[nodiscard]] ModelCard read_card(const SafetensorsFile& file, const std::string& source);

/// Refuses, by ModelError, a file with fewer weights than its card's network has: a network is
/// built before its weights are compared, and a card alone must not make it take gigabytes.
void check_room(const ModelCard& card, const SafetensorsFile& file, const std::string& source);

/// crops: uint8 [B, H, W, 3]. Returns [B, 3, H, W] float32 in channels_last order,
/// (x / 255 - mean) / std, on the crops' device.
[[nodiscard]] torch::Tensor normalise(const torch::Tensor& crops, const ModelCard& card);

}  // namespace cytocape::detail
