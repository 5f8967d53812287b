#include <ATen/Parallel.h>

#include "io/fault_list.hpp"
#include "models/data/config_lines.hpp"
#include "models/data/train_setup.hpp"
#include "models/engine/device.hpp"
#include "models/network/frozen_network.hpp"
#include "models/network/weights.hpp"
#include "models/training/join.hpp"
#include "models/training/post_fit.hpp"
#include "models/training/training_run.hpp"

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
  check_room(start.card, file, path.string());
  start.network = std::make_shared<CapeNet>(start.card.backbone,
                                            static_cast<std::int64_t>(start.card.classes.size()),
                                            start.card.output_stride, start.card.members);
  load_state(*start.network, file, path.string());
  start.dtype = dtype_of(file);
  const torch::Device device = parse_device(options.device);
  if (device.is_cuda()) compute_deterministically();
  start.network->to(device);
  start.network->eval();
  at::set_num_threads(options.threads);
  return start;
}

/// What post-fitting learns from: the backbone as a classifier runs it, in float32.
FrozenNetwork frozen_backbone(CapeNet& network, const ModelCard& card) {
  return {network, {.device = network.t1.device(), .input_px = card.input_px, .views = card.views}};
}

/// The backbone's features of some cells, half precision, since a thousand cells take 0.3 GB in
/// float32.
torch::Tensor features_of(const FrozenNetwork& backbone, const CropBatch& cells,
                          const ModelCard& card, const torch::Device& device) {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> parts;
  const auto count = static_cast<std::int64_t>(cells.labels.size());
  constexpr std::int64_t kBatch = 32;
  for (std::int64_t begin = 0; begin < count; begin += kBatch) {
    const auto end = std::min(begin + kBatch, count);
    const auto input = network_input(cells, begin, end, card, device);
    parts.push_back(backbone.features(input).to(torch::kHalf));
  }
  return torch::cat(parts);
}

/// Of every training cell once, varied as in an epoch of training.
torch::Tensor training_features(const TrainingRun& run, const FrozenNetwork& backbone,
                                const ModelCard& card, const torch::Device& device) {
  std::vector<torch::Tensor> parts;
  const auto cells = static_cast<int>(run.set.train.size());
  int taken = 0;
  for (int step = 0; step < run.data.steps(); ++step) {
    const CropBatch batch = run.data.batch(0, step);
    parts.push_back(features_of(backbone, batch, card, device));
    taken += static_cast<int>(batch.labels.size());
    run.tell({.step = taken, .steps = cells, .counts_images = true});
  }
  return torch::cat(parts);
}

/// What the heads say of the validation split after each epoch of post-fitting.
class FittedEpochs {
 public:
  FittedEpochs(const TrainingRun& run, CapeNet& network, const FrozenNetwork& backbone,
               const ModelCard& card)
      : run_(run), network_(network) {
    if (run.data.centred().labels.empty()) return;
    const auto device = network.t1.device();
    centred_ = features_of(backbone, run.data.centred(), card, device);
    moved_ = features_of(backbone, run.data.moved(), card, device);
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
      figures.validation = validation_figures(network_,
                                              {run_heads(network_, centred_, run_.data.centred()),
                                               run_heads(network_, moved_, run_.data.moved())},
                                              options.scheme);
    }
    if (figures.validation && figures.validation->score() >= best_score_) keep_best(figures);
    history_.push_back(figures);
    run_.write_history(history_);
    run_.tell({.epoch = epoch,
               .epochs = options.epochs,
               .loss = loss,
               .ended = true,
               .validation = figures.validation});
  }

  /// Of the epoch that was best on the validation split, the later of equals; without a split what
  /// was learnt stays.
  void restore_best() {
    const torch::NoGradGuard no_grad;
    const auto parts = learning_parts();
    for (std::size_t i = 0; i < best_.size(); ++i) torch::Tensor(parts[i]).copy_(best_[i]);
  }
  [[nodiscard]] int kept_epoch() const {
    return best_epoch_ > 0 ? best_epoch_ : static_cast<int>(history_.size());
  }

 private:
  [[nodiscard]] std::vector<torch::Tensor> learning_parts() const {
    return {network_.cape_head->weight, network_.cape_head->bias, network_.t1, network_.t2,
            network_.t3};
  }
  void keep_best(const EpochFigures& figures) {
    best_epoch_ = figures.epoch;
    best_score_ = figures.validation->score();
    best_.clear();
    for (const auto& part : learning_parts()) best_.push_back(part.detach().clone());
  }

  const TrainingRun& run_;
  CapeNet& network_;
  torch::Tensor centred_;
  torch::Tensor moved_;
  std::vector<EpochFigures> history_;
  std::vector<torch::Tensor> best_;
  double best_score_ = 0;
  int best_epoch_ = 0;
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

