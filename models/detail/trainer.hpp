#pragma once

/// The loop of a training run; train_model (models/train.hpp) is its only user outside tests.

#include <chrono>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>

#include "models/detail/adamw.hpp"
#include "models/detail/checkpoint.hpp"
#include "models/detail/figures.hpp"
#include "models/detail/network.hpp"
#include "models/detail/train_data.hpp"
#include "models/train.hpp"

namespace cytocape::detail {

using Progress = std::function<void(const EpochReport&)>;

/// Class maps of both heads on the same cells.
struct HeadOutputs {
  LabelledMaps ordinary;
  LabelledMaps cape;
};

/// In eval mode, without gradients; leaves the network in eval mode. `card` gives input size and
/// normalisation.
[[nodiscard]] HeadOutputs run_network(CapeNet& network, const CropBatch& cells,
                                      const ModelCard& card);

/// Not thread-safe.
class Trainer {
 public:
  /// Builds the network from the seed or the pretrained weights. `options` has a positive thread
  /// count; `data` must outlive the trainer.
  Trainer(const TrainOptions& options, const TrainData& data, const ModelCard& card);
  /// Takes up `checkpoint` where that file exists, and writes it from then on.
  void resume(const std::filesystem::path& checkpoint, const std::string& fingerprint);

  /// Trains the epochs that are left, with a checkpoint behind each. False when `stop` ended it.
  [[nodiscard]] bool run(const Progress& progress, const std::function<bool()>& stop);

  /// The best epoch's network, rounded to half precision as its file will hold it.
  [[nodiscard]] CapeNet& best_network();
  /// The card with everything measured on the validation split; calls best_network().
  [[nodiscard]] ModelCard final_card();

  /// The history as CSV.
  [[nodiscard]] std::string metrics_csv() const;

 private:
  [[nodiscard]] bool train_epoch(const Progress& progress, const std::function<bool()>& stop);
  [[nodiscard]] double update(const CropBatch& batch);
  void validate(const Progress& progress);
  void prefetch(int epoch, int step);
  void save() const;
  [[nodiscard]] CapeScales scales() const;
  [[nodiscard]] EpochReport report() const;
  [[nodiscard]] double factor() const;

  TrainOptions options_;
  const TrainData& data_;
  ModelCard card_;
  std::shared_ptr<CapeNet> network_;
  AdamW optimiser_;
  TrainingState state_;
  std::filesystem::path checkpoint_;
  std::future<CropBatch> next_;
  int steps_ = 0;
  int steps_here_ = 0;  ///< done by this process, for the time left
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

}  // namespace cytocape::detail
