#include "models/train.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <opencv2/core.hpp>
#include <thread>

#include "io/durable_file.hpp"
#include "io/errors.hpp"
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

}  // namespace

ModelCard train_model(const TrainOptions& given, const fs::path& out,
                      const std::function<void(const EpochReport&)>& progress,
                      const std::function<bool()>& stop) {
  check_train_options(given);
  prepare_folder(out);
  TrainOptions options = given;
  if (options.threads == 0) {
    options.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  }
  // Crops are small: OpenCV's own threads would only fight LibTorch's for the cores.
  cv::setNumThreads(1);
  const LabelledSet set =
      split_labelled_folder(options.data, options.validation_share, options.seed,
                            options.allow_conflicting ? Conflicts::leave_out : Conflicts::refuse);
  const ModelCard card = detail::initial_card(options, set);
  const detail::TrainData data = detail::TrainData::load(set, options);
  detail::Trainer trainer(options, data, card);
  trainer.resume(out / "checkpoint.safetensors", detail::fingerprint_of(options, set));
  write_text(out / "validation.txt", detail::file_list(set.validation));

  const auto report = [&](const EpochReport& told) {
    if (told.validated) write_text(out / "metrics.csv", trainer.metrics_csv());
    progress(told);
  };
  if (!trainer.run(report, stop)) return {};
  const ModelCard finished = trainer.final_card();
  detail::save_model(out / "model.safetensors", trainer.best_network(), finished, DType::f16);
  fs::remove(out / "checkpoint.safetensors");
  return finished;
}

}  // namespace cytocape
