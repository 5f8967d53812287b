#pragma once

/// Training of a CAPE network from folders of labelled cell images. No LibTorch in this header.

#include <filesystem>

#include "models/data/model_card.hpp"
#include "models/data/train_options.hpp"

namespace cytocape {

/// Trains by the scheme, keeps the epoch with the best accuracy on the validation split (mean of
/// centred and moved cells, of CAPE's head; of the ordinary one for "cam"), fits the two
/// calibration scales and the thresholds of confidence and strangeness on that split, takes the
/// statistics of the training cells' embeddings (models/cape/embedding.hpp), and writes
///   `<out>/model.safetensors`  half precision; the card's figures are of these rounded weights
///   `<out>/config.toml`        TrainOptions::config_toml
///   `<out>/inputs.json`        what else it was made from: files with SHA-256, device, threads
///   `<out>/metrics.csv`        a row for each epoch (none where a model is finished)
///   `<out>/curves.html`        the same, drawn by TrainOptions::draw_history
///   `<out>/validation.txt`     the split's files, "class/name"
///   `<out>/left-out.txt`       what of the class folders is not used, where there is any.
///
/// "pf" learns from features that are taken once: of the optimiser's settings it has no use for
/// the backbone's rate, the clipping, averaging, smoothing, mixup, balance, patience and teachers.
///
/// `<out>/checkpoint.safetensors` is written each epoch; a later call with the same options and
/// images goes on from it to the same model file, byte for byte, on the same kind of machine. The
/// thread count of the first call is kept, since sums depend on it. `stop` is asked before each
/// step; when it says true, the returned card's name is empty. "pf" and the finishing of a model
/// have no checkpoint and start over.
///
/// Sets LibTorch's intra-op threads and OpenCV's for the whole process. Throws ConfigError,
/// ModelError, StorageError.
[[nodiscard]] ModelCard train_model(const TrainOptions& options, const std::filesystem::path& out,
                                    const TrainProgress& progress, const StopRequest& stop);

}  // namespace cytocape
