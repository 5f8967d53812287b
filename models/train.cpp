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

/// What a run works on.
struct Run {
  const TrainOptions& options;
  const fs::path& out;
  const LabelledSet& set;
  const detail::TrainData& data;
  const TrainProgress& progress;
};

/// The last stage, with the weights as a file of `dtype` holds them.
ModelCard finish(const Run& run, detail::CapeNet& network, const ModelCard& card, DType dtype) {
  network.embedding =
      detail::fit_embedding(network, run.set.train, run.options, {card, run.progress});
  const ModelCard finished =
      run.options.figures_from.empty() ? detail::judged_card(network, run.data, card) : card;
  detail::save_model(run.out / "model.safetensors", network, finished, dtype);
  return finished;
}

ModelCard finish_trained(const Run& run, detail::CapeNet& network, const ModelCard& card) {
  detail::round_to_half(network);
  return finish(run, network, card, DType::f16);
}

ModelCard train_network(const Run& run, const StopRequest& stop) {
  const TrainOptions& options = run.options;
  const fs::path& out = run.out;
  const ModelCard card = with_figures(options, detail::initial_card(options, run.set));
  detail::Trainer trainer(options, run.data, card);
  trainer.resume(out / "checkpoint.safetensors", detail::fingerprint_of(options, run.set));
  const auto report = [&](const EpochReport& told) {
    if (told.validated) {
      write_text(out / "metrics.csv", detail::metrics_csv(trainer.history()));
      write_text(out / "curves.html", detail::curves_html(options.name, trainer.history()));
    }
    run.progress(told);
  };
  if (!trainer.run(report, stop)) return {};
  const ModelCard finished = finish_trained(run, trainer.best_network(), card);
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

/// A model that a run starts from, on the run's device.
struct StartModel {
  ModelCard card;
  std::shared_ptr<detail::CapeNet> network;
  DType dtype = DType::f32;
};

/// The one that all weights have, so that none changes when they are written again; else float32.
DType dtype_of(const SafetensorsFile& file) {
  const DType first = file.at("classifiers.cape.2.weight").dtype;
  for (const auto& [name, tensor] : file.tensors()) {
    const bool weight = name.starts_with("net.") || name.starts_with("classifiers.");
    if (weight && tensor.dtype != first) return DType::f32;
  }
  return first;
}

StartModel load_start(const TrainOptions& options, const fs::path& path) {
  const auto file = SafetensorsFile::open(path);
  StartModel start{.card = detail::read_card(file, path.string())};
  start.network = std::make_shared<detail::CapeNet>(
      start.card.backbone, static_cast<std::int64_t>(start.card.classes.size()),
      start.card.output_stride);
  detail::load_state(*start.network, file, path.string());
  start.dtype = dtype_of(file);
  start.network->to(detail::parse_device(options.device));
  start.network->eval();
  at::set_num_threads(options.threads);
  return start;
}

ModelCard fit_network(const Run& run) {
  const TrainOptions& options = run.options;
  const StartModel start = load_start(options, options.start);
  const ModelCard card =
      with_figures(options, detail::card_of_start(options, run.set, start.card, options.start));
  detail::post_fit(*start.network, features_of(*start.network, run.data, card, run.progress),
                   post_fit_options(options));
  return finish_trained(run, *start.network, card);
}

ModelCard finish_model(const Run& run) {
  const TrainOptions& options = run.options;
  const StartModel start = load_start(options, options.finish);
  ModelCard card = detail::card_of_start(options, run.set, start.card, options.finish);
  card.scheme = start.card.scheme;
  return finish(run, *start.network, with_figures(options, card), start.dtype);
}

/// A finished model's training images are decoded when their turn comes, and never varied.
detail::TrainData load_data(const LabelledSet& set, const TrainOptions& options,
                            const std::vector<std::string>& faults) {
  LabelledSet held = set;
  if (!options.finish.empty()) held.train.clear();
  return detail::TrainData::load(held, options, faults);
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
  const detail::TrainData data = load_data(set, options, faults);
  write_text(out / "config.toml", options.config_toml);
  write_text(out / "validation.txt", detail::file_list(set.validation));
  const Run run{options, out, set, data, progress};
  if (!options.finish.empty()) return finish_model(run);
  return options.scheme == "pf" ? fit_network(run) : train_network(run, stop);
}

}  // namespace cytocape
