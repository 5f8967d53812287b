#include "models/data/train_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/data/backbone_kind.hpp"

namespace cytocape {
namespace {

constexpr double kMostEpochs = 1e5;
/// A rate too high ends its run with a message of its own; the bound keeps sums within doubles.
constexpr double kLowestRate = 1e-15;
constexpr double kHighestRate = 1e6;
/// A variation of 1 would leave nothing of a crop's light or colour.
constexpr double kMostColour = 0.9;

WholeOption one_of(OptionPlace<int> place, const std::vector<int>& only) {
  const auto [low, high] = std::minmax_element(only.begin(), only.end());
  return {place, *low, *high, only};
}

using Own = TrainOptions;
using Augment = AugmentOptions;
using Varied = AppearanceOptions;
constexpr auto kNone = OptionDefault::none;

std::vector<TrainOption> data_options() {
  return {{"name", TextOption{&Own::name}, kNone},
          {"scheme", ChoiceOption{&Own::scheme, {"ts", "cam", "pf"}}},
          {"stain", TextOption{&Own::stain}},
          {"data.mpp", NumberOption{&Own::data_mpp, 0.01, kMaxCropMpp}, kNone},
          {"data.crop_px", WholeOption{&Own::crop_px, 8, 100'000}, kNone},
          {"data.validation_share", NumberOption{&Own::validation_share, 0, 0.9}},
          {"data.split_seed", SeedOption{&Own::split_seed}},
          {"data.allow_conflicting", FlagOption{&Own::allow_conflicting}},
          {"validation.leave_out", TextOption{&Own::leave_out}},
          {"card.limits", TextOption{&Own::limits}}};
}

std::vector<TrainOption> network_options() {
  return {{"network.backbone", ChoiceOption{&Own::backbone, all_codes<BackboneKind>()}},
          {"network.output_stride",
           one_of(&Own::output_stride, {kOutputStrides.begin(), kOutputStrides.end()})},
          {"network.views", one_of(&Own::views, {kViews.begin(), kViews.end()})},
          {"network.input_px", WholeOption{&Own::input_px, kMinInputPx, kMaxInputPx}},
          {"network.frozen_operations", WholeOption{&Own::frozen_operations, 0, 1000}},
          {"network.precision", ChoiceOption{&Own::precision, {"float32", "bfloat16"}}}};
}

std::vector<TrainOption> optimiser_options() {
  const auto epochs = static_cast<int>(kMostEpochs);
  return {{"optimiser.name", ChoiceOption{&Own::optimiser, {"adamw", "sgd"}}},
          {"optimiser.label_smoothing", NumberOption{&Own::label_smoothing, 0, 0.9}},
          {"optimiser.mixup", NumberOption{&Own::mixup, 0, 1}},
          {"optimiser.balance", ChoiceOption{&Own::balance, {"none", "weights", "sampling"}}},
          {"optimiser.average_decay", NumberOption{&Own::average_decay, 0, 0.99999}},
          {"optimiser.seed", SeedOption{&Own::seed}},
          {"optimiser.teacher_weight", NumberOption{&Own::teacher_weight, 0, 0.99}},
          {"optimiser.patience", WholeOption{&Own::patience, 0, epochs}},
          {"optimiser.epochs", WholeOption{&Own::epochs, 1, epochs}},
          {"optimiser.epoch_images", WholeOption{&Own::epoch_images, 0, 100'000'000}},
          {"optimiser.batch_images", WholeOption{&Own::batch, 2, 4096}},
          {"optimiser.backbone_learning_rate",
           NumberOption{&Own::backbone_lr, kLowestRate, kHighestRate}},
          {"optimiser.head_learning_rate", NumberOption{&Own::head_lr, kLowestRate, kHighestRate}},
          {"optimiser.weight_decay", NumberOption{&Own::weight_decay, 0, 10}},
          {"optimiser.warmup_epochs", NumberOption{&Own::warmup_epochs, 0, kMostEpochs}},
          {"optimiser.schedule", ChoiceOption{&Own::schedule, {"cosine", "step"}}},
          {"optimiser.step_epochs", WholeOption{&Own::step_epochs, 0, epochs}},
          {"optimiser.clip_norm", NumberOption{&Own::clip_norm, 0, 1e6}}};
}

std::vector<TrainOption> augment_options() {
  return {{"augment.rotate", FlagOption{&Augment::rotate}},
          {"augment.flip", FlagOption{&Augment::flip}},
          {"augment.shift", NumberOption{&Augment::shift, 0, 0.5}},
          {"augment.moved_share", NumberOption{&Own::moved_share, 0, 0.49}},
          {"augment.scale_min", NumberOption{&Augment::scale_min, 0.1, 10}},
          {"augment.scale_max", NumberOption{&Augment::scale_max, 0.1, 10}},
          {"augment.brightness", NumberOption{&Augment::brightness, 0, kMostColour}},
          {"augment.channel_gain", NumberOption{&Augment::channel_gain, 0, kMostColour}},
          {"augment.contrast", NumberOption{&Augment::contrast, 0, kMostColour}},
          {"augment.saturation", NumberOption{&Augment::saturation, 0, kMostColour}}};
}

std::vector<TrainOption> appearance_options() {
  return {{"appearance.on", FlagOption{&Varied::on}},
          {"appearance.stain_mixing", NumberOption{&Varied::stain_mixing, 0, 0.3}},
          {"appearance.stain_gain", NumberOption{&Varied::stain_gain, 0, 1}},
          {"appearance.channel_gain", NumberOption{&Varied::channel_gain, 0, 1}},
          {"appearance.glass", NumberOption{&Varied::glass, 0, 1}},
          {"appearance.glass_channel", NumberOption{&Varied::glass_channel, 0, 0.5}},
          {"appearance.blur_share", NumberOption{&Varied::blur_share, 0, 1}},
          {"appearance.blur_min_um", NumberOption{&Varied::blur_min_um, 0.01, 2}},
          {"appearance.blur_max_um", NumberOption{&Varied::blur_max_um, 0.01, 2}},
          {"appearance.unsharp_share", NumberOption{&Varied::unsharp_share, 0, 1}},
          {"appearance.noise_share", NumberOption{&Varied::noise_share, 0, 1}},
          {"appearance.noise", NumberOption{&Varied::noise, 0, 50}}};
}

/// A value as TOML writes it.
template <typename Kind>
std::string toml_value(const Kind& kind, const TrainOptions& options) {
  return fmt::format("{}", kind.place.in(options));
}
std::string toml_value(const ChoiceOption& kind, const TrainOptions& options) {
  return fmt::format("\"{}\"", kind.place.in(options));
}
std::string toml_value(const TextOption& kind, const TrainOptions& options) {
  return fmt::format("\"{}\"", kind.place.in(options));
}

}  // namespace

const std::vector<TrainOption>& train_option_table() {
  static const std::vector<TrainOption> table = [] {
    auto all = data_options();
    for (auto&& part :
         {network_options(), optimiser_options(), augment_options(), appearance_options()})
      all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return table;
}

std::string train_defaults_toml() {
  const TrainOptions defaults;
  std::string lines;
  for (const TrainOption& option : train_option_table()) {
    if (option.default_value == OptionDefault::none) continue;
    const auto value =
        std::visit([&](const auto& kind) { return toml_value(kind, defaults); }, option.kind);
    lines += fmt::format("{} = {}\n", option.key, value);
  }
  return lines;
}

}  // namespace cytocape