/// No image that validates may be among those that a network has learnt from: it was trained with
/// this run's split, or on all images where the run has none. One that was not trained here says
/// nothing of its images.
void find_split_faults(const ModelCard& start, const std::filesystem::path& path,
                       const TrainOptions& options, FaultList& faults) {
  for (const auto& one : config_differences(start.training_config, options.config_toml)) {
    const bool splits = one.key == "data.validation_share" || one.key == "data.split_seed" ||
                        one.key == "validation.leave_out";
    if (!splits || one.before.empty() || one.now.empty()) continue;
    faults.add("{} was trained with {} {}, now {}: its training images would validate it",
               path.string(), one.key, one.before, one.now);
  }
}

void check_split(const ModelCard& start, const std::filesystem::path& path,
                 const TrainOptions& options) {
  FaultList faults;
  find_split_faults(start, path, options, faults);
  faults.throw_if_any("--start");
}

/// Least likeness of networks whose mean is one. Rounds of a training have 0.999, networks of
/// different starts 0.0.
constexpr double kLeastLikeness = 0.9;

void find_strangers(const std::vector<StartModel>& starts, const TrainOptions& options,
                    FaultList& faults) {
  for (std::size_t k = 1; k < starts.size(); ++k) {
    if (starts[k].card.members != starts[0].card.members) {
      faults.add("{} has {} networks side by side, {} {}: give models of as many",
                 options.finish[k].string(), starts[k].card.members, options.finish[0].string(),
                 starts[0].card.members);
      continue;
    }
    const double alike = likeness(*starts[0].network, *starts[k].network);
    if (alike >= kLeastLikeness) continue;
    faults.add(
        "{} and {} were not trained from one start (their weights are alike by {:.2f}, wanted "
        "{:.2f}), and the mean of such networks is none: leave out --mean to join them",
        options.finish[0].string(), options.finish[k].string(), alike, kLeastLikeness);
  }
}

void check_finished(const std::vector<StartModel>& starts, const TrainOptions& options) {
  FaultList faults;
  for (std::size_t k = 0; k < starts.size(); ++k) {
    const ModelCard& card = starts[k].card;
    const auto& path = options.finish[k];
    if (starts.size() > 1 && card.members > 1 && !options.mean) {
      faults.add("{} is joined of {} networks already: give these", path.string(), card.members);
    }
    find_split_faults(card, path, options, faults);
  }
  if (options.mean) find_strangers(starts, options, faults);
  faults.throw_if_any("--finish");
}

}  // namespace

ModelCard post_fit_run(const TrainingRun& run) {
  const TrainOptions& options = run.options;
  const StartModel start = load_start(options, options.start);
  CapeNet& network = *start.network;
  check_split(start.card, options.start, options);
  ModelCard card =
      with_borrowed_figures(options, card_of_start(options, run.set, start.card, options.start));
  run.write_settings();
  const FrozenNetwork backbone = frozen_backbone(network, card);
  FittedEpochs epochs(run, network, backbone, card);
  PostFitOptions fit = post_fit_options(options);
  fit.told = [&](int epoch, double loss) { epochs.add(epoch, loss); };
  post_fit(network, training_features(run, backbone, card, network.t1.device()), fit);
  epochs.restore_best();
  card.kept_epoch = epochs.kept_epoch();
  return finish_trained(run, network, card);
}

ModelCard finish_only_run(const TrainingRun& run) {
  const TrainOptions& options = run.options;
  std::vector<StartModel> starts;
  ModelCard card;
  for (const auto& path : options.finish) {
    starts.push_back(load_start(options, path));
    card = card_of_start(options, run.set, starts.back().card, path);
  }
  check_finished(starts, options);
  const bool several = starts.size() > 1;
  card.scheme = starts.front().card.scheme;
  card.kept_epoch = several ? 0 : starts.front().card.kept_epoch;
  const bool joined = several && !options.mean;
  card.members = joined ? static_cast<int>(starts.size()) : starts.front().card.members;
  const ModelCard figured = with_borrowed_figures(options, card);
  run.write_settings();
  if (!several) return finish_run(run, *starts.front().network, figured, starts.front().dtype);
  std::vector<std::shared_ptr<CapeNet>> members;
  for (const auto& start : starts) members.push_back(start.network);
  const auto network = joined ? join_networks(members, card) : mean_network(members, card);
  return finish_trained(run, *network, figured);
}

}  // namespace cytocape::detail
