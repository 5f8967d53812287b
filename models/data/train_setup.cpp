#include "models/data/train_setup.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <numbers>

#include "io/digest.hpp"
#include "io/errors.hpp"
#include "io/fault_list.hpp"
#include "models/data/backbone_kind.hpp"
#include "models/data/train_table.hpp"

namespace cytocape {
namespace {

/// Requires `holds`, else a fault naming the option, its value and what is right.
template <typename Value>
void require(FaultList& faults, bool holds, const std::string& name, const Value& value,
             const char* right) {
  if (!holds) faults.add("{} is {}: {}", name, value, right);
}

/// Faults of one option by itself; every bound is the table's.
struct OptionCheck {
  const std::string& key;
  const TrainOptions& options;
  FaultList& faults;

  void operator()(const NumberOption& kind) const {
    const double value = kind.place.in(options);
    const bool right = value >= kind.low && value <= kind.high;
    if (!right)
      faults.add("{} is {}: give a number from {} to {}", key, value, kind.low, kind.high);
  }
  void operator()(const WholeOption& kind) const {
    const int value = kind.place.in(options);
    const auto& only = kind.only;
    if (!only.empty() && std::find(only.begin(), only.end(), value) == only.end())
      faults.add("{} is {}: give {}", key, value, alternatives(only));
    else if (value < kind.low || value > kind.high)
      faults.add("{} is {}: give a whole number from {} to {}", key, value, kind.low, kind.high);
  }
  void operator()(const ChoiceOption& kind) const {
    const auto& value = kind.place.in(options);
    if (std::find(kind.known.begin(), kind.known.end(), value) == kind.known.end())
      faults.add("{} is {}: give {}", key, value, fmt::join(kind.known, ", "));
  }
  // Every value is right.
  void operator()(const SeedOption&) const {}
  void operator()(const FlagOption&) const {}
  void operator()(const TextOption&) const {}
};

/// Options that are right by themselves and not beside each other.
void check_numbers_together(const TrainOptions& options, FaultList& faults) {
  const double crop_um = options.data_mpp * options.crop_px;
  if (!(crop_um <= kMaxCropUm))
    faults.add("data.mpp * data.crop_px is {}: give a crop of at most {} um", crop_um, kMaxCropUm);
  require(faults, options.warmup_epochs < options.epochs, "optimiser.warmup_epochs",
          options.warmup_epochs, "give fewer than epochs");
  require(faults, options.augment.scale_min <= options.augment.scale_max, "augment.scale_min",
          options.augment.scale_min, "give at most scale_max");
  const AppearanceOptions& appearance = options.appearance;
  require(faults, appearance.blur_min_um <= appearance.blur_max_um, "appearance.blur_min_um",
          appearance.blur_min_um, "give at most blur_max_um");
  require(faults, appearance.blur_share + appearance.unsharp_share <= 1, "appearance.blur_share",
          appearance.blur_share, "give at most 1 - unsharp_share: no crop is both");
}

/// What a scheme starts from, and what it has no use for.
void check_start(const TrainOptions& options, FaultList& faults) {
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
    if (!options.pretrained.empty()) faults.add("--pretrained has no effect with {}: omit it", why);
    if (!options.teachers.empty()) faults.add("--teacher has no effect with {}: omit it", why);
  }
  if (options.mean && options.finish.size() < 2)
    faults.add("--mean with {} of --finish: give two or more models", options.finish.size());
  if (trains && (options.scheme == "pf") == options.start.empty()) {
    faults.add("scheme {} {} --start: post-fitting (pf), and it alone, starts from a model",
               options.scheme, options.start.empty() ? "without" : "with");
  }
}

constexpr double kFinestMpp = 0.01;

void check_sources(const TrainOptions& options, FaultList& faults) {
  bool found = options.leave_out.empty();
  bool own = options.data_sources.empty();
  for (std::size_t i = 0; i < options.data_sources.size(); ++i) {
    const DataSource& source = options.data_sources[i];
    found = found || source.name == options.leave_out;
    own =
        own || (is_own_specimen(options, static_cast<int>(i)) && source.name != options.leave_out);
    const auto key = [&](const char* name) {
      return fmt::format("source.{}.{}", source.name, name);
    };
    require(faults, source.mpp >= kFinestMpp && source.mpp <= kMaxCropMpp, key("mpp"), source.mpp,
            fmt::format("give um/px from {} to {}", kFinestMpp, kMaxCropMpp).c_str());
    require(faults, source.share > 0 && source.share <= 1e6, key("share"), source.share,
            "give a number above 0");
  }
  if (!own)
    faults.add(
        "source.*.specimen: none that trains is of the model's specimens: give one of these, or "
        "none");
  if (!found) {
    std::vector<std::string> names;
    for (const auto& source : options.data_sources) names.push_back(source.name);
    faults.add("validation.leave_out is {}: {}", options.leave_out,
               names.empty() ? "it needs several sources (source.NAME.folder)"
                             : fmt::format("give one of {}", fmt::join(names, ", ")));
  }
  if (options.data_sources.empty()) {
    require(faults, options.epoch_images == 0, "optimiser.epoch_images", options.epoch_images,
            "an epoch of a single source shows each image once: give 0");
    return;
  }
  require(faults, options.leave_out.empty() || options.data_sources.size() > 1,
          "validation.leave_out", options.leave_out, "no other source is left to learn from");
  require(faults, options.balance != "weights", "optimiser.balance", options.balance,
          "several sources are drawn by their shares, then by class: give none");
  require(faults, options.leave_out.empty() || options.patience == 0, "optimiser.patience",
          options.patience, "a laboratory that is left out chooses nothing: give 0");
}

void check_split(const TrainOptions& options, FaultList& faults) {
  if (!options.leave_out.empty()) {
    if (!options.figures_from.empty())
      faults.add("--figures-from has no effect with validation.leave_out: omit it");
    return;
  }
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
}

/// What a backbone's ImageNet weights were trained with; a network from scratch takes the same.
void set_normalisation(ModelCard& card) {
  const auto kind = value_named<BackboneKind>(card.backbone);
  if (!kind) return;  // refused by make_backbone
  card.mean = labels_of(*kind).mean;
  card.std = labels_of(*kind).std;
}

}  // namespace

