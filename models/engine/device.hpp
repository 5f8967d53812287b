#pragma once

/// From the words of an option to a LibTorch device and dtype.

#include <torch/torch.h>

#include <string>

#include "models/engine/classifier.hpp"
#include "models/engine/engine.hpp"

namespace cytocape::detail {

/// "auto" takes the first CUDA device where there is one. Throws ConfigError for an unknown name or
/// an absent device.
[[nodiscard]] torch::Device parse_device(const std::string& name);

/// Automatic: the fewest bits that the device is quicker with, half on CUDA, bfloat16 on a CPU that
/// multiplies it in hardware, else float32. Throws ConfigError for half on a CPU, and for bfloat16
/// on one that cannot compute it.
[[nodiscard]] torch::ScalarType choose_dtype(const torch::Device& device, Precision precision);

/// Equal sums in every run on one machine and device: CUDA's fastest algorithms add in the order in
/// which they finish. For training, before the first use of the device; a processor needs it not.
void compute_deterministically();

/// Intra-op threads of the calling thread, set to one once. LibTorch 1.13's convolutions ask
/// OpenMP, whose setting belongs to the thread and not to the process.
void use_one_thread();

}  // namespace cytocape::detail
