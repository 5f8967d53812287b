#pragma once

/// Optimisers with named state. LibTorch has them, but keys their state by addresses in a way that
/// changed between 1.13 and 2.x; a checkpoint needs names.

#include <torch/torch.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace cytocape::detail {

struct OptimiserSlot {
  std::string name;          ///< of the parameter in a model file
  torch::Tensor parameter;   ///< shared with the network
  torch::Tensor first;       ///< AdamW: running mean of the gradient; SGD: the momentum
  torch::Tensor second;      ///< AdamW: running mean of its square; SGD: not used
  double learning_rate = 0;  ///< before the schedule's factor
  double weight_decay = 0;
};

class Optimiser {
 public:
  virtual ~Optimiser() = default;
  Optimiser(const Optimiser&) = delete;
  Optimiser& operator=(const Optimiser&) = delete;

  void add(const std::string& name, const torch::Tensor& parameter, double learning_rate,
           double weight_decay);

  void zero_grad();
  /// Scales all gradients so that their common norm is at most `norm`.
  void clip(double norm);
  /// One update with every learning rate times `factor`. Parameters without a gradient stay.
  void step(double factor);

  [[nodiscard]] std::vector<OptimiserSlot>& slots() { return slots_; }
  [[nodiscard]] const std::vector<OptimiserSlot>& slots() const { return slots_; }
  [[nodiscard]] std::int64_t updates() const { return updates_; }
  /// For a checkpoint's moments, which the bias correction must match.
  void set_updates(std::int64_t updates) { updates_ = updates; }

 protected:
  Optimiser() = default;

 private:
  virtual void update(OptimiserSlot& slot, const torch::Tensor& gradient, double rate) const = 0;

  std::vector<OptimiserSlot> slots_;
  std::int64_t updates_ = 0;
};

/// Loshchilov & Hutter, ICLR 2019; decays 0.9 and 0.999, epsilon 1e-8.
class AdamW : public Optimiser {
  void update(OptimiserSlot& slot, const torch::Tensor& gradient, double rate) const override;
};

/// Stochastic gradient descent with momentum 0.9; the decay is added to the gradient, as PyTorch's
/// own does and CAPE's reference code asks for.
class Sgd : public Optimiser {
  void update(OptimiserSlot& slot, const torch::Tensor& gradient, double rate) const override;
};

/// "adamw" or "sgd". Throws ConfigError for another name.
[[nodiscard]] std::unique_ptr<Optimiser> make_optimiser(const std::string& name);

}  // namespace cytocape::detail
