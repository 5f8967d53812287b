#pragma once

/// A model file loaded for one device: from uint8 crops to class maps. What runs it, and where the
/// crops lie, is the classifier's business.

#include <torch/torch.h>

#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "models/cape/cape.hpp"
#include "models/data/model_card.hpp"
#include "models/engine/classifier.hpp"
#include "models/network/network.hpp"

namespace cytocape::detail {

/// Where and in which dtype the backbone runs.
struct Target {
  torch::Device device = torch::kCPU;
  torch::ScalarType dtype = torch::kFloat32;
};

class Engine {
 public:
  virtual ~Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// x: normalised float32 [B, 3, input_px, input_px], channels_last, on the device. Call in
  /// InferenceMode; any number of threads at once.
  [[nodiscard]] virtual HeadMaps run(const torch::Tensor& x) const = 0;
  /// Positions down and across.
  [[nodiscard]] virtual std::array<int, 2> map_size() const = 0;

  Target runs_on;
  std::string why_dtype;  ///< what decided runs_on.dtype, a clause
  ModelCard card;
  std::string sha256;
  CapeScales scales;  ///< learned, plus the card's calibration
  /// run() gives the embedding where there are statistics of it.
  std::optional<EmbeddingStatistics> embedding;

 protected:
  Engine() = default;
};

/// A safetensors file, or a TorchScript module (*.pt): forward(normalised crops) gives CAPE's class
/// maps [B, classes, h, w], and its card is the extra file "cytocape.card" or `<stem>.json` beside
/// it. Throws ModelError.
[[nodiscard]] std::unique_ptr<Engine> load_engine(const std::filesystem::path& path,
                                                  const Target& target);
/// In the dtype that `precision` asks for; automatic: of choose_dtype (device.hpp) where the file
/// keeps its weights in half precision, else float32. Throws ConfigError, too.
[[nodiscard]] std::unique_ptr<Engine> load_engine(const std::filesystem::path& path,
                                                  const torch::Device& device, Precision precision);
[[nodiscard]] std::unique_ptr<Engine> load_script_engine(const std::filesystem::path& path,
                                                         const Target& target);

/// Throws ModelError unless 0 < count <= batch and `bytes` is what count crops have.
void check_crops(const Engine& engine, std::size_t bytes, std::int64_t count, std::int64_t batch);

/// What Engine::run gave for `count` crops, on the host.
struct HostOutput {
  std::vector<float> logits;     ///< [2, count, classes, h, w]: the ordinary head's, then CAPE's
  std::vector<float> embedding;  ///< [count, F]; empty without statistics
};

/// CAPE's softmaxes and sums, and the strangeness, in float64. Throws ModelError where a logit is
/// not finite.
[[nodiscard]] ClassMaps maps_of(const Engine& engine, const HostOutput& output, std::int64_t count);

/// The same logits, taken apart by head. Throws as maps_of does.
[[nodiscard]] ClassLogits logits_of(const Engine& engine, const HostOutput& output,
                                    std::int64_t count);

/// The heads' maps of `count` crops as maps_of wants them, on their device.
[[nodiscard]] torch::Tensor stacked(const HeadMaps& maps, std::int64_t count);

/// A contiguous float32 tensor's values; it lies on the host.
[[nodiscard]] std::vector<float> to_host(const torch::Tensor& tensor);

/// A classifier on a CUDA device; a build without CUDA throws ConfigError.
[[nodiscard]] std::unique_ptr<Classifier> make_cuda_classifier(std::unique_ptr<Engine> engine,
                                                               const Target& target, int batch);

/// "NVIDIA H200".
[[nodiscard]] std::string cuda_device_name(int index);

}  // namespace cytocape::detail
