#pragma once

/// AdamW (Loshchilov & Hutter, ICLR 2019) with named moments. LibTorch has one, but keys its state
/// by addresses in a way that changed between 1.13 and 2.x; a checkpoint needs names.

#include <torch/torch.h>

#include <cstdint>
#include <string>
#include <vector>

namespace cytocape::detail {

struct AdamSlot {
  std::string name;          ///< of the parameter in a model file
  torch::Tensor parameter;   ///< shared with the network
  torch::Tensor first;       ///< running mean of the gradient
  torch::Tensor second;      ///< running mean of its square
  double learning_rate = 0;  ///< before the schedule's factor
  double weight_decay = 0;
};

class AdamW {
 public:
  void add(const std::string& name, const torch::Tensor& parameter, double learning_rate,
           double weight_decay);

  void zero_grad();
  /// Scales all gradients so that their common norm is at most `norm`.
  void clip(double norm);
  /// One update with every learning rate times `factor`. Parameters without a gradient stay.
  void step(double factor);

  [[nodiscard]] std::vector<AdamSlot>& slots() { return slots_; }
  [[nodiscard]] const std::vector<AdamSlot>& slots() const { return slots_; }
  [[nodiscard]] std::int64_t updates() const { return updates_; }
  /// For a checkpoint's moments, which the bias correction must match.
  void set_updates(std::int64_t updates) { updates_ = updates; }

 private:
  std::vector<AdamSlot> slots_;
  std::int64_t updates_ = 0;
};

}  // namespace cytocape::detail
