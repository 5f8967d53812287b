#pragma once

/// A CAPE network ready to classify crops on one device. No LibTorch in this header.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "models/cape/cape.hpp"
#include "models/cape/class_maps.hpp"
#include "models/data/model_card.hpp"

namespace cytocape {

enum class Precision { automatic, float32, bfloat16, half };

struct ClassifierOptions {
  std::string device = "auto";  ///< "auto", "cpu", "cuda", "cuda:N"
  Precision precision =
      Precision::automatic;  ///< automatic: float32, or for weights that their file keeps in half
                             ///< precision half on CUDA and bfloat16 on a CPU that has it
  int batch = 32;            ///< crops a call at most; on CUDA every call is padded to it
};

class Classifier {
 public:
  /// Throws ModelError (what is wrong with the file) or ConfigError (unknown or absent device).
  [[nodiscard]] static std::unique_ptr<Classifier> load(const std::filesystem::path& path,
                                                        const ClassifierOptions& options);
  virtual ~Classifier() = default;
  Classifier(const Classifier&) = delete;
  Classifier& operator=(const Classifier&) = delete;

  [[nodiscard]] virtual const ModelCard& card() const = 0;
  [[nodiscard]] virtual const std::string& sha256() const = 0;
  /// With the precision and what decided it: "cpu, bfloat16 (as asked)", "cuda:0 (NVIDIA H200),
  /// half (its weights are 16 bits wide)".
  [[nodiscard]] virtual std::string device_description() const = 0;
  [[nodiscard]] virtual bool on_cpu() const = 0;
  [[nodiscard]] virtual int map_height() const = 0;
  [[nodiscard]] virtual int map_width() const = 0;
  /// CAPE's t1 and t2 as classify() uses them: as learned, plus the card's calibration.
  [[nodiscard]] virtual CapeScales scales() const = 0;

  /// `crops`: uint8 RGB, [count, input_px, input_px, 3] contiguous, 0 < count <= options.batch.
  /// May be called from many threads at once: on the CPU each call computes on its own thread,
  /// which it sets to one intra-op thread; on CUDA each call in flight has its own stream and
  /// pinned buffers. The result of a crop depends on the batch it is in at most through count,
  /// never on threads. Throws ModelError: wrong count or bytes, a logit that is not finite.
  [[nodiscard]] virtual ClassMaps classify(std::span<const std::uint8_t> crops,
                                           std::int64_t count) const = 0;

  /// What classify() computes its maps from; the same conditions and errors.
  [[nodiscard]] virtual ClassLogits logits(std::span<const std::uint8_t> crops,
                                           std::int64_t count) const = 0;

 protected:
  Classifier() = default;
};

/// Call once in main before any other thread starts: one intra-op thread (oneTBB owns the cores),
/// a passive wait policy for OpenMP, and large blocks kept by the allocator. libgomp reads its
/// policy when it is loaded, so for this process the one thread is what prevents spinning.
void configure_inference_threads();

struct DeviceInfo {
  std::string name;  ///< "cpu", "cuda:0"
  std::string description;
};
[[nodiscard]] std::vector<DeviceInfo> list_devices();
/// Whether this processor computes bfloat16 at all, in hardware or not.
[[nodiscard]] bool cpu_computes_bfloat16();
[[nodiscard]] std::string torch_version();

}  // namespace cytocape
