#include "models/network/frozen_network.hpp"

#include <algorithm>

#include "models/network/cpu_kernels.hpp"
#include "models/network/views.hpp"

namespace cytocape::detail {
namespace {

struct Kernel {
  torch::Tensor weight;
  torch::Tensor bias;
};

/// y = gamma * (conv(x) - mean) / sqrt(var + eps) + beta is a convolution again.
Kernel folded(const Operation& operation) {
  const auto weight = operation.convolution->weight.detach().to(torch::kFloat64);
  const auto& own_bias = operation.convolution->bias;
  const auto bias = own_bias.defined() ? own_bias.detach().to(torch::kFloat64)
                                       : torch::zeros({operation.spec.out}, torch::kFloat64);
  if (!operation.norm) return {weight, bias};
  const auto& norm = operation.norm;
  const auto deviation = torch::sqrt(norm->running_var.to(torch::kFloat64) + norm->options.eps());
  const auto scale = norm->weight.detach().to(torch::kFloat64) / deviation;
  return {weight * scale.view({-1, 1, 1, 1}),
          (bias - norm->running_mean.to(torch::kFloat64)) * scale +
              norm->bias.detach().to(torch::kFloat64)};
}

/// Unequal zeros before and after the input cost a copy of it. A kernel with one more row and
/// column of zeros in front needs equal ones, and computes the same: on a CPU the longer kernel is
/// a tenth slower, the copy doubles the time.
void make_padding_equal(ConvolutionSpec& spec, torch::Tensor& weight, std::int64_t input_px) {
  const auto zeros = padding_along(spec, input_px);
  if (zeros[0] + 1 != zeros[1]) return;
  weight = torch::constant_pad_nd(weight, {1, 0, 1, 0}, 0);
  spec.kernel += 1;
  spec.padding = PaddingRule::given;
  spec.zeros = zeros[1];
}

std::int64_t output_px(const ConvolutionSpec& spec, std::int64_t input_px) {
  const auto zeros = padding_along(spec, input_px);
  const auto reach = (spec.kernel - 1) * spec.dilation + 1;
  return (input_px + zeros[0] + zeros[1] - reach) / spec.stride + 1;
}

}  // namespace

FrozenNetwork::FrozenNetwork(CapeNet& network, const InferenceTarget& target)
    : target_(target), last_use_(network.backbone().last_use()) {
  const torch::NoGradGuard no_grad;
  std::vector<std::int64_t> sizes;
  for (const auto& operation : network.backbone().operations()) {
    const auto input_px =
        operation.input < 0 ? target.input_px : sizes[static_cast<std::size_t>(operation.input)];
    layers_.push_back(freeze(operation, input_px));
    const bool resizes = operation.kind == Operation::Kind::convolution ||
                         operation.kind == Operation::Kind::max_pool;
    sizes.push_back(resizes ? output_px(layers_.back().spec, input_px) : input_px);
  }
  map_px_ = sizes.back();
  head_weight_ = torch::cat({network.ordinary_head->weight, network.cape_head->weight})
                     .detach()
                     .unsqueeze(-1)
                     .unsqueeze(-1)
                     .to(target.device, torch::kFloat32);
  head_bias_ = torch::cat({network.ordinary_head->bias, network.cape_head->bias})
                   .detach()
                   .to(target.device, torch::kFloat32);
}

FrozenNetwork::Layer FrozenNetwork::freeze(const Operation& operation,
                                           std::int64_t input_px) const {
  Layer layer{.kind = operation.kind,
              .input = operation.input,
              .addend = operation.addend,
              .activation = operation.activation,
              .spec = operation.spec,
              .weight = {},
              .bias = {}};
  if (operation.kind != Operation::Kind::convolution) return layer;
  auto kernel = folded(operation);
  if (target_.device.is_cpu()) make_padding_equal(layer.spec, kernel.weight, input_px);
  layer.weight =
      kernel.weight.to(target_.device, target_.dtype).contiguous(torch::MemoryFormat::ChannelsLast);
  layer.bias = kernel.bias.to(target_.device, target_.dtype);
  return layer;
}

torch::Tensor FrozenNetwork::step(const Layer& layer, const torch::Tensor& input,
                                  const torch::Tensor& addend) const {
  switch (layer.kind) {
    case Operation::Kind::convolution:
      return activate_fast(convolve_fast(input, layer.spec, layer.weight, layer.bias),
                           layer.activation);
    case Operation::Kind::max_pool:
      return torch::max_pool2d(input, layer.spec.kernel, layer.spec.stride, 1);
    case Operation::Kind::concatenation:
      return torch::cat({input, addend}, 1);
    case Operation::Kind::addition:
      break;
  }
  return activate_fast(input + addend, layer.activation);
}

torch::Tensor FrozenNetwork::features(const torch::Tensor& x) const {
  return mean_over_views(x, target_.views,
                         [this](const torch::Tensor& one) { return backbone(one); });
}

torch::Tensor FrozenNetwork::backbone(const torch::Tensor& x) const {
  const auto image = x.to(target_.dtype);
  std::vector<torch::Tensor> outputs(layers_.size());
  const auto output_of = [&](int index) {
    return index < 0 ? image : outputs[static_cast<std::size_t>(index)];
  };
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const auto& layer = layers_[i];
    const bool two =
        layer.kind == Operation::Kind::addition || layer.kind == Operation::Kind::concatenation;
    const auto addend = two ? output_of(layer.addend) : torch::Tensor();
    outputs[i] = step(layer, output_of(layer.input), addend);
    for (std::size_t j = 0; j < i; ++j) {
      if (last_use_[j] == static_cast<int>(i)) outputs[j].reset();
    }
  }
  return outputs.back();
}

HeadMaps FrozenNetwork::run(const torch::Tensor& x) const {
  const auto map = features(x).to(torch::kFloat32);
  const auto logits = torch::conv2d(map, head_weight_, head_bias_);
  const auto halves = logits.chunk(2, 1);
  HeadMaps maps{.ordinary = halves[0], .cape = halves[1]};
  if (target_.embedding) maps.embedding = map.mean({2, 3});
  return maps;
}

}  // namespace cytocape::detail
