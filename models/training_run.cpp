#include "models/detail/training_run.hpp"

#include <fmt/format.h>

#include <fstream>

#include "io/durable_file.hpp"
#include "io/errors.hpp"
#include "models/detail/train_setup.hpp"
#include "models/detail/weights.hpp"

namespace cytocape::detail {
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

/// Half precision ends at 65504, and a diverged run in nan.
void check_finite(CapeNet& network, const TrainOptions& options) {
  for (const auto& [name, tensor] : named_state(network)) {
    if (tensor.isfinite().all().item<bool>()) continue;
    throw ModelError(fmt::format(
        "{}: {} is not finite, no model is written: lower optimiser.head_learning_rate ({}) or "
        "optimiser.backbone_learning_rate ({})",
        options.name, name, options.head_lr, options.backbone_lr));
  }
}

}  // namespace

void TrainingRun::tell(const EpochReport& report) const {
  if (stop()) throw Stopped();
  progress(report);
}

void TrainingRun::write_settings() const {
  write_text(out / "config.toml", options.config_toml);
  write_text(out / "validation.txt", file_list(set.validation));
  const std::string unused = unused_files(set);
  if (!unused.empty()) write_text(out / "left-out.txt", unused);
}

void TrainingRun::write_history(const std::vector<EpochFigures>& history) const {
  write_text(out / "metrics.csv", metrics_csv(history));
  write_text(out / "curves.html", curves_html(options, history));
}

ModelCard finish_run(const TrainingRun& run, CapeNet& network, const ModelCard& card, DType dtype) {
  check_finite(network, run.options);
  const TrainProgress told = [&](const EpochReport& report) { run.tell(report); };
  network.embedding = fit_embedding(network, run.set.train, run.options, {card, told});
  const ModelCard finished =
      run.options.figures_from.empty() ? judged_card(network, run.data, card) : card;
  save_model(run.out / "model.safetensors", network, finished, dtype);
  return finished;
}

ModelCard finish_trained(const TrainingRun& run, CapeNet& network, const ModelCard& card) {
  round_to_stored(network);
  return finish_run(run, network, card, DType::f16);
}

}  // namespace cytocape::detail
