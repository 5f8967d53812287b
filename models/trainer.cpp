#include "models/detail/trainer.hpp"

#include <fmt/format.h>

#include <cmath>

#include "io/errors.hpp"
#include "models/detail/train_setup.hpp"
#include "models/detail/ts_loss.hpp"
#include "models/detail/weights.hpp"

namespace cytocape::detail {
namespace {

/// uint8 crops [end - begin, input, input, 3] as the network takes them.
torch::Tensor network_input(const CropBatch& cells, std::int64_t begin, std::int64_t end,
                            const ModelCard& card) {
  const std::int64_t bytes = std::int64_t{card.input_px} * card.input_px * 3;
  // from_blob takes no const pointer; normalise copies.
  auto* first = const_cast<std::uint8_t*>(cells.crops.data() + begin * bytes);
  return normalise(
      torch::from_blob(first, {end - begin, card.input_px, card.input_px, 3}, torch::kUInt8), card);
}

void append(LabelledMaps& maps, const torch::Tensor& logits) {
  const auto kept = logits.contiguous();
  maps.classes = static_cast<int>(kept.size(1));
  maps.positions = static_cast<int>(kept.size(2) * kept.size(3));
  maps.logits.insert(maps.logits.end(), kept.data_ptr<float>(),
                     kept.data_ptr<float>() + kept.numel());
}

// Decay pulls a weight to 0; a bias, a norm's gain or a log scale has no reason to go there.
bool decays(const torch::Tensor& parameter) {
  return parameter.dim() >= 2 && parameter.numel() > 1;
}

std::shared_ptr<CapeNet> build_network(const TrainOptions& options, const ModelCard& card) {
  torch::manual_seed(options.seed);
  auto network = std::make_shared<CapeNet>(
      options.backbone, static_cast<std::int64_t>(card.classes.size()), options.output_stride);
  if (!options.pretrained.empty()) load_pretrained(*network, options.pretrained);
  network->freeze_first(options.frozen_operations);
  return network;
}

}  // namespace

HeadOutputs run_network(CapeNet& network, const CropBatch& cells, const ModelCard& card) {
  const torch::NoGradGuard no_grad;
  network.eval();
  HeadOutputs outputs;
  outputs.ordinary.labels = cells.labels;
  outputs.cape.labels = cells.labels;
  const auto count = static_cast<std::int64_t>(cells.labels.size());
  constexpr std::int64_t kBatch = 32;
  for (std::int64_t begin = 0; begin < count; begin += kBatch) {
    const auto input = network_input(cells, begin, std::min(begin + kBatch, count), card);
    const HeadMaps maps = network.heads(network.features(input), false);
    append(outputs.ordinary, maps.ordinary);
    append(outputs.cape, maps.cape);
  }
  return outputs;
}

Trainer::Trainer(const TrainOptions& options, const TrainData& data, const ModelCard& card)
    : options_(options),
      data_(data),
      card_(card),
      network_(build_network(options, card)),
      steps_(data.steps()) {
  state_.threads = options.threads;
  for (const auto& item : network_->named_parameters()) {
    const torch::Tensor& parameter = item.value();
    if (!parameter.requires_grad()) continue;
    const bool backbone = item.key().rfind("net.", 0) == 0;
    optimiser_.add(item.key(), parameter, backbone ? options.backbone_lr : options.head_lr,
                   decays(parameter) ? options.weight_decay : 0);
  }
}

void Trainer::resume(const std::filesystem::path& checkpoint, const std::string& fingerprint) {
  checkpoint_ = checkpoint;
  state_.fingerprint = fingerprint;
  if (auto found = load_checkpoint(checkpoint, fingerprint, *network_, optimiser_)) {
    state_ = std::move(*found);
  }
  at::set_num_threads(state_.threads);
}

double Trainer::factor() const {
  const double steps = steps_;
  return learning_rate_factor(options_, steps * state_.epoch + state_.step, steps * options_.epochs,
                              steps);
}

double Trainer::update(const CropBatch& batch) {
  const auto labels = torch::tensor(batch.labels, torch::kInt64);
  const auto input = network_input(batch, 0, static_cast<std::int64_t>(batch.labels.size()), card_);
  optimiser_.zero_grad();
  const HeadMaps maps = network_->heads(network_->features(input), /*detach_cape=*/true);
  const auto loss = ts_loss(maps, {network_->t1, network_->t2, network_->t3}, labels);
  const auto value = loss.item<double>();
  if (!std::isfinite(value)) {
    throw ModelError(fmt::format(
        "training {}: the loss is {} in epoch {}: lower backbone_lr ({}) "
        "or head_lr ({})",
        options_.name, value, state_.epoch + 1, options_.backbone_lr, options_.head_lr));
  }
  loss.backward();
  optimiser_.clip(options_.clip_norm);
  optimiser_.step(factor());
  return value;
}

void Trainer::prefetch(int epoch, int step) {
  next_ = std::async(std::launch::async, [this, epoch, step] { return data_.batch(epoch, step); });
}

bool Trainer::train_epoch(const Progress& progress, const std::function<bool()>& stop) {
  network_->train();
  if (state_.step < steps_) prefetch(state_.epoch, state_.step);
  while (state_.step < steps_) {
    if (stop()) {
      save();
      return false;
    }
    const CropBatch batch = next_.get();
    if (state_.step + 1 < steps_) prefetch(state_.epoch, state_.step + 1);
    state_.loss_sum += update(batch);
    ++state_.step;
    ++steps_here_;
    progress(report());
  }
  return true;
}

EpochReport Trainer::report() const {
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - started_;
  const int left = (options_.epochs - state_.epoch) * steps_ - state_.step;
  return {.epoch = state_.epoch + 1,
          .epochs = options_.epochs,
          .step = state_.step,
          .steps = steps_,
          .loss = state_.loss_sum / std::max(1, state_.step),
          .seconds_left = taken.count() / std::max(1, steps_here_) * left};
}

CapeScales Trainer::scales() const {
  return {network_->t1.item<double>(), network_->t2.item<double>()};
}

void Trainer::validate(const Progress& progress) {
  const HeadOutputs centred = run_network(*network_, data_.centred(), card_);
  const HeadOutputs moved = run_network(*network_, data_.moved(), card_);
  const Figures cape = measure(cape_probabilities(centred.cape, scales()));
  EpochReport told = report();
  told.validated = true;
  told.validation_loss = cape.nll;
  told.accuracy_cape = cape.accuracy;
  told.accuracy_ordinary = measure(ordinary_probabilities(centred.ordinary)).accuracy;
  told.accuracy_moved = measure(cape_probabilities(moved.cape, scales())).accuracy;
  const EpochFigures figures{.epoch = told.epoch,
                             .train_loss = told.loss,
                             .validation_loss = told.validation_loss,
                             .accuracy_ordinary = told.accuracy_ordinary,
                             .accuracy_cape = told.accuracy_cape,
                             .accuracy_moved = told.accuracy_moved,
                             .learning_rate = factor()};
  // The later of two equals: it has seen more.
  const bool best =
      state_.best_epoch == 0 ||
      figures.score() >= state_.history[static_cast<std::size_t>(state_.best_epoch - 1)].score();
  state_.history.push_back(figures);
  if (best) {
    state_.best_epoch = figures.epoch;
    state_.best = copy_state(*network_);
  }
  progress(told);
}

void Trainer::save() const {
  save_checkpoint(checkpoint_, state_, *network_, optimiser_);
}

bool Trainer::run(const Progress& progress, const std::function<bool()>& stop) {
  while (state_.epoch < options_.epochs) {
    if (!train_epoch(progress, stop)) return false;
    validate(progress);
    ++state_.epoch;
    state_.step = 0;
    state_.loss_sum = 0;
    save();
  }
  return true;
}

CapeNet& Trainer::best_network() {
  restore_state(state_.best, *network_);
  const torch::NoGradGuard no_grad;
  for (auto& [name, tensor] : named_state(*network_)) {
    // CAPE's scales stay float32 in the file: they act through their exponential.
    const bool stays = name.rfind('t', 0) == 0;
    torch::Tensor target = tensor;
    if (!stays) target.copy_(tensor.to(torch::kHalf));
  }
  return *network_;
}

ModelCard Trainer::final_card() {
  CapeNet& network = best_network();
  const HeadOutputs centred = run_network(network, data_.centred(), card_);
  const HeadOutputs moved = run_network(network, data_.moved(), card_);
  const Calibration calibration = fit_calibration(centred.cape, scales());
  const CapeScales calibrated{scales().t1 + calibration.a, scales().t2 + calibration.w};
  const Figures figures = measure(cape_probabilities(centred.cape, calibrated));
  ModelCard card = card_;
  card.calibration_a = calibration.a;
  card.calibration_w = calibration.w;
  card.validation_accuracy = figures.accuracy;
  card.validation_macro_f1 = figures.macro_f1;
  card.validation_ece = figures.ece;
  card.confusion = figures.confusion;
  card.validation_accuracy_ordinary = measure(ordinary_probabilities(centred.ordinary)).accuracy;
  card.validation_accuracy_moved = measure(cape_probabilities(moved.cape, calibrated)).accuracy;
  for (std::size_t c = 0; c < card.classes.size(); ++c) {
    card.classes[c].recall = recall_of(figures, c);
    card.classes[c].precision = precision_of(figures, c);
  }
  return card;
}

std::string Trainer::metrics_csv() const {
  std::string lines =
      "epoch,train_loss,validation_loss,accuracy_ordinary,accuracy_cape,accuracy_moved,"
      "learning_rate_factor\n";
  for (const EpochFigures& row : state_.history) {
    lines += fmt::format("{},{:.6g},{:.6g},{:.6g},{:.6g},{:.6g},{:.6g}\n", row.epoch,
                         row.train_loss, row.validation_loss, row.accuracy_ordinary,
                         row.accuracy_cape, row.accuracy_moved, row.learning_rate);
  }
  return lines;
}

}  // namespace cytocape::detail
