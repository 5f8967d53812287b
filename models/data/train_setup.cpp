#include "models/data/train_setup.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>

#include "io/digest.hpp"
#include "io/fault_list.hpp"

namespace cytocape {
namespace {

/// Requires `holds`, else a fault naming the option, its value and what is right.
template <typename Value>
void require(FaultList& faults, bool holds, const std::string& name, const Value& value,
             const char* right) {
  if (!holds) faults.add("{} is {}: {}", name, value, right);
}

void check_augment(const AugmentOptions& options, FaultList& faults) {
  const auto share = [&](double value, const char* name) {
    require(faults, value >= 0 && value < 1, std::string("augment.") + name, value,
            "give a share from 0 to below 1");
  };
  share(options.shift, "shift");
  share(options.brightness, "brightness");
  share(options.channel_gain, "channel_gain");
  share(options.contrast, "contrast");
  share(options.saturation, "saturation");
  require(faults, options.scale_min > 0 && options.scale_min <= options.scale_max,
          "augment.scale_min", options.scale_min, "give a number above 0, at most scale_max");
}

/// What a backbone's ImageNet weights were trained with; a network from scratch takes the same.
void set_normalisation(ModelCard& card) {
  if (card.backbone == "mobilenet_v2") {
    card.mean = {0.5, 0.5, 0.5};
    card.std = {0.5, 0.5, 0.5};
  } else if (card.backbone == "efficientnet_lite0") {
    card.mean = {127.0 / 255, 127.0 / 255, 127.0 / 255};
    card.std = {128.0 / 255, 128.0 / 255, 128.0 / 255};
  } else {
    card.mean = {0.485, 0.456, 0.406};
    card.std = {0.229, 0.224, 0.225};
  }
}

}  // namespace

void check_train_options(const TrainOptions& options) {
  FaultList faults;
  const auto positive = [&](double value, const char* name) {
    require(faults, value > 0 && std::isfinite(value), name, value, "give a number above 0");
  };
  if (options.name.empty()) faults.add("name is empty: give the model one");
  positive(options.data_mpp, "data.mpp");
  positive(options.crop_px, "data.crop_px");
  require(faults, options.input_px >= 32 && options.input_px <= 1024, "network.input_px",
          options.input_px, "give 32 to 1024");
  require(faults, options.data_mpp * options.crop_px <= 1000, "data.mpp * data.crop_px",
          options.data_mpp * options.crop_px, "give a crop of at most 1000 um");
  require(faults, options.output_stride == 32 || options.output_stride == 16,
          "network.output_stride", options.output_stride, "give 32 or 16");
  const bool views =
      options.views == 1 || options.views == 2 || options.views == 4 || options.views == 8;
  require(faults, views, "network.views", options.views, "give 1, 2, 4 or 8");
  require(faults, options.frozen_operations >= 0, "network.frozen_operations",
          options.frozen_operations, "give 0 or more");
  const bool trains = options.finish.empty();
  const bool learns_backbone = trains && options.scheme != "pf";
  if (learns_backbone && options.frozen_operations > 0 && options.pretrained.empty()) {
    faults.add(
        "network.frozen_operations is {} without --pretrained: random operations would never "
        "learn; set it to 0 or give weights",
        options.frozen_operations);
  }
  if (!learns_backbone) {
    const char* why = trains ? "post-fitting (pf)" : "--finish";
    if (!options.pretrained.empty()) faults.add("--pretrained has no use with {}: omit it", why);
    if (!options.teachers.empty()) faults.add("--teacher has no use with {}: omit it", why);
  }
  positive(options.epochs, "optimiser.epochs");
  require(faults, options.batch >= 2, "optimiser.batch_images", options.batch, "give at least 2");
  positive(options.backbone_lr, "optimiser.backbone_learning_rate");
  positive(options.head_lr, "optimiser.head_learning_rate");
  require(faults, options.clip_norm >= 0 && std::isfinite(options.clip_norm), "optimiser.clip_norm",
          options.clip_norm, "give 0 or more");
  require(faults, options.step_epochs >= 0, "optimiser.step_epochs", options.step_epochs,
          "give 0 or more");
  require(faults, options.weight_decay >= 0, "optimiser.weight_decay", options.weight_decay,
          "give 0 or more");
  require(faults, options.warmup_epochs >= 0 && options.warmup_epochs < options.epochs,
          "optimiser.warmup_epochs", options.warmup_epochs, "give 0 or more, fewer than epochs");
  require(faults, options.schedule == "cosine" || options.schedule == "step", "optimiser.schedule",
          options.schedule, "give cosine or step");
  const auto one_of = [&](const char* name, const std::string& value,
                          const std::vector<std::string>& known) {
    if (std::find(known.begin(), known.end(), value) != known.end()) return;
    faults.add("{} is {}: give {}", name, value, fmt::join(known, ", "));
  };
  one_of("scheme", options.scheme, {"ts", "cam", "pf"});
  one_of("optimiser.name", options.optimiser, {"adamw", "sgd"});
  one_of("optimiser.balance", options.balance, {"none", "weights", "sampling"});
  one_of("network.precision", options.precision, {"float32", "bfloat16"});
  if (trains && (options.scheme == "pf") == options.start.empty()) {
    faults.add("scheme {} {} --start: post-fitting (pf), and it alone, starts from a model",
               options.scheme, options.start.empty() ? "without" : "with");
  }
  const auto share = [&](const char* name, double value) {
    require(faults, value >= 0 && value < 1, name, value, "give a share from 0 to below 1");
  };
  share("optimiser.label_smoothing", options.label_smoothing);
  require(faults, options.mixup >= 0 && options.mixup <= 1, "optimiser.mixup", options.mixup,
          "give a number from 0 to 1");
  share("optimiser.teacher_weight", options.teacher_weight);
  share("optimiser.average_decay", options.average_decay);
  share("data.validation_share", options.validation_share);
  require(faults, options.patience >= 0, "optimiser.patience", options.patience, "give 0 or more");
  if ((options.validation_share == 0) == options.figures_from.empty()) {
    faults.add(
        "data.validation_share is {} {} --figures-from: training on all images needs the model of "
        "the same recipe on a split, and it alone does",
        options.validation_share, options.figures_from.empty() ? "without" : "with");
  }
  if (options.validation_share == 0 && options.patience > 0) {
    faults.add("optimiser.patience is {} without a validation split: set it to 0",
               options.patience);
  }
  require(faults, options.moved_share >= 0 && options.moved_share < 0.5, "augment.moved_share",
          options.moved_share, "give a share from 0 to below 0.5");
  require(faults, options.threads >= 0, "--threads", options.threads, "give 0 or more");
  check_augment(options.augment, faults);
  faults.throw_if_any("training options");
}

namespace {

/// The weights' training images are those of `start`, whatever this run measures on. Where their
/// numbers differ from this run's split, the figures may be of images that it has learnt.
void tell_what_was_learnt(const ModelCard& start, ModelCard& card) {
  std::int64_t learnt = 0;
  std::int64_t own = 0;
  for (std::size_t c = 0; c < card.classes.size(); ++c) {
    learnt += start.classes[c].train_images;
    own += card.classes[c].train_images;
  }
  if (learnt == 0) return;  // not trained here
  if (learnt != own) {
    card.figures_of = fmt::format(
        "images of which the network may have learnt some: it was trained on {} images, and this "
        "split has {} for that",
        learnt, own);
  }
  for (std::size_t c = 0; c < card.classes.size(); ++c) {
    card.classes[c].train_images = start.classes[c].train_images;
  }
  if (!start.training_data.empty()) card.training_data = start.training_data;
}

}  // namespace

namespace detail {

ModelCard initial_card(const TrainOptions& options, const LabelledSet& set) {
  ModelCard card;
  card.name = options.name;
  card.backbone = options.backbone;
  card.output_stride = options.output_stride;
  card.views = options.views;
  for (const std::string& name : set.classes) card.classes.push_back({.name = name});
  for (const LabelledImage& image : set.train) {
    ++card.classes[static_cast<std::size_t>(image.label)].train_images;
  }
  for (const LabelledImage& image : set.validation) {
    ++card.classes[static_cast<std::size_t>(image.label)].validation_images;
  }
  card.specimens = options.specimens;
  card.stain = options.stain;
  card.input_px = options.input_px;
  card.mpp = options.data_mpp * options.crop_px / options.input_px;
  set_normalisation(card);
  card.training_data = options.sources;
  if (card.training_data.size() == 1 && card.training_data[0].images == 0) {
    card.training_data[0].images =
        static_cast<std::int64_t>(set.train.size() + set.validation.size());
  }
  card.limits = options.limits;
  card.tool_version = options.tool_version;
  card.scheme = options.scheme;
  card.training_config = options.config_toml;
  return card;
}

ModelCard card_of_start(const TrainOptions& options, const LabelledSet& set, const ModelCard& start,
                        const std::filesystem::path& path) {
  FaultList faults;
  const auto same = [&](const char* name, const auto& own, const auto& theirs) {
    require(faults, own == theirs, name, own, fmt::format("{} has {}", start.name, theirs).c_str());
  };
  ModelCard card = initial_card(options, set);
  same("network.backbone", card.backbone, start.backbone);
  same("network.output_stride", card.output_stride, start.output_stride);
  same("network.input_px", card.input_px, start.input_px);
  require(faults, std::abs(card.mpp / start.mpp - 1) < 1e-3, "data.mpp * data.crop_px / input_px",
          card.mpp, fmt::format("{} has {}", start.name, start.mpp).c_str());
  same("the classes of the images", fmt::format("{}", fmt::join(class_names(card), " ")),
       fmt::format("{}", fmt::join(class_names(start), " ")));
  faults.throw_if_any("model " + path.string());
  card.mean = start.mean;
  card.std = start.std;
  card.members = start.members;
  tell_what_was_learnt(start, card);
  return card;
}

std::string file_list(const std::vector<LabelledImage>& images) {
  std::string lines;
  for (const LabelledImage& image : images) {
    lines += (image.path.parent_path().filename() / image.path.filename()).string() + "\n";
  }
  return lines;
}

std::string unused_files(const LabelledSet& set) {
  std::string lines;
  for (const auto& path : set.passed_over) {
    lines += path.string() + "\tno jpg, png or tif file\n";
  }
  for (const auto& path : set.left_out) lines += path.string() + "\tin two classes\n";
  return lines;
}

std::string fingerprint_of(const TrainOptions& options, const LabelledSet& set) {
  std::string contents;
  for (const auto* side : {&set.train, &set.validation}) {
    for (const LabelledImage& image : *side) contents += image.sha256;
  }
  std::vector<std::string> teachers;
  for (const auto& path : options.teachers) teachers.push_back(sha256_of_file(path));
  const AugmentOptions& augment = options.augment;
  const nlohmann::json record = {
      {"name", options.name},
      {"training images", sha256_of(file_list(set.train))},
      {"validation images", sha256_of(file_list(set.validation))},
      {"images", sha256_of(contents)},
      {"data_mpp", options.data_mpp},
      {"crop_px", options.crop_px},
      {"input_px", options.input_px},
      {"backbone", options.backbone},
      {"output_stride", options.output_stride},
      {"views", options.views},
      {"pretrained", options.pretrained.empty() ? "" : sha256_of_file(options.pretrained)},
      {"frozen_operations", options.frozen_operations},
      {"epochs", options.epochs},
      {"batch", options.batch},
      {"backbone_lr", options.backbone_lr},
      {"head_lr", options.head_lr},
      {"scheme", options.scheme},
      {"optimiser", options.optimiser},
      {"label_smoothing", options.label_smoothing},
      {"mixup", options.mixup},
      {"balance", options.balance},
      {"average_decay", options.average_decay},
      {"patience", options.patience},
      {"precision", options.precision},
      {"device", options.device},
      {"weight_decay", options.weight_decay},
      {"warmup_epochs", options.warmup_epochs},
      {"schedule", options.schedule},
      {"step_epochs", options.step_epochs},
      {"clip_norm", options.clip_norm},
      {"moved_share", options.moved_share},
      {"seed", options.seed},
      {"split_seed", options.split_seed},
      {"teachers", teachers},
      {"teacher_weight", options.teacher_weight},
      {"augment",
       {augment.rotate, augment.flip, augment.shift, augment.scale_min, augment.scale_max,
        augment.brightness, augment.channel_gain, augment.contrast, augment.saturation}},
      {"training_config", options.config_toml}};
  return record.dump();
}

double learning_rate_factor(const TrainOptions& options, double update, double total,
                            double updates_per_epoch) {
  const double warmup = options.warmup_epochs * updates_per_epoch;
  if (update < warmup) return (update + 1) / warmup;
  if (options.schedule == "step") {
    const double step =
        options.step_epochs > 0 ? options.step_epochs * updates_per_epoch : total / 3;
    return std::pow(0.1, std::floor(update / step));
  }
  const double done = (update - warmup) / std::max(1.0, total - warmup);
  return 0.5 * (1 + std::cos(std::numbers::pi * done));
}

}  // namespace detail
}  // namespace cytocape
