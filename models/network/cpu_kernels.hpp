#pragma once

/// The few steps that LibTorch by itself does slowly on a CPU.

#include <torch/torch.h>

#include "models/network/backbone.hpp"

namespace cytocape::detail {

/// activate() in place. LibTorch clamps bfloat16 through float32, at half the speed of its
/// float32; the bit patterns of non-negative bfloat16 numbers are ordered as integers, so an
/// integer clamp does it at the speed of memory. `x` is dense and owned by the caller.
[[nodiscard]] torch::Tensor activate_fast(torch::Tensor x, Activation activation);

/// convolve() by oneDNN wherever the build has it. LibTorch's own choice falls back to a product of
/// unrolled images for float32 batches below 16, fifteen times slower here, so that a crop's time
/// and last bits would depend on how many others came along.
[[nodiscard]] torch::Tensor convolve_fast(const torch::Tensor& x, const ConvolutionSpec& spec,
                                          const torch::Tensor& weight, const torch::Tensor& bias);

}  // namespace cytocape::detail
