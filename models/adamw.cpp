#include "models/detail/adamw.hpp"

#include <cmath>

namespace cytocape::detail {
namespace {

constexpr double kFirstDecay = 0.9;
constexpr double kSecondDecay = 0.999;
constexpr double kEpsilon = 1e-8;

}  // namespace

void AdamW::add(const std::string& name, const torch::Tensor& parameter, double learning_rate,
                double weight_decay) {
  const torch::NoGradGuard no_grad;
  slots_.push_back({.name = name,
                    .parameter = parameter,
                    .first = torch::zeros_like(parameter),
                    .second = torch::zeros_like(parameter),
                    .learning_rate = learning_rate,
                    .weight_decay = weight_decay});
}

void AdamW::zero_grad() {
  for (AdamSlot& slot : slots_) slot.parameter.mutable_grad().reset();
}

void AdamW::clip(double norm) {
  std::vector<torch::Tensor> parameters;
  for (const AdamSlot& slot : slots_) parameters.push_back(slot.parameter);
  torch::nn::utils::clip_grad_norm_(parameters, norm);
}

void AdamW::step(double factor) {
  const torch::NoGradGuard no_grad;
  ++updates_;
  const double first_correction = 1 - std::pow(kFirstDecay, static_cast<double>(updates_));
  const double second_correction = 1 - std::pow(kSecondDecay, static_cast<double>(updates_));
  for (AdamSlot& slot : slots_) {
    const torch::Tensor gradient = slot.parameter.grad();
    if (!gradient.defined()) continue;
    const double rate = slot.learning_rate * factor;
    slot.parameter.mul_(1 - rate * slot.weight_decay);
    slot.first.mul_(kFirstDecay).add_(gradient, 1 - kFirstDecay);
    slot.second.mul_(kSecondDecay).addcmul_(gradient, gradient, 1 - kSecondDecay);
    const auto denominator = (slot.second / second_correction).sqrt_().add_(kEpsilon);
    slot.parameter.addcdiv_(slot.first, denominator, -rate / first_correction);
  }
}

}  // namespace cytocape::detail
