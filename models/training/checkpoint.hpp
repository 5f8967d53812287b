#pragma once

/// The state of a training between two steps, as one safetensors file: the network, the optimiser's
/// moments, the best epoch's network, and a JSON record of the rest in the metadata.

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/data/training_history.hpp"
#include "models/network/network.hpp"
#include "models/training/optimiser.hpp"

namespace cytocape::detail {

using NamedTensors = std::vector<std::pair<std::string, torch::Tensor>>;

struct TrainingState {
  int epoch = 0;        ///< finished ones
  int step = 0;         ///< finished ones of the epoch under way
  double loss_sum = 0;  ///< of these steps
  int threads = 0;
  int best_epoch = 0;  ///< from 1; 0: none yet
  std::vector<EpochFigures> history;
  /// Everything that the result depends on, as JSON; a checkpoint of another run is refused.
  std::string fingerprint;
  NamedTensors best;  ///< the network of best_epoch
};

/// What a checkpoint holds beside the state.
struct CheckpointParts {
  CapeNet* network = nullptr;
  CapeNet* average = nullptr;  ///< null without weight averaging
  Optimiser* optimiser = nullptr;
};

/// Throws StorageError.
void save_checkpoint(const std::filesystem::path& path, const TrainingState& state,
                     const CheckpointParts& parts);

/// Fills the parts; none where there is no file. Throws ConfigError naming the
/// settings that differ where the checkpoint is of another run, ModelError where it is damaged.
[[nodiscard]] std::optional<TrainingState> load_checkpoint(const std::filesystem::path& path,
                                                           const std::string& fingerprint,
                                                           const CheckpointParts& parts);

/// Deep copies, so that further training leaves them alone.
[[nodiscard]] NamedTensors copy_state(CapeNet& network);
void restore_state(const NamedTensors& from, CapeNet& network);

}  // namespace cytocape::detail
