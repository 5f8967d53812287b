#include "models/network/backbone.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "io/errors.hpp"
#include "models/data/backbone_kind.hpp"

namespace cytocape::detail {

std::array<std::int64_t, 2> padding_along(const ConvolutionSpec& spec, std::int64_t length) {
  if (spec.padding == PaddingRule::given) return {spec.zeros, spec.zeros};
  const auto reach = (spec.kernel - 1) * spec.dilation;
  if (spec.padding == PaddingRule::symmetric) return {reach / 2, reach / 2};
  const auto outputs = (length + spec.stride - 1) / spec.stride;
  const auto total = std::max<std::int64_t>(0, (outputs - 1) * spec.stride + reach + 1 - length);
  return {total / 2, total - total / 2};
}

torch::Tensor convolve(const torch::Tensor& x, const ConvolutionSpec& spec,
                       const torch::Tensor& weight, const torch::Tensor& bias) {
  const auto rows = padding_along(spec, x.size(2));
  const auto columns = padding_along(spec, x.size(3));
  const bool even = rows[0] == rows[1] && columns[0] == columns[1];
  // A convolution takes one number a side; unequal sides are written out as zeros before it.
  const auto input =
      even ? x : torch::constant_pad_nd(x, {columns[0], columns[1], rows[0], rows[1]}, 0);
  const std::array<std::int64_t, 2> padding{even ? rows[0] : 0, even ? columns[0] : 0};
  return torch::conv2d(input, weight, bias, {spec.stride, spec.stride}, padding,
                       {spec.dilation, spec.dilation}, spec.groups);
}

torch::Tensor activate(torch::Tensor x, Activation activation) {
  switch (activation) {
    case Activation::relu:
      return torch::relu_(x);
    case Activation::relu6:
      return torch::hardtanh_(x, 0, 6);
    case Activation::none:
      break;
  }
  return x;
}

namespace {

/// A dilated depthwise convolution reads pixels of one phase alone, every second row and column at
/// dilation 2: the phases become images of their own. oneDNN's backward pass is 5 times as fast
/// without dilation.
torch::Tensor convolve_phases(const torch::Tensor& x, const ConvolutionSpec& spec,
                              const torch::Tensor& weight, const torch::Tensor& bias) {
  const auto phases = spec.dilation;
  const auto images = x.size(0);
  const auto channels = x.size(1);
  const auto height = x.size(2) / phases;
  const auto width = x.size(3) / phases;
  const auto apart = x.permute({0, 2, 3, 1})
                         .reshape({images, height, phases, width, phases, channels})
                         .permute({2, 4, 0, 1, 3, 5})
                         .reshape({phases * phases * images, height, width, channels})
                         .permute({0, 3, 1, 2});
  auto plain = spec;
  plain.dilation = 1;
  return convolve(apart, plain, weight, bias)
      .permute({0, 2, 3, 1})
      .reshape({phases, phases, images, height, width, channels})
      .permute({2, 3, 0, 4, 1, 5})
      .reshape({images, height * phases, width * phases, channels})
      .permute({0, 3, 1, 2});
}

bool has_phases(const torch::Tensor& x, const ConvolutionSpec& spec) {
  return x.device().is_cpu() && spec.dilation > 1 && spec.groups == spec.in && spec.stride == 1 &&
         x.size(2) % spec.dilation == 0 && x.size(3) % spec.dilation == 0;
}

torch::Tensor run_convolution(Operation& operation, const torch::Tensor& x,
                              torch::ScalarType precision) {
  const auto& spec = operation.spec;
  const auto& own_weight = operation.convolution->weight;
  const auto& own_bias = operation.convolution->bias;
  const auto wide = own_weight.scalar_type();
  const bool slow_if_narrow = x.device().is_cpu() && (spec.groups > 1 || spec.in == 3);
  const auto type = precision == torch::kFloat32 || slow_if_narrow ? wide : precision;
  const auto input = x.to(type);
  const auto weight = own_weight.to(type);
  const auto bias = own_bias.defined() ? own_bias.to(type) : own_bias;
  auto y = has_phases(input, spec) ? convolve_phases(input, spec, weight, bias)
                                   : convolve(input, spec, weight, bias);
  // Norms and additions are sums of many small numbers, and LibTorch 1.13 cannot differentiate
  // relu6 in bfloat16 on a processor.
  y = y.to(wide);
  if (operation.norm) y = operation.norm->forward(y);
  // In place on a view would make autograd copy the whole of it once more.
  if (y.is_view() && operation.activation == Activation::relu6) return torch::hardtanh(y, 0, 6);
  return activate(std::move(y), operation.activation);
}

/// Fan-in, because the fan-out of a depthwise convolution counts its channels, which do not mix:
/// networks without norms would start dead.
void initialise(const Operation& operation) {
  const torch::NoGradGuard no_grad;
  const auto& spec = operation.spec;
  const auto fan_in = static_cast<double>(spec.in / spec.groups * spec.kernel * spec.kernel);
  const double gain = operation.activation == Activation::none ? 1.0 : 2.0;
  auto weight = operation.convolution->weight;
  weight.normal_(0, std::sqrt(gain / fan_in));
  if (spec.bias) operation.convolution->bias.zero_();
}

}  // namespace

torch::Tensor Backbone::forward(const torch::Tensor& x) {
  const auto last = last_use();
  std::vector<torch::Tensor> outputs(operations_.size());
  const auto output_of = [&](int index) {
    return index < 0 ? x : outputs[static_cast<std::size_t>(index)];
  };
  for (std::size_t i = 0; i < operations_.size(); ++i) {
    auto& operation = operations_[i];
    const auto input = output_of(operation.input);
    switch (operation.kind) {
      case Operation::Kind::convolution:
        outputs[i] = run_convolution(operation, input, precision);
        break;
      case Operation::Kind::max_pool:
        outputs[i] = torch::max_pool2d(input, operation.spec.kernel, operation.spec.stride, 1);
        break;
      case Operation::Kind::addition:
        outputs[i] = activate(input + output_of(operation.addend), operation.activation);
        break;
      case Operation::Kind::concatenation:
        outputs[i] = torch::cat({input, output_of(operation.addend)}, 1);
        break;
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (last[j] == static_cast<int>(i)) outputs[j].reset();
    }
  }
  return outputs.back();
}

std::vector<int> Backbone::last_use() const {
  std::vector<int> last(operations_.size(), -1);
  for (std::size_t i = 0; i < operations_.size(); ++i) {
    for (const int read : {operations_[i].input, operations_[i].addend}) {
      if (read >= 0) last[static_cast<std::size_t>(read)] = static_cast<int>(i);
    }
  }
  return last;
}

std::int64_t Backbone::channels() const {
  return channels_of(static_cast<int>(operations_.size()) - 1);
}

std::int64_t Backbone::channels_of(int operation) const {
  if (operation < 0) return 0;
  const auto& own = operations_[static_cast<std::size_t>(operation)];
  switch (own.kind) {
    case Operation::Kind::convolution:
      return own.spec.out;
    case Operation::Kind::concatenation:
      return channels_of(own.input) + channels_of(own.addend);
    case Operation::Kind::max_pool:
    case Operation::Kind::addition:
      break;
  }
  return channels_of(own.input);
}

int Backbone::add_convolution(torch::nn::Module& owner, const UnitNames& names,
                              Operation operation) {
  const auto& spec = operation.spec;
  operation.kind = Operation::Kind::convolution;
  operation.convolution = owner.register_module(
      names.convolution, torch::nn::Conv2d(torch::nn::Conv2dOptions(spec.in, spec.out, spec.kernel)
                                               .groups(spec.groups)
                                               .bias(spec.bias)));
  if (!names.norm.empty()) {
    operation.norm = owner.register_module(
        names.norm,
        torch::nn::BatchNorm2d(torch::nn::BatchNorm2dOptions(spec.out).eps(norm_epsilon)));
  }
  initialise(operation);
  operations_.push_back(std::move(operation));
  return static_cast<int>(operations_.size()) - 1;
}

int Backbone::add_max_pool(int input) {
  Operation operation;
  operation.kind = Operation::Kind::max_pool;
  operation.input = input;
  operation.spec.kernel = 3;
  operation.spec.stride = 2;
  operations_.push_back(std::move(operation));
  return static_cast<int>(operations_.size()) - 1;
}

int Backbone::add_addition(int input, int addend, Activation activation) {
  Operation operation;
  operation.kind = Operation::Kind::addition;
  operation.input = input;
  operation.addend = addend;
  operation.activation = activation;
  operations_.push_back(std::move(operation));
  return static_cast<int>(operations_.size()) - 1;
}

void Backbone::add_member(const std::shared_ptr<Backbone>& member) {
  register_module(std::to_string(members_++), member);
  const auto before = static_cast<int>(operations_.size());
  for (Operation operation : member->operations()) {
    for (int* index : {&operation.input, &operation.addend}) {
      if (*index >= 0) *index += before;
    }
    operations_.push_back(std::move(operation));
  }
  if (before == 0) return;
  Operation both;
  both.kind = Operation::Kind::concatenation;
  both.input = before - 1;
  both.addend = static_cast<int>(operations_.size()) - 1;
  operations_.push_back(both);
}

void StrideBudget::apply(ConvolutionSpec& spec) {
  // The convolution that loses its stride still reads its input at the old spacing: only those
  // behind it are spread.
  if (spec.kernel > 1) spec.dilation = dilation_;
  if (spec.stride == 1) return;
  if (reached_ * spec.stride <= limit_) {
    reached_ *= static_cast<int>(spec.stride);
    return;
  }
  dilation_ *= static_cast<int>(spec.stride);
  spec.stride = 1;
}

namespace {

std::shared_ptr<Backbone> make_one(BackboneKind kind, int output_stride) {
  switch (kind) {
    case BackboneKind::resnet18:
      return make_resnet(18, output_stride);
    case BackboneKind::resnet34:
      return make_resnet(34, output_stride);
    case BackboneKind::resnet50:
      return make_resnet(50, output_stride);
    case BackboneKind::mobilenet_v2:
      return make_mobilenet_v2(output_stride);
    case BackboneKind::efficientnet_lite0:
      return make_efficientnet_lite0(output_stride);
  }
  return nullptr;
}

}  // namespace

std::shared_ptr<Backbone> make_backbone(const std::string& name, int output_stride, int members) {
  if (output_stride != 16 && output_stride != 32) {
    throw ModelError(fmt::format("output stride {}: use 32 or 16", output_stride));
  }
  const auto kind = value_named<BackboneKind>(name);
  if (!kind) {
    throw ModelError(fmt::format("backbone \"{}\" is unknown; use one of {}", name,
                                 fmt::join(all_codes<BackboneKind>(), ", ")));
  }
  if (members == 1) return make_one(*kind, output_stride);
  auto joined = std::make_shared<Backbone>();
  for (int k = 0; k < members; ++k) joined->add_member(make_one(*kind, output_stride));
  return joined;
}

}  // namespace cytocape::detail
