#pragma once

/// The loop of a training run; train_model (models/training/train.hpp) is its only user outside
/// tests.

#include <chrono>
#include <filesystem>
#include <future>
#include <memory>

#include "models/cape/labelled_maps.hpp"
#include "models/data/train_data.hpp"
#include "models/engine/engine.hpp"
#include "models/network/network.hpp"
#include "models/training/checkpoint.hpp"
#include "models/training/optimiser.hpp"
#include "models/training/train.hpp"
#include "models/training/ts_loss.hpp"

namespace cytocape::detail {

/// Not thread-safe.
class Trainer {
 public:
  /// Builds the network from the seed or the pretrained weights. `options` has a positive thread
  /// count; `data` must outlive the trainer.
  Trainer(const TrainOptions& options, const TrainData& data, const ModelCard& card);
  /// Takes up `checkpoint` where that file exists, and writes it from then on.
  void resume(const std::filesystem::path& checkpoint, const std::string& fingerprint);

  /// Trains the epochs that are left, with a checkpoint behind each. False when `stop` ended it.
  [[nodiscard]] bool run(const TrainProgress& progress, const StopRequest& stop);

  /// The best epoch's network; the last one's where there is no validation split.
  [[nodiscard]] CapeNet& best_network();
  /// The epoch that best_network() comes from: without a split the last.
  [[nodiscard]] int kept_epoch() const {
    return state_.best_epoch > 0 ? state_.best_epoch : state_.epoch;
  }

  [[nodiscard]] const std::vector<EpochFigures>& history() const { return state_.history; }

 private:
  [[nodiscard]] bool train_epoch(const TrainProgress& progress, const StopRequest& stop);
  /// The teachers' mean prediction, [B, classes].
  [[nodiscard]] torch::Tensor taught(const torch::Tensor& input) const;
  /// Of each crop its class, int64 [B]; with mixup the classes' shares, [B, classes].
  [[nodiscard]] torch::Tensor labels_of(const CropBatch& batch) const;
  [[nodiscard]] double update(const CropBatch& batch);
  /// Fills figures.validation and keeps the network where it is the best so far.
  void validate(EpochFigures& figures);
  void end_epoch(const TrainProgress& progress);
  void prefetch(int epoch, int step);
  void save() const;
  void average_weights();
  /// What is validated and kept: the mean of the weights, or the weights.
  [[nodiscard]] CapeNet& measured() { return average_ ? *average_ : *network_; }
  [[nodiscard]] EpochReport report() const;
  [[nodiscard]] bool exhausted() const;
  /// On the learning rates, at a step of this epoch.
  [[nodiscard]] double factor(int step) const;

  TrainOptions options_;
  const TrainData& data_;
  ModelCard card_;
  torch::Device device_;
  std::shared_ptr<CapeNet> network_;
  std::shared_ptr<CapeNet> average_;  ///< none without averaging
  std::vector<std::unique_ptr<Engine>> teachers_;
  TsLossOptions loss_;
  std::unique_ptr<Optimiser> optimiser_;
  TrainingState state_;
  std::filesystem::path checkpoint_;
  std::future<CropBatch> next_;
  int steps_ = 0;
  int steps_here_ = 0;  ///< done by this process, for the time left
  using Clock = std::chrono::steady_clock;
  Clock::time_point started_ = Clock::now();
  Clock::time_point epoch_started_ = started_;
  std::chrono::duration<double> waited_{};  ///< for images, in this epoch
};

}  // namespace cytocape::detail
