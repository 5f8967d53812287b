#include "models/training/optimiser.hpp"

#include <fmt/format.h>

#include <cmath>

#include "io/errors.hpp"

namespace cytocape::detail {
namespace {

constexpr double kFirstDecay = 0.9;
constexpr double kSecondDecay = 0.999;
constexpr double kEpsilon = 1e-8;
constexpr double kMomentum = 0.9;

}  // namespace

void Optimiser::add(const std::string& name, const torch::Tensor& parameter, double learning_rate,
                    double weight_decay) {
  const torch::NoGradGuard no_grad;
  slots_.push_back({.name = name,
                    .parameter = parameter,
                    .first = torch::zeros_like(parameter),
                    .second = torch::zeros_like(parameter),
                    .learning_rate = learning_rate,
                    .weight_decay = weight_decay});
}

void Optimiser::zero_grad() {
  for (OptimiserSlot& slot : slots_) slot.parameter.mutable_grad().reset();
}

void Optimiser::clip(double norm) {
  std::vector<torch::Tensor> parameters;
  for (const OptimiserSlot& slot : slots_) parameters.push_back(slot.parameter);
  torch::nn::utils::clip_grad_norm_(parameters, norm);
}

void Optimiser::step(double factor) {
  const torch::NoGradGuard no_grad;
  ++updates_;
  for (OptimiserSlot& slot : slots_) {
    const torch::Tensor gradient = slot.parameter.grad();
    if (gradient.defined()) update(slot, gradient, slot.learning_rate * factor);
  }
}

void AdamW::update(OptimiserSlot& slot, const torch::Tensor& gradient, double rate) const {
  const double first_correction = 1 - std::pow(kFirstDecay, static_cast<double>(updates()));
  const double second_correction = 1 - std::pow(kSecondDecay, static_cast<double>(updates()));
  slot.parameter.mul_(1 - rate * slot.weight_decay);
  slot.first.mul_(kFirstDecay).add_(gradient, 1 - kFirstDecay);
  slot.second.mul_(kSecondDecay).addcmul_(gradient, gradient, 1 - kSecondDecay);
  const auto denominator = (slot.second / second_correction).sqrt_().add_(kEpsilon);
  slot.parameter.addcdiv_(slot.first, denominator, -rate / first_correction);
}

void Sgd::update(OptimiserSlot& slot, const torch::Tensor& gradient, double rate) const {
  // Without dampening: the momentum of the first update is the whole gradient, as in PyTorch.
  slot.first.mul_(kMomentum).add_(gradient + slot.parameter * slot.weight_decay);
  slot.parameter.sub_(slot.first, rate);
}

std::unique_ptr<Optimiser> make_optimiser(const std::string& name) {
  if (name == "adamw") return std::make_unique<AdamW>();
  if (name == "sgd") return std::make_unique<Sgd>();
  throw ConfigError(fmt::format("optimiser \"{}\" is unknown: give adamw or sgd", name));
}

}  // namespace cytocape::detail
