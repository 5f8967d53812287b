#include "models/training/training_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "io/digest.hpp"
#include "io/durable_file.hpp"
#include "io/errors.hpp"
#include "models/data/train_setup.hpp"
#include "models/network/weights.hpp"
#include "models/training/appearance_fit.hpp"
#include "models/training/bank_fit.hpp"

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

nlohmann::ordered_json data_json(const TrainOptions& options) {
  if (options.data_sources.empty()) return options.data.string();
  nlohmann::ordered_json folders;
  for (const auto& source : options.data_sources) folders[source.name] = source.folder.string();
  return folders;
}

/// What a run takes beside its configuration, so that it can be made again: files with their
/// SHA-256, and the thread count, on which the order of sums depends.
std::string inputs_json(const TrainingRun& run) {
  using Json = nlohmann::ordered_json;
  const TrainOptions& options = run.options;
  const auto file = [](const fs::path& path) {
    return Json{{"path", path.string()}, {"sha256", sha256_of_file(path)}};
  };
  const auto files = [&](const std::vector<fs::path>& paths) {
    Json list = Json::array();
    for (const auto& path : paths) list.push_back(file(path));
    return list;
  };
  Json json{{"tool_version", options.tool_version},
            {"data", data_json(options)},
            {"training_images", run.set.train.size()},
            {"validation_images", run.set.validation.size()},
            {"device", options.device},
            {"threads", options.threads}};
  if (!options.pretrained.empty()) json["pretrained"] = file(options.pretrained);
  if (!options.start.empty()) json["start"] = file(options.start);
  if (!options.finish.empty()) json["finish"] = files(options.finish);
  if (options.mean) json["mean"] = true;
  if (!options.teachers.empty()) json["teachers"] = files(options.teachers);
  if (!options.figures_from.empty()) json["figures_from"] = file(options.figures_from);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

void TrainingRun::tell(const EpochReport& report) const {
  if (stop()) throw Stopped();
  progress(report);
}

void TrainingRun::write_settings() const {
  write_text(out / "config.toml", options.config_toml);
  write_text(out / "inputs.json", inputs_json(*this));
  write_validation();
  const std::string unused = unused_files(set);
  if (!unused.empty()) write_text(out / "left-out.txt", unused);
}

void TrainingRun::write_validation() const {
  if (options.data_sources.empty()) {
    write_text(out / "validation.txt", file_list(set.validation));
    return;
  }
  for (std::size_t i = 0; i < options.data_sources.size(); ++i) {
    std::vector<LabelledImage> own;
    std::copy_if(set.validation.begin(), set.validation.end(), std::back_inserter(own),
                 [&](const auto& image) { return image.source == static_cast<int>(i); });
    write_text(out / fmt::format("validation-{}.txt", options.data_sources[i].name),
               file_list(own));
  }
}

void TrainingRun::write_history(const std::vector<EpochFigures>& history) const {
  write_text(out / "metrics.csv", metrics_csv(history));
  if (options.draw_history) write_text(out / "curves.html", options.draw_history(options, history));
}

ModelCard finish_run(const TrainingRun& run, CapeNet& network, const ModelCard& card, DType dtype) {
  check_finite(network, run.options);
  const TrainProgress told = [&](const EpochReport& report) { run.tell(report); };
  const auto own = of_own_specimen(run.options, run.set.train);
  network.embedding = fit_embedding(network, own, run.options, {card, told});
  ModelCard finished = card;
  finished.appearance.reset();
  // Only who has seen colours vary takes the small errors of a map for one more variation.
  if (run.options.appearance.on) {
    finished.appearance = appearance_of(own, run.options, told);
    set_source_appearances(finished, run.set.train, run.options, told);
  }
  std::optional<Calibration> calibration;
  if (const auto& given = run.options.never_seen)
    calibration = Calibration{given->calibration_a, given->calibration_w};
  if (run.options.figures_from.empty())
    finished = measured_card(network, run.data, finished, calibration);
  save_model(run.out / "model.safetensors", network, finished, dtype,
             fit_bank(network, run.set.train, run.options, {card, told}));
  return finished;
}

ModelCard finish_trained(const TrainingRun& run, CapeNet& network, const ModelCard& card) {
  round_to_stored(network);
  return finish_run(run, network, card, DType::f16);
}

}  // namespace cytocape::detail
