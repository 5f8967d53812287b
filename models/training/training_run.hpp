#pragma once

/// What the schemes of train_model have in common: a run's parts, the files it leaves, its end.

#include <exception>

#include "models/data/safetensors.hpp"
#include "models/data/train_data.hpp"
#include "models/data/training_history.hpp"
#include "models/network/network.hpp"
#include "models/training/measure.hpp"

namespace cytocape::detail {

/// Ends a stage that has no state worth keeping, when the run is asked to stop.
struct Stopped : std::exception {
  [[nodiscard]] const char* what() const noexcept override { return "stopped"; }
};

struct TrainingRun {
  const TrainOptions& options;  ///< with a positive thread count
  const std::filesystem::path& out;
  const LabelledSet& set;
  const TrainData& data;
  const TrainProgress& progress;
  const StopRequest& stop;

  /// Passes `report` on. Throws Stopped.
  void tell(const EpochReport& report) const;
  /// The configuration, the inputs, the split and what of the images is not used. Throws
  /// StorageError.
  void write_settings() const;
  /// Of several sources, a list each.
  void write_validation() const;
  void write_history(const std::vector<EpochFigures>& history) const;
};

/// `card` as it stands; or, where the run has no split, with the calibration, the thresholds and
/// the figures of the model that its options name. Throws ConfigError where that one is of another
/// recipe: call it before the first step.
[[nodiscard]] ModelCard with_borrowed_figures(const TrainOptions& options, const ModelCard& card);

/// The stage behind training: takes the statistics of embedding and appearance and the cells to be
/// remembered, measures, and writes the model with the weights as a file of `dtype` holds them.
/// Throws ModelError where a weight is not finite, Stopped.
[[nodiscard]] ModelCard finish_run(const TrainingRun& run, CapeNet& network, const ModelCard& card,
                                   DType dtype);
/// Rounds the weights as round_to_stored does first.
[[nodiscard]] ModelCard finish_trained(const TrainingRun& run, CapeNet& network,
                                       const ModelCard& card);

/// Scheme "pf" on the model that the options name.
[[nodiscard]] ModelCard post_fit_run(const TrainingRun& run);
/// No training: the last stage on the model that the options name.
[[nodiscard]] ModelCard finish_only_run(const TrainingRun& run);

}  // namespace cytocape::detail
