#include "models/train.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <opencv2/core.hpp>
#include <thread>

#include "io/durable_file.hpp"
#include "io/errors.hpp"
#include "models/detail/device.hpp"
#include "models/detail/judge.hpp"
#include "models/detail/post_fit.hpp"
#include "models/detail/train_setup.hpp"
#include "models/detail/trainer.hpp"
#include "models/detail/weights.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

void write_text(const fs::path& path, const std::string& text) {
  PartialFile file(path);
  std::ofstream stream(file.partial(), std::ios::binary);
  stream << text;
  stream.close();
  if (!stream) {
    throw StorageError(
        fmt::format("{} cannot be written: check the folder and the space left", path.string()));
  }
  file.sync();
  file.commit();
}

void prepare_folder(const fs::path& out) {
  std::error_code error;
  fs::create_directories(out, error);
  if (error) {
    throw StorageError(fmt::format("{} cannot be made: {}", out.string(), error.message()));
  }
  if (fs::exists(out / "model.safetensors") && !fs::exists(out / "checkpoint.safetensors")) {
    throw ConfigError(
        fmt::format("{} holds a finished model: give another output folder", out.string()));
  }
}

/// The card of a run on all images, which has nothing to measure itself on: figures, calibration
/// and threshold are those of the model at `path`.
ModelCard with_figures_of(const ModelCard& card, const fs::path& path) {
  const ModelCard other = detail::read_card(SafetensorsFile::open(path), path.string());
  if (class_names(other) != class_names(card) || other.backbone != card.backbone ||
      other.output_stride != card.output_stride || other.input_px != card.input_px ||
      std::abs(other.mpp - card.mpp) > 1e-9 || other.scheme != card.scheme) {
    throw ConfigError(fmt::format(
        "figures_from {}: it is of another recipe (its classes, network, input or scheme differ): "
        "give the model that this configuration made with a validation split",
        path.string()));
  }
  ModelCard joined = other;
  joined.name = card.name;
  joined.training_data = card.training_data;
  joined.limits = card.limits;
  joined.tool_version = card.tool_version;
  joined.training_config = card.training_config;
  std::int64_t trained = 0;
  std::int64_t validated = 0;
  for (std::size_t c = 0; c < joined.classes.size(); ++c) {
    trained += other.classes[c].train_images;
    validated += other.classes[c].validation_images;
    joined.classes[c].train_images = card.classes[c].train_images;
  }
  joined.figures_of = fmt::format(
      "the same recipe trained on {} of the images and measured on the {} others; the network "
      "itself was trained on all",
      trained, validated);
  return joined;
}

/// Before training, so that a wrong --figures-from costs no epoch.
ModelCard with_figures(const TrainOptions& options, const ModelCard& card) {
  return options.figures_from.empty() ? card : with_figures_of(card, options.figures_from);
}

ModelCard finish(const TrainOptions& options, const fs::path& out, detail::CapeNet& network,
                 const detail::TrainData& data, const ModelCard& card) {
  network.backbone().precision = torch::kFloat32;
  detail::round_to_half(network);
  const ModelCard finished =
      options.figures_from.empty() ? detail::judged_card(network, data, card) : card;
  detail::save_model(out / "model.safetensors", network, finished, DType::f16);
  return finished;
}

ModelCard train_network(const TrainOptions& options, const fs::path& out, const LabelledSet& set,
                        const detail::TrainData& data, const TrainProgress& progress,
                        const StopRequest& stop) {
  const ModelCard card = with_figures(options, detail::initial_card(options, set));
  detail::Trainer trainer(options, data, card);
  trainer.resume(out / "checkpoint.safetensors", detail::fingerprint_of(options, set));
  const auto report = [&](const EpochReport& told) {
    if (told.validated) {
      write_text(out / "metrics.csv", detail::metrics_csv(trainer.history()));
      write_text(out / "curves.html", detail::curves_html(options.name, trainer.history()));
    }
    progress(told);
  };
  if (!trainer.run(report, stop)) return {};
  const ModelCard finished = finish(options, out, trainer.best_network(), data, card);
  fs::remove(out / "checkpoint.safetensors");
  return finished;
}

/// The backbone's features of every training cell once, varied as in an epoch of training; half
/// precision, since a thousand cells take 0.3 GB in float32.
torch::Tensor features_of(detail::CapeNet& network, const detail::TrainData& data,
                          const ModelCard& card, const TrainProgress& progress) {
  const torch::NoGradGuard no_grad;
  network.eval();
  std::vector<torch::Tensor> parts;
  for (int step = 0; step < data.steps(); ++step) {
    const detail::CropBatch batch = data.batch(0, step);
    const auto count = static_cast<std::int64_t>(batch.labels.size());
    const auto input = detail::network_input(batch, 0, count, card, network.t1.device());
    parts.push_back(network.features(input).to(torch::kHalf));
    progress({.epoch = 1, .epochs = 1, .step = step + 1, .steps = data.steps()});
  }
  return torch::cat(parts);
}

detail::PostFitOptions post_fit_options(const TrainOptions& options) {
  return {.epochs = options.epochs,
          .batch = options.batch,
          .optimiser = options.optimiser,
          .learning_rate = options.head_lr,
          .weight_decay = options.weight_decay,
          .seed = options.seed,
          .schedule = [options](int update, int updates) {
            return detail::learning_rate_factor(options, update, updates,
                                                static_cast<double>(updates) / options.epochs);
          }};
}

ModelCard fit_network(const TrainOptions& options, const fs::path& out, const LabelledSet& set,
                      const detail::TrainData& data, const TrainProgress& progress) {
  const auto file = SafetensorsFile::open(options.start);
  const ModelCard start = detail::read_card(file, options.start.string());
  const ModelCard card = with_figures(options, detail::post_fit_card(options, set, start));
  detail::CapeNet network(start.backbone, static_cast<std::int64_t>(start.classes.size()),
                          start.output_stride);
  detail::load_state(network, file, options.start.string());
  const auto device = detail::parse_device(options.device);
  network.to(device);
  at::set_num_threads(options.threads);
  detail::post_fit(network, features_of(network, data, card, progress), post_fit_options(options));
  return finish(options, out, network, data, card);
}

}  // namespace

ModelCard train_model(const TrainOptions& given, const fs::path& out, const TrainProgress& progress,
                      const StopRequest& stop) {
  check_train_options(given);
  prepare_folder(out);
  TrainOptions options = given;
  if (options.threads == 0) {
    options.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  }
  // Crops are small: OpenCV's own threads would only fight LibTorch's for the cores.
  cv::setNumThreads(1);
  std::vector<std::string> faults = options.faults;
  const LabelledSet set = split_labelled_folder(
      options.data, options.validation_share, options.split_seed,
      options.allow_conflicting ? Conflicts::leave_out : Conflicts::refuse, &faults);
  const detail::TrainData data = detail::TrainData::load(set, options, faults);
  write_text(out / "config.toml", options.config_toml);
  write_text(out / "validation.txt", detail::file_list(set.validation));
  return options.scheme == "pf" ? fit_network(options, out, set, data, progress)
                                : train_network(options, out, set, data, progress, stop);
}

}  // namespace cytocape