double mpp_of(const TrainOptions& options, int source) {
  return options.data_sources.empty() ? options.data_mpp
                                      : options.data_sources[static_cast<std::size_t>(source)].mpp;
}

int crop_px_of(const TrainOptions& options, int source) {
  if (options.data_sources.empty()) return options.crop_px;
  const double crop_um = options.data_mpp * options.crop_px;
  return static_cast<int>(std::lround(crop_um / mpp_of(options, source)));
}

bool is_own_specimen(const TrainOptions& options, int source) {
  if (options.data_sources.empty()) return true;
  const auto specimen = options.data_sources[static_cast<std::size_t>(source)].specimen;
  const auto& own = options.specimens;
  return !specimen || std::find(own.begin(), own.end(), *specimen) != own.end();
}

std::vector<LabelledImage> of_own_specimen(const TrainOptions& options,
                                           const std::vector<LabelledImage>& images) {
  std::vector<LabelledImage> own;
  std::copy_if(images.begin(), images.end(), std::back_inserter(own),
               [&](const auto& image) { return is_own_specimen(options, image.source); });
  return own;
}

LabelledSet load_labels(const TrainOptions& options, std::vector<std::string>& faults) {
  const auto conflicts = options.allow_conflicting ? Conflicts::leave_out : Conflicts::refuse;
  if (options.data_sources.empty())
    return split_labelled_folder(options.data, options.validation_share, options.split_seed,
                                 conflicts, &faults);
  return join_sources(options.data_sources,
                      {.validation_share = options.validation_share,
                       .seed = options.split_seed,
                       .conflicts = conflicts,
                       .leave_out = options.leave_out},
                      faults);
}

std::string data_name(const TrainOptions& options) {
  return options.data_sources.empty() ? options.data.string() : "the sources of this training";
}

void check_train_options(const TrainOptions& options) {
  FaultList faults;
  if (options.name.empty()) faults.add("name is empty: give the model one");
  for (const TrainOption& option : train_option_table())
    std::visit(OptionCheck{option.key, options, faults}, option.kind);
  require(faults, options.threads >= 0, "--threads", options.threads, "give 0 or more");
  check_numbers_together(options, faults);
  check_start(options, faults);
  check_sources(options, faults);
  check_split(options, faults);
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

nlohmann::json sources_record(const std::vector<DataSource>& sources) {
  auto record = nlohmann::json::array();
  for (const auto& source : sources)
    record.push_back({source.name, source.mpp, source.share, source.classes,
                      source.specimen ? labels_of(*source.specimen).code : ""});
  return record;
}

nlohmann::json appearance_record(const AppearanceOptions& appearance) {
  if (!appearance.on) return nullptr;
  return {appearance.stain_mixing, appearance.stain_gain,    appearance.channel_gain,
          appearance.glass,        appearance.glass_channel, appearance.blur_share,
          appearance.blur_min_um,  appearance.blur_max_um,   appearance.unsharp_share,
          appearance.noise_share,  appearance.noise};
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
  // An image of which a group alone is known counts for none of its classes.
  for (const LabelledImage& image : set.train) {
    const auto label = static_cast<std::size_t>(image.label);
    if (label < card.classes.size()) ++card.classes[label].train_images;
  }
  for (const LabelledImage& image : set.validation) {
    const auto label = static_cast<std::size_t>(image.label);
    if (label < card.classes.size()) ++card.classes[label].validation_images;
  }
  card.specimens = options.specimens;
  card.stain = options.stain;
  card.input_px = options.input_px;
  card.mpp = options.data_mpp * options.crop_px / options.input_px;
  set_normalisation(card);
  card.training_data =
      options.data_sources.empty() ? options.sources : sources_of_card(options.data_sources, set);
  if (!options.leave_out.empty())
    card.figures_of =
        fmt::format("images of the laboratory {}, from which the network has learnt nothing",
                    options.leave_out);
  if (options.data_sources.empty() && card.training_data.size() == 1 &&
      card.training_data[0].images == 0) {
    card.training_data[0].images =
        static_cast<std::int64_t>(set.train.size() + set.validation.size());
  }
  card.limits = options.limits;
  if (options.never_seen) card.never_seen = options.never_seen->laboratories;
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
    lines += path.string() + "\tnot a jpg, png or tif file\n";
  }
  for (const auto& path : set.left_out) lines += path.string() + "\tin two classes\n";
  for (const auto& path : set.apart)
    lines += path.string() + "\tof a class that no other source has\n";
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
      {"epoch_images", options.epoch_images},
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
      {"appearance", appearance_record(options.appearance)},
      {"sources", sources_record(options.data_sources)},
      {"leave_out", options.leave_out},
      {"never_seen",
       options.never_seen ? laboratories_to_json(options.never_seen->laboratories) : ""},
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
