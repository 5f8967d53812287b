#include "models/training/train.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <opencv2/core.hpp>
#include <thread>

#include "io/durable_file.hpp"
#include "io/errors.hpp"
#include "io/image_codec.hpp"
#include "models/data/crop_sheet.hpp"
#include "models/data/train_setup.hpp"
#include "models/training/trainer.hpp"
#include "models/training/training_run.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

constexpr const char* kModel = "model.safetensors";
constexpr const char* kCheckpoint = "checkpoint.safetensors";

/// Only a network that learns has a checkpoint to go on from.
bool resumes(const TrainOptions& options) {
  return options.finish.empty() && options.scheme != "pf";
}

void prepare_folder(const fs::path& out, const TrainOptions& options) {
  std::error_code error;
  fs::create_directories(out, error);
  if (error) {
    throw StorageError(fmt::format("{} cannot be created: {}", out.string(), error.message()));
  }
  remove_leftovers(out);
  const bool interrupted = fs::exists(out / kCheckpoint);
  if (interrupted && !resumes(options)) {
    throw ConfigError(fmt::format(
        "{} holds an interrupted training ({}), which this run cannot continue: give another "
        "output folder",
        out.string(), kCheckpoint));
  }
  if (fs::exists(out / kModel) && !interrupted) {
    throw ConfigError(
        fmt::format("{} holds a finished model: give another output folder", out.string()));
  }
}

ModelCard train_network(const detail::TrainingRun& run) {
  const TrainOptions& options = run.options;
  ModelCard card = detail::with_borrowed_figures(options, detail::initial_card(options, run.set));
  detail::Trainer trainer(options, run.data, card);
  trainer.resume(run.out / kCheckpoint, detail::fingerprint_of(options, run.set));
  run.write_settings();
  const auto report = [&](const EpochReport& told) {
    if (told.ended) run.write_history(trainer.history());
    run.progress(told);
  };
  if (!trainer.run(report, run.stop)) throw detail::Stopped();
  card.kept_epoch = trainer.kept_epoch();
  ModelCard finished = detail::finish_trained(run, trainer.best_network(), card);
  fs::remove(run.out / kCheckpoint);
  return finished;
}

void tell_unused(const TrainOptions& options, const LabelledSet& set, const fs::path& out) {
  if (!options.notice) return;
  const auto list = (out / "left-out.txt").string();
  if (!set.passed_over.empty()) {
    options.notice(fmt::format(
        "ignored in the class folders, not being jpg, png or tif: {}, such as {}; all in {}",
        set.passed_over.size(), set.passed_over.front().string(), list));
  }
  if (!set.left_out.empty()) {
    options.notice(fmt::format("left out, being in two classes: {} images, such as {}; all in {}",
                               set.left_out.size(), set.left_out.front().string(), list));
  }
  if (!set.apart.empty()) {
    options.notice(
        fmt::format("not validated, being of a class that no other source has: {} images, such as "
                    "{}; all in {}",
                    set.apart.size(), set.apart.front().string(), list));
  }
}

void write_crops(const TrainOptions& options, const LabelledSet& set, const detail::TrainData& data,
                 const fs::path& out) {
  constexpr int kColumns = 12;
  const auto png = encode_png(
      detail::crop_sheet(data, set.classes.size() + set.groups.size(), kColumns, options.input_px));
  stage_file(out / "crops.png", {reinterpret_cast<const char*>(png.data()), png.size()}).commit();
}

/// A finished model's training images are decoded when their turn comes, and never varied. Those of
/// post-fitting are shown once each and as they are: no label is read.
detail::TrainData load_data(const LabelledSet& set, const TrainOptions& options,
                            const std::vector<std::string>& faults) {
  LabelledSet held = set;
  if (!options.finish.empty()) held.train.clear();
  TrainOptions shown = options;
  if (options.scheme == "pf") {
    shown.balance = "none";
    shown.mixup = 0;
  }
  return detail::TrainData::load(held, shown, faults);
}

}  // namespace

ModelCard train_model(const TrainOptions& given, const fs::path& out, const TrainProgress& progress,
                      const StopRequest& stop) {
  check_train_options(given);
  prepare_folder(out, given);
  TrainOptions options = given;
  if (options.threads == 0) {
    options.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  }
  // Crops are small: OpenCV's own threads would only fight LibTorch's for the cores.
  cv::setNumThreads(1);
  std::vector<std::string> faults = options.faults;
  const LabelledSet set = load_labels(options, faults);
  const detail::TrainData data = load_data(set, options, faults);
  tell_unused(options, set, out);
  if (options.finish.empty()) write_crops(options, set, data, out);
  const detail::TrainingRun run{options, out, set, data, progress, stop};
  try {
    if (!options.finish.empty()) return detail::finish_only_run(run);
    return options.scheme == "pf" ? detail::post_fit_run(run) : train_network(run);
  } catch (const detail::Stopped&) {
    return {};
  }
}

}  // namespace cytocape
