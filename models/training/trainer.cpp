#include "models/training/trainer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "io/errors.hpp"
#include "models/data/train_setup.hpp"
#include "models/engine/device.hpp"
#include "models/network/weights.hpp"
#include "models/training/measure.hpp"
#include "models/training/ts_loss.hpp"

namespace cytocape::detail {
namespace {

// Decay pulls a weight to 0; a bias, a norm's gain or a log scale has no reason to go there. SGD is
// the reference code's, which decays all.
bool decays(const torch::Tensor& parameter) {
  return parameter.dim() >= 2 && parameter.numel() > 1;
}

/// Such that a batch of equally many cells of each class has weight 1 a cell.
std::vector<float> class_weights(const ModelCard& card) {
  double images = 0;
  for (const ClassFigures& one : card.classes) images += static_cast<double>(one.train_images);
  std::vector<float> weights;
  for (const ClassFigures& one : card.classes) {
    weights.push_back(static_cast<float>(images / static_cast<double>(card.classes.size()) /
                                         static_cast<double>(one.train_images)));
  }
  return weights;
}

/// TsLossOptions::label_classes; undefined where every label is a class.
torch::Tensor classes_of_labels(std::int64_t classes, const std::vector<std::vector<int>>& groups) {
  if (groups.empty()) return {};
  const auto labels = classes + static_cast<std::int64_t>(groups.size());
  auto member = torch::eye(labels, classes);
  for (std::size_t k = 0; k < groups.size(); ++k)
    for (const int one : groups[k]) member[classes + static_cast<std::int64_t>(k)][one] = 1;
  return member;
}

torch::ScalarType training_precision(const std::string& name) {
  return name == "bfloat16" ? torch::kBFloat16 : torch::kFloat32;
}

std::shared_ptr<CapeNet> build_network(const TrainOptions& options, const ModelCard& card,
                                       const torch::Device& device) {
  if (device.is_cuda()) compute_deterministically();
  torch::manual_seed(options.seed);
  auto network = std::make_shared<CapeNet>(
      options.backbone, static_cast<std::int64_t>(card.classes.size()), options.output_stride);
  if (!options.pretrained.empty()) load_pretrained(*network, options.pretrained);
  network->freeze_first(options.frozen_operations);
  network->backbone().precision = training_precision(options.precision);
  network->to(device);
  return network;
}

std::unique_ptr<Engine> load_teacher(const std::filesystem::path& path, const ModelCard& card,
                                     const Target& target) {
  auto teacher = load_engine(path, target);
  const ModelCard& own = teacher->card;
  const bool alike = class_names(own) == class_names(card) && own.input_px == card.input_px &&
                     std::abs(own.mpp / card.mpp - 1) < 1e-3 && own.mean == card.mean &&
                     own.std == card.std;
  if (!alike) {
    throw ConfigError(
        fmt::format("teacher {}: its classes, input size, pixel size or normalisation are not this "
                    "run's: give a model of the same data and network.input_px",
                    path.string()));
  }
  return teacher;
}

}  // namespace

Trainer::Trainer(const TrainOptions& options, const TrainData& data, const ModelCard& card)
    : options_(options),
      data_(data),
      card_(card),
      device_(parse_device(options.device)),
      network_(build_network(options, card, device_)),
      optimiser_(make_optimiser(options.optimiser)),
      steps_(data.steps()) {
  if (options.average_decay > 0) {
    average_ = build_network(options, card, device_);
    restore_state(named_state(*network_), *average_);
  }
  for (const auto& path : options.teachers) {
    teachers_.push_back(load_teacher(path, card, {device_, training_precision(options.precision)}));
  }
  loss_.soft_weight = options.teacher_weight;
  loss_.beta = options.scheme == "cam" ? 0 : 1;
  loss_.label_smoothing = options.label_smoothing;
  if (options.balance == "weights") {
    loss_.class_weights = torch::tensor(class_weights(card), torch::kFloat32).to(device_);
  }
  loss_.label_classes =
      classes_of_labels(static_cast<std::int64_t>(card.classes.size()), data.groups());
  if (loss_.label_classes.defined()) loss_.label_classes = loss_.label_classes.to(device_);
  state_.threads = options.threads;
  for (const auto& item : network_->named_parameters()) {
    const torch::Tensor& parameter = item.value();
    if (!parameter.requires_grad()) continue;
    const bool backbone = item.key().rfind("net.", 0) == 0;
    optimiser_->add(item.key(), parameter, backbone ? options.backbone_lr : options.head_lr,
                    options.optimiser == "sgd" || decays(parameter) ? options.weight_decay : 0);
  }
}

void Trainer::resume(const std::filesystem::path& checkpoint, const std::string& fingerprint) {
  checkpoint_ = checkpoint;
  state_.fingerprint = fingerprint;
  const CheckpointParts parts{network_.get(), average_.get(), optimiser_.get()};
  if (auto found = load_checkpoint(checkpoint, fingerprint, parts)) state_ = std::move(*found);
  at::set_num_threads(state_.threads);
}

double Trainer::factor(int step) const {
  const double steps = steps_;
  return learning_rate_factor(options_, steps * state_.epoch + step, steps * options_.epochs,
                              steps);
}

torch::Tensor Trainer::taught(const torch::Tensor& input) const {
  if (teachers_.empty()) return {};
  const torch::NoGradGuard no_grad;
  torch::Tensor sum;
  for (const auto& teacher : teachers_) {
    const auto p = torch::softmax(teacher->run(input).ordinary.flatten(2).mean(2), 1);
    sum = sum.defined() ? sum + p : p;
  }
  return sum / static_cast<double>(teachers_.size());
}

torch::Tensor Trainer::labels_of(const CropBatch& batch) const {
  const auto labels = torch::tensor(batch.labels, torch::kInt64);
  if (batch.blended_labels.empty()) return labels.to(device_);
  const auto classes = static_cast<std::int64_t>(card_.classes.size() + data_.groups().size());
  const auto own = torch::one_hot(labels, classes).to(torch::kFloat32);
  const auto blended = torch::one_hot(torch::tensor(batch.blended_labels, torch::kInt64), classes);
  const auto shares = torch::tensor(batch.blended_shares, torch::kFloat32).unsqueeze(1);
  return torch::lerp(own, blended.to(torch::kFloat32), shares).to(device_);
}

double Trainer::update(const CropBatch& batch) {
  const auto labels = labels_of(batch);
  const auto count = static_cast<std::int64_t>(batch.labels.size());
  const auto input = network_input(batch, 0, count, card_, device_);
  optimiser_->zero_grad();
  loss_.soft_labels = taught(input);
  const HeadMaps maps = network_->heads(network_->features(input), /*detach_cape=*/true);
  const auto loss = ts_loss(maps, {network_->t1, network_->t2, network_->t3}, labels, loss_);
  const auto value = loss.item<double>();
  if (!std::isfinite(value)) {
    throw ModelError(fmt::format(
        "training {}: the loss is {} in epoch {}: lower optimiser.backbone_learning_rate ({}) "
        "or optimiser.head_learning_rate ({})",
        options_.name, value, state_.epoch + 1, options_.backbone_lr, options_.head_lr));
  }
  loss.backward();
  if (options_.clip_norm > 0) optimiser_->clip(options_.clip_norm);
  optimiser_->step(factor(state_.step));
  if (average_) average_weights();
  return value;
}

void Trainer::average_weights() {
  const torch::NoGradGuard no_grad;
  const auto done = static_cast<double>(optimiser_->updates());
  // A mean over few updates must not hang on the random start.
  const double decay = std::min(options_.average_decay, (1 + done) / (10 + done));
  const auto now = named_state(*network_);
  const auto mean = named_state(*average_);
  for (std::size_t i = 0; i < now.size(); ++i) {
    torch::Tensor target = mean[i].second;
    target.lerp_(now[i].second, 1 - decay);
  }
}

void Trainer::prefetch(int epoch, int step) {
  next_ = std::async(std::launch::async, [this, epoch, step] { return data_.batch(epoch, step); });
}

bool Trainer::train_epoch(const TrainProgress& progress, const StopRequest& stop) {
  network_->train();
  epoch_started_ = Clock::now();
  waited_ = {};
  if (state_.step < steps_) prefetch(state_.epoch, state_.step);
  while (state_.step < steps_) {
    if (stop()) {
      save();
      return false;
    }
    const auto asked = Clock::now();
    const CropBatch batch = next_.get();
    waited_ += Clock::now() - asked;
    if (state_.step + 1 < steps_) prefetch(state_.epoch, state_.step + 1);
    state_.loss_sum += update(batch);
    ++state_.step;
    ++steps_here_;
    progress(report());
  }
  return true;
}

EpochReport Trainer::report() const {
  const std::chrono::duration<double> taken = Clock::now() - started_;
  const std::chrono::duration<double> epoch = Clock::now() - epoch_started_;
  const int left = (options_.epochs - state_.epoch) * steps_ - state_.step;
  return {.epoch = state_.epoch + 1,
          .epochs = options_.epochs,
          .step = state_.step,
          .steps = steps_,
          .loss = state_.loss_sum / std::max(1, state_.step),
          .seconds_left = taken.count() / std::max(1, steps_here_) * left,
          .waited = waited_.count() / std::max(1e-9, epoch.count())};
}

bool Trainer::exhausted() const {
  if (options_.patience == 0 || state_.history.empty()) return false;
  const auto best =
      std::max_element(state_.history.begin(), state_.history.end(),
                       [](const EpochFigures& a, const EpochFigures& b) {
                         return a.validation.value().score() < b.validation.value().score();
                       });
  return state_.epoch - best->epoch >= options_.patience;
}

void Trainer::validate(EpochFigures& figures) {
  CapeNet& network = measured();
  const ValidationCells cells{run_network(network, data_.centred(), card_),
                              run_network(network, data_.moved(), card_)};
  figures.validation = validation_figures(network, cells, options_.scheme);
  if (!options_.leave_out.empty()) return;  // it must choose nothing: the last epoch is kept
  // The later of two equals: it has seen more.
  const auto best_so_far = [&] {
    return state_.history[static_cast<std::size_t>(state_.best_epoch - 1)].validation->score();
  };
  if (state_.best_epoch == 0 || figures.validation->score() >= best_so_far()) {
    state_.best_epoch = figures.epoch;
    state_.best = copy_state(network);
  }
}

void Trainer::end_epoch(const TrainProgress& progress) {
  EpochReport told = report();
  EpochFigures figures{.epoch = told.epoch,
                       .train_loss = told.loss,
                       .learning_rate = factor(std::max(0, steps_ - 1)),
                       .validation = {}};
  if (!data_.centred().labels.empty()) validate(figures);
  state_.history.push_back(figures);
  told.ended = true;
  told.validation = figures.validation;
  progress(told);
}

void Trainer::save() const {
  save_checkpoint(checkpoint_, state_, {network_.get(), average_.get(), optimiser_.get()});
}

bool Trainer::run(const TrainProgress& progress, const StopRequest& stop) {
  while (state_.epoch < options_.epochs && !exhausted()) {
    if (!train_epoch(progress, stop)) return false;
    end_epoch(progress);
    ++state_.epoch;
    state_.step = 0;
    state_.loss_sum = 0;
    save();
  }
  return true;
}

CapeNet& Trainer::best_network() {
  CapeNet& network = measured();
  if (state_.best_epoch > 0) restore_state(state_.best, network);
  if (options_.scheme == "cam") network.copy_ordinary_head_to_cape();
  return network;
}

}  // namespace cytocape::detail
