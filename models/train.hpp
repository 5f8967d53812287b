#pragma once

/// Training of a CAPE network from folders of labelled cell images. No LibTorch in this header.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "models/augment.hpp"
#include "models/dataset.hpp"
#include "models/model_card.hpp"

namespace cytocape {

struct TrainOptions {
  std::string name;
  /// "ts": backbone and both heads together. "cam": the ordinary head alone, CAPE's head becomes a
  /// copy of it: the baseline, and a start for "pf". "pf" (post-fitting): CAPE's head and scales on
  /// the frozen network of `start`.
  std::string scheme = "ts";
  std::filesystem::path start;  ///< of "pf": the model that is fitted
  /// Not empty: nothing is trained, and only what follows training is done: calibration,
  /// thresholds, statistics of the embedding, figures. One model's weights stay as they are, byte
  /// for byte; several, of one network and one split, are joined into one (models/detail/join.hpp).
  std::vector<std::filesystem::path> finish;
  std::filesystem::path data;  ///< <data>/<class>/*.{jpg,png,tif}; the folder is the class
  double data_mpp = 0;         ///< um/px of the images
  int crop_px = 0;             ///< edge of the central square that is used, image pixels
  int input_px = 128;
  std::string backbone = "mobilenet_v2";
  int output_stride = 32;
  /// Orientations of a crop that the finished network averages: 1, 2, 4 or 8
  /// (ModelCard::views). Training sees one at a time, and its epochs are validated so.
  int views = 1;
  std::filesystem::path pretrained;  ///< safetensors to start from; empty: Kaiming normal
  int frozen_operations = 0;         ///< first operations of the backbone that do not learn
  int epochs = 15;
  int batch = 32;
  std::string optimiser = "adamw";  ///< or "sgd", with momentum 0.9
  double backbone_lr = 3e-4;
  double head_lr = 1e-3;
  /// With AdamW of weights alone: biases, norms and CAPE's scales have none. With SGD, and in "pf",
  /// of all that learns, as in CAPE's reference code.
  double weight_decay = 0.05;
  double warmup_epochs = 1;
  std::string schedule = "cosine";  ///< to 0; or "step": a tenth after each `step_epochs`
  int step_epochs = 0;              ///< 0: a third of all
  double clip_norm = 1.0;           ///< largest norm of all gradients together; 0: any
  double label_smoothing = 0;
  /// Each crop is blended with another of its batch, by shares drawn from Beta(mixup, mixup), and
  /// so are their labels (Zhang et al., ICLR 2018): keeps a small set from being learnt by heart.
  /// 0: not.
  double mixup = 0;
  /// Classes of unequal size: "none", "weights" in the cross-entropy, or "sampling", which shows
  /// each class equally often.
  std::string balance = "none";
  /// Decay of the running mean of the weights after each update; the mean is what is validated and
  /// kept. 0: the weights themselves.
  double average_decay = 0;
  int patience = 0;                   ///< epochs without a better one that end the run; 0: never
  std::string precision = "float32";  ///< of the backbone; or "bfloat16"
  std::string device = "cpu";         ///< as ClassifierOptions::device, without "auto"
  /// 0 trains on every image; then the figures, the calibration and the thresholds are those of
  /// `figures_from`, the model that the same recipe gave on a split.
  double validation_share = 0.2;
  std::filesystem::path figures_from;
  double moved_share = 0.2;        ///< of the crop's edge: how far validation cells are moved, too
  bool allow_conflicting = false;  ///< leave out images found in two classes instead of refusing
  std::uint64_t split_seed = 0;    ///< which images validate
  std::uint64_t seed = 0;          ///< of weights, order and variations
  int threads = 0;                 ///< 0: all cores
  AugmentOptions augment;
  std::vector<std::string> specimens;
  std::string stain;
  std::vector<TrainingSource> sources;  ///< `images` 0 in a single source: filled with their number
  /// Models of the same classes and input whose mean prediction on each varied crop is learnt from
  /// beside its label: an ensemble distilled into one network (Hinton et al., arXiv 1503.02531).
  std::vector<std::filesystem::path> teachers;
  double teacher_weight = 0.5;  ///< share of the cross-entropy that is theirs
  std::string limits;
  std::vector<std::string> faults;  ///< that the caller found in `data`: reported with the others
  /// Told, a sentence each, before the first epoch, what of the images is not used. May be empty.
  std::function<void(const std::string&)> notice;
  std::string config_toml;   ///< kept in the card
  std::string tool_version;  ///< likewise
};

/// What the validation split says of one epoch.
struct ValidationFigures {
  double loss = 0;               ///< mean negative log likelihood
  double accuracy = 0;           ///< of CAPE's head; for "cam" of the ordinary one
  double accuracy_moved = 0;     ///< likewise, cells moved within the crop
  double accuracy_ordinary = 0;  ///< of the ordinary head

  [[nodiscard]] double score() const { return (accuracy + accuracy_moved) / 2; }
};

struct EpochReport {
  int epoch = 0;  ///< from 1
  int epochs = 0;
  int step = 0;  ///< of this epoch, from 1
  int steps = 0;
  double loss = 0;  ///< mean over this epoch so far
  double seconds_left = 0;
  double waited = 0;  ///< share of this epoch's time that the network waited for images
  /// Step and steps count training images, outside of epochs: for the statistics behind the last
  /// one, or for the features that "pf" learns from.
  bool counts_images = false;
  bool ended = false;                           ///< the epoch is over
  std::optional<ValidationFigures> validation;  ///< of an epoch that is over; none without a split
};

using TrainProgress = std::function<void(const EpochReport&)>;
using StopRequest = std::function<bool()>;

/// Throws ConfigError listing every option that makes no sense, by its name in a configuration.
void check_train_options(const TrainOptions& options);

/// Trains by the scheme, keeps the epoch with the best accuracy on the validation split (mean of
/// centred and moved cells, of CAPE's head; of the ordinary one for "cam"), fits the two
/// calibration scales and the thresholds of confidence and strangeness on that split, takes the
/// statistics of the training cells' embeddings (models/detail/embedding.hpp), and writes
///   `<out>/model.safetensors`  half precision; the card's figures are of these rounded weights
///   `<out>/config.toml`        TrainOptions::config_toml
///   `<out>/inputs.json`        what else it was made from: files with SHA-256, device, threads
///   `<out>/metrics.csv`        a row for each epoch (none where a model is finished)
///   `<out>/curves.html`        the same, drawn
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
