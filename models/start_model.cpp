#include <ATen/Parallel.h>

#include "models/detail/device.hpp"
#include "models/detail/post_fit.hpp"
#include "models/detail/train_setup.hpp"
#include "models/detail/training_run.hpp"
#include "models/detail/weights.hpp"

namespace cytocape::detail {
namespace {

/// A model that a run starts from, on the run's device.
struct StartModel {
  ModelCard card;
  std::shared_ptr<CapeNet> network;
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

StartModel load_start(const TrainOptions& options, const std::filesystem::path& path) {
  const auto file = SafetensorsFile::open(path);
  StartModel start{.card = read_card(file, path.string())};
  start.network = std::make_shared<CapeNet>(start.card.backbone,
                                            static_cast<std::int64_t>(start.card.classes.size()),
                                            start.card.output_stride);
  load_state(*start.network, file, path.string());
  start.dtype = dtype_of(file);
  start.network->to(parse_device(options.device));
  start.network->eval();
  at::set_num_threads(options.threads);
  return start;
}

/// The backbone's features of some cells, half precision, since a thousand cells take 0.3 GB in
/// float32.
torch::Tensor features_of(CapeNet& network, const CropBatch& cells, const ModelCard& card) {
  const torch::NoGradGuard no_grad;
  network.eval();
  std::vector<torch::Tensor> parts;
  const auto count = static_cast<std::int64_t>(cells.labels.size());
  constexpr std::int64_t kBatch = 32;
  for (std::int64_t begin = 0; begin < count; begin += kBatch) {
    const auto end = std::min(begin + kBatch, count);
    const auto input = network_input(cells, begin, end, card, network.t1.device());
    parts.push_back(network.features(input).to(torch::kHalf));
  }
  return torch::cat(parts);
}

/// Of every training cell once, varied as in an epoch of training.
torch::Tensor training_features(const TrainingRun& run, CapeNet& network, const ModelCard& card) {
  std::vector<torch::Tensor> parts;
  const auto cells = static_cast<int>(run.set.train.size());
  int taken = 0;
  for (int step = 0; step < run.data.steps(); ++step) {
    const CropBatch batch = run.data.batch(0, step);
    parts.push_back(features_of(network, batch, card));
    taken += static_cast<int>(batch.labels.size());
    run.tell({.step = taken, .steps = cells, .counts_images = true});
  }
  return torch::cat(parts);
}

/// What the heads say of the validation split after each epoch of post-fitting.
class FittedEpochs {
 public:
  FittedEpochs(const TrainingRun& run, CapeNet& network, const ModelCard& card)
      : run_(run), network_(network) {
    if (run.data.centred().labels.empty()) return;
    centred_ = features_of(network, run.data.centred(), card);
    moved_ = features_of(network, run.data.moved(), card);
  }

  void add(int epoch, double loss) {
    const TrainOptions& options = run_.options;
    EpochFigures figures{.epoch = epoch,
                         .train_loss = loss,
                         .learning_rate = learning_rate_factor(
                             options, epoch * run_.data.steps() - 1,
                             options.epochs * run_.data.steps(), run_.data.steps()),
                         .validation = {}};
    if (centred_.defined()) {
      const auto& labels = run_.data.centred().labels;
      figures.validation = validation_figures(
          network_, {run_heads(network_, centred_, labels), run_heads(network_, moved_, labels)},
          options.scheme);
    }
    history_.push_back(figures);
    run_.write_history(history_);
    run_.tell({.epoch = epoch,
               .epochs = options.epochs,
               .loss = loss,
               .ended = true,
               .validation = figures.validation});
  }

 private:
  const TrainingRun& run_;
  CapeNet& network_;
  torch::Tensor centred_;
  torch::Tensor moved_;
  std::vector<EpochFigures> history_;
};

PostFitOptions post_fit_options(const TrainOptions& options) {
  return {.epochs = options.epochs,
          .batch = options.batch,
          .optimiser = options.optimiser,
          .learning_rate = options.head_lr,
          .weight_decay = options.weight_decay,
          .seed = options.seed,
          .schedule = [options](int update, int updates) {
            return learning_rate_factor(options, update, updates,
                                        static_cast<double>(updates) / options.epochs);
          }};
}

}  // namespace

ModelCard post_fit_run(const TrainingRun& run) {
  const TrainOptions& options = run.options;
  const StartModel start = load_start(options, options.start);
  CapeNet& network = *start.network;
  const ModelCard card =
      with_borrowed_figures(options, card_of_start(options, run.set, start.card, options.start));
  run.write_settings();
  FittedEpochs epochs(run, network, card);
  PostFitOptions fit = post_fit_options(options);
  fit.told = [&](int epoch, double loss) { epochs.add(epoch, loss); };
  post_fit(network, training_features(run, network, card), fit);
  return finish_trained(run, network, card);
}

ModelCard finish_only_run(const TrainingRun& run) {
  const TrainOptions& options = run.options;
  const StartModel start = load_start(options, options.finish);
  ModelCard card = card_of_start(options, run.set, start.card, options.finish);
  card.scheme = start.card.scheme;
  const ModelCard figured = with_borrowed_figures(options, card);
  run.write_settings();
  return finish_run(run, *start.network, figured, start.dtype);
}

}  // namespace cytocape::detail
