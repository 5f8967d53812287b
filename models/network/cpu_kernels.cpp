#include "models/network/cpu_kernels.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

namespace cytocape::detail {
namespace {

/// 6 in bfloat16: sign 0, exponent 129, mantissa 1.5.
constexpr std::int16_t kSixBits = 0x40C0;

}  // namespace

torch::Tensor activate_fast(torch::Tensor x, Activation activation) {
  if (activation == Activation::none) return x;
  if (!x.device().is_cpu() || x.scalar_type() != torch::kBFloat16 ||
      !x.is_non_overlapping_and_dense()) {
    return activate(std::move(x), activation);
  }
  // A negative number has its sign bit set, so as an integer it is below 0 too.
  const auto top =
      activation == Activation::relu6 ? kSixBits : std::numeric_limits<std::int16_t>::max();
  auto* bits = static_cast<std::int16_t*>(x.data_ptr());
  const auto count = x.numel();
  for (std::int64_t i = 0; i < count; ++i) {
    bits[i] = std::clamp<std::int16_t>(bits[i], 0, top);
  }
  return x;
}

torch::Tensor convolve_fast(const torch::Tensor& x, const ConvolutionSpec& spec,
                            const torch::Tensor& weight, const torch::Tensor& bias) {
  const auto rows = padding_along(spec, x.size(2));
  const auto columns = padding_along(spec, x.size(3));
  const bool even = rows[0] == rows[1] && columns[0] == columns[1];
  if (!even || !x.device().is_cpu() || !at::globalContext().hasMKLDNN()) {
    return convolve(x, spec, weight, bias);
  }
  const std::array<std::int64_t, 2> padding{rows[0], columns[0]};
  const std::array<std::int64_t, 2> stride{spec.stride, spec.stride};
  const std::array<std::int64_t, 2> dilation{spec.dilation, spec.dilation};
  return at::mkldnn_convolution(x, weight, bias, padding, stride, dilation, spec.groups);
}

}  // namespace cytocape::detail
