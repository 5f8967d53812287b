#pragma once

/// Training of a CAPE network from folders of labelled cell images. No LibTorch in this header.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "models/augment.hpp"
#include "models/dataset.hpp"
#include "models/model_card.hpp"

namespace cytocape {

struct TrainOptions {
  std::string name;
  std::filesystem::path data;  ///< <data>/<class>/*.{jpg,png,tif}; the folder is the class
  double data_mpp = 0;         ///< um/px of the images
  int crop_px = 0;             ///< edge of the central square that is used, image pixels
  int input_px = 128;
  std::string backbone = "mobilenet_v2";
  int output_stride = 32;
  std::filesystem::path pretrained;  ///< safetensors to start from; empty: Kaiming normal
  int frozen_operations = 0;         ///< first operations of the backbone that do not learn
  int epochs = 15;
  int batch = 32;
  double backbone_lr = 3e-4;
  double head_lr = 1e-3;
  double weight_decay = 0.05;  ///< of weights; biases, norms and CAPE's scales have none
  double warmup_epochs = 1;
  std::string schedule = "cosine";  ///< to 0; or "step": a tenth after each third of the epochs
  double clip_norm = 1.0;
  double validation_share = 0.2;
  double moved_share = 0.2;        ///< of the crop's edge: how far validation cells are moved, too
  bool allow_conflicting = false;  ///< leave out images found in two classes instead of refusing
  std::uint64_t seed = 0;
  int threads = 0;  ///< 0: all cores
  AugmentOptions augment;
  std::vector<std::string> specimens;
  std::string stain;
  std::vector<TrainingSource> sources;  ///< `images` 0 in a single source: filled with their number
  std::string limits;
  std::string config_toml;   ///< kept in the card
  std::string tool_version;  ///< likewise
};

struct EpochReport {
  int epoch = 0;  ///< from 1
  int epochs = 0;
  int step = 0;  ///< of this epoch, from 1
  int steps = 0;
  double loss = 0;  ///< mean over this epoch so far
  double seconds_left = 0;
  bool validated = false;  ///< the figures below are of this epoch
  double validation_loss = 0;
  double accuracy_ordinary = 0;
  double accuracy_cape = 0;
  double accuracy_moved = 0;  ///< CAPE head, cells moved within the crop
};

/// Throws ConfigError listing every option that makes no sense, by its name in a configuration.
void check_train_options(const TrainOptions& options);

/// Trains the backbone and both heads together (CAPE's "TS" scheme), keeps the epoch with the best
/// CAPE accuracy on the validation split (mean of centred and moved cells), fits the two
/// calibration scales on that split, writes `<out>/model.safetensors` (half precision; the card's
/// figures are of these rounded weights), `<out>/metrics.csv` and `<out>/validation.txt` (the
/// split's files, "class/name").
///
/// `<out>/checkpoint.safetensors` is written each epoch; a later call with the same options and
/// images goes on from it to the same model file, byte for byte, on the same kind of machine. The
/// thread count of the first call is kept, since sums depend on it. `stop` is asked before each
/// step; when it says true, a checkpoint is written and the returned card's name is empty.
///
/// Sets LibTorch's intra-op threads and OpenCV's for the whole process. Throws ConfigError,
/// ModelError, StorageError.
[[nodiscard]] ModelCard train_model(const TrainOptions& options, const std::filesystem::path& out,
                                    const std::function<void(const EpochReport&)>& progress,
                                    const std::function<bool()>& stop);

}  // namespace cytocape
