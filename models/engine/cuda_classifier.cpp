#include <fmt/format.h>

#include "io/errors.hpp"
#include "models/engine/engine.hpp"
#include "models/network/weights.hpp"

#ifdef CYTOCAPE_CUDA

#include <ATen/cuda/CUDAContext.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

#include <algorithm>
#include <mutex>

namespace cytocape::detail {
namespace {

/// What one call needs for itself: a stream, and pinned memory both ways so that copies run
/// beside the computation of other calls.
struct Lane {
  c10::cuda::CUDAStream stream;
  torch::Tensor crops;      ///< pinned uint8 [batch, px, px, 3]
  torch::Tensor logits;     ///< pinned float32 [2, batch, classes, h, w]
  torch::Tensor embedding;  ///< pinned float32 [batch, F]; undefined without statistics
};

class CudaClassifier : public Classifier {
 public:
  CudaClassifier(std::unique_ptr<Engine> engine, const Target& target, int batch)
      : engine_(std::move(engine)), target_(target), batch_(batch) {
    const char* name = target_.dtype == torch::kFloat16    ? "half"
                       : target_.dtype == torch::kBFloat16 ? "bfloat16"
                                                           : "float32";
    description_ = fmt::format("{} ({}), {} ({})", target_.device.str(),
                               cuda_device_name(target_.device.index()), name, engine_->why_dtype);
  }

  [[nodiscard]] const ModelCard& card() const override { return engine_->card; }
  [[nodiscard]] const std::string& sha256() const override { return engine_->sha256; }
  [[nodiscard]] std::string device_description() const override { return description_; }
  [[nodiscard]] bool on_cpu() const override { return false; }
  [[nodiscard]] int map_height() const override { return engine_->map_size()[0]; }
  [[nodiscard]] int map_width() const override { return engine_->map_size()[1]; }

  [[nodiscard]] CapeScales scales() const override { return engine_->scales; }

  [[nodiscard]] ClassMaps classify(std::span<const std::uint8_t> crops,
                                   std::int64_t count) const override {
    return maps_of(*engine_, heads(crops, count), count);
  }
  [[nodiscard]] ClassLogits logits(std::span<const std::uint8_t> crops,
                                   std::int64_t count) const override {
    return logits_of(*engine_, heads(crops, count), count);
  }

 private:
  [[nodiscard]] HostOutput heads(std::span<const std::uint8_t> crops, std::int64_t count) const {
    check_crops(*engine_, crops.size(), count, batch_);
    auto lane = take_lane();
    try {
      run(*lane, crops);
    } catch (const c10::Error& cause) {
      throw ModelError(
          fmt::format("{}: the network failed: {}", description_, cause.what_without_backtrace()));
    }
    auto output = packed(*lane, count);
    give_back(std::move(lane));
    return output;
  }

  /// Every call computes a whole batch: shapes stay the same, so that cuDNN chooses its kernels
  /// once and a crop's result does not depend on how many came with it.
  void run(Lane& lane, std::span<const std::uint8_t> crops) const {
    const torch::InferenceMode guard;
    const c10::cuda::CUDAStreamGuard stream(lane.stream);
    auto* pinned = lane.crops.data_ptr<std::uint8_t>();
    std::fill(std::copy(crops.begin(), crops.end(), pinned), pinned + lane.crops.numel(),
              std::uint8_t{0});
    const auto uploaded = lane.crops.to(target_.device, /*non_blocking=*/true);
    const auto maps = engine_->run(normalise(uploaded, engine_->card));
    lane.logits.copy_(stacked(maps, batch_), /*non_blocking=*/true);
    if (lane.embedding.defined()) lane.embedding.copy_(maps.embedding, /*non_blocking=*/true);
    lane.stream.synchronize();
  }

  /// Of the first `count` crops, without the padding.
  [[nodiscard]] static HostOutput packed(const Lane& lane, std::int64_t count) {
    const torch::InferenceMode guard;
    HostOutput output{.logits = to_host(lane.logits.narrow(1, 0, count).contiguous()),
                      .embedding = {}};
    if (lane.embedding.defined()) output.embedding = to_host(lane.embedding.narrow(0, 0, count));
    return output;
  }

  [[nodiscard]] std::unique_ptr<Lane> take_lane() const {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        auto lane = std::move(idle_.back());
        idle_.pop_back();
        return lane;
      }
    }
    const torch::InferenceMode guard;
    const std::int64_t px = engine_->card.input_px;
    const auto classes = static_cast<std::int64_t>(engine_->card.classes.size());
    const auto pinned = torch::TensorOptions().pinned_memory(true);
    auto lane =
        std::make_unique<Lane>(Lane{c10::cuda::getStreamFromPool(false, target_.device.index()),
                                    torch::empty({batch_, px, px, 3}, pinned.dtype(torch::kUInt8)),
                                    torch::empty({2, batch_, classes, map_height(), map_width()},
                                                 pinned.dtype(torch::kFloat32)),
                                    {}});
    if (engine_->embedding) {
      const auto features = static_cast<std::int64_t>(engine_->embedding->features());
      lane->embedding = torch::empty({batch_, features}, pinned.dtype(torch::kFloat32));
    }
    return lane;
  }

  void give_back(std::unique_ptr<Lane> lane) const {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(lane));
  }

  std::unique_ptr<Engine> engine_;
  Target target_;
  std::int64_t batch_;
  std::string description_;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<Lane>> idle_;
};

}  // namespace

std::unique_ptr<Classifier> make_cuda_classifier(std::unique_ptr<Engine> engine,
                                                 const Target& target, int batch) {
  return std::make_unique<CudaClassifier>(std::move(engine), target, batch);
}

std::string cuda_device_name(int index) {
  return at::cuda::getDeviceProperties(static_cast<c10::DeviceIndex>(index))->name;
}

}  // namespace cytocape::detail

#else

namespace cytocape::detail {

std::unique_ptr<Classifier> make_cuda_classifier(std::unique_ptr<Engine>, const Target& target,
                                                 int) {
  throw ConfigError(fmt::format("device \"{}\": this program was built without CUDA; use cpu",
                                target.device.str()));
}

std::string cuda_device_name(int index) {
  return fmt::format("CUDA device {}", index);
}

}  // namespace cytocape::detail

#endif
