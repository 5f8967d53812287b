#pragma once

/// What a training run is told and what it says of its epochs. No LibTorch here.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "models/data/appearance.hpp"
#include "models/data/augment.hpp"
#include "models/data/dataset.hpp"
#include "models/data/model_card.hpp"
#include "models/data/sources.hpp"

namespace cytocape {

struct TrainOptions;
struct EpochFigures;

/// The page of a run's curves, drawn from all its epochs so far.
using DrawHistory =
    std::function<std::string(const TrainOptions&, const std::vector<EpochFigures>&)>;

struct TrainOptions {
  std::string name;
  /// "ts": backbone and both heads together. "cam": the ordinary head alone, CAPE's head becomes a
  /// copy of it: the baseline, and a start for "pf". "pf" (post-fitting): CAPE's head and scales on
  /// the frozen network of `start`.
  std::string scheme = "ts";
  std::filesystem::path start;  ///< of "pf": the model that is fitted
  /// Not empty: nothing is trained, and only what follows training is done: calibration,
  /// thresholds, statistics of the embedding, figures. One model's weights stay as they are, byte
  /// for byte; several, of one network and one split, are joined into one
  /// (models/training/join.hpp).
  std::vector<std::filesystem::path> finish;
  /// Those of `finish`, two or more of one lineage, become the mean of their weights instead.
  bool mean = false;
  std::filesystem::path data;  ///< <data>/<class>/*.{jpg,png,tif}; the folder is the class
  /// Not empty: the images of several laboratories, in place of those of `data`.
  std::vector<DataSource> data_sources;
  /// Of `data_sources`, the one that the others are tried on (SplitOptions::leave_out): it chooses
  /// nothing, so the last epoch is kept.
  std::string leave_out;
  double data_mpp = 0;  ///< um/px of the images; of several sources, of what crop_px counts in
  int crop_px = 0;      ///< edge of the central square that is used, image pixels
  int input_px = 128;
  std::string backbone = "mobilenet_v2";
  int output_stride = 32;
  /// Orientations of a crop that the finished network averages: 1, 2, 4 or 8
  /// (ModelCard::views). Training sees one at a time, and its epochs are validated so.
  int views = 1;
  std::filesystem::path pretrained;  ///< safetensors to start from; empty: Kaiming normal
  int frozen_operations = 0;         ///< first operations of the backbone that do not learn
  int epochs = 15;
  int epoch_images = 0;  ///< of several sources, the crops of an epoch; 0: as many as images
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
  /// each class equally often. Of several sources one is drawn first, then the class in it.
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
  /// Figures on laboratories left out, for the card, and the calibration that fits them, in place
  /// of one fitted on the split: away from home a network is less right, and no less sure.
  std::optional<NeverSeen> never_seen;
  double moved_share = 0.2;        ///< of the crop's edge: how far validation cells are moved, too
  bool allow_conflicting = false;  ///< leave out images found in two classes instead of refusing
  std::uint64_t split_seed = 0;    ///< which images validate
  std::uint64_t seed = 0;          ///< of weights, order and variations
  int threads = 0;                 ///< 0: all cores
  AugmentOptions augment;
  AppearanceOptions appearance;
  std::vector<Specimen> specimens;
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
  DrawHistory draw_history;  ///< writes `<out>/curves.html`; none is written where it is empty
  std::string config_toml;   ///< kept in the card
  std::string tool_version;  ///< likewise
};

/// The images' pixel size of one source, and its crop's edge in image pixels: what shows as many um
/// as the first.
[[nodiscard]] double mpp_of(const TrainOptions& options, int source);
[[nodiscard]] int crop_px_of(const TrainOptions& options, int source);

/// Whether a source's cells are of a specimen that the model is for.
[[nodiscard]] bool is_own_specimen(const TrainOptions& options, int source);
/// Those of `images` that are.
[[nodiscard]] std::vector<LabelledImage> of_own_specimen(const TrainOptions& options,
                                                         const std::vector<LabelledImage>& images);

/// The labelled images that a run trains and validates on. Faults as join_sources.
[[nodiscard]] LabelledSet load_labels(const TrainOptions& options,
                                      std::vector<std::string>& faults);

/// What a run calls its images in messages.
[[nodiscard]] std::string data_name(const TrainOptions& options);

/// What the validation split says of one epoch.
struct ValidationFigures {
  double loss = 0;               ///< mean negative log likelihood
  double accuracy = 0;           ///< of CAPE's head; for "cam" of the ordinary one
  double accuracy_moved = 0;     ///< likewise, cells moved within the crop
  double accuracy_ordinary = 0;  ///< of the ordinary head

  [[nodiscard]] double score() const { return (accuracy + accuracy_moved) / 2; }
};

/// One epoch as the run keeps it.
struct EpochFigures {
  int epoch = 0;  ///< from 1
  double train_loss = 0;
  double learning_rate = 0;                     ///< the schedule's factor at its last update
  std::optional<ValidationFigures> validation;  ///< none without a split
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

}  // namespace cytocape
