#include "models/network/backbone.hpp"

/// ResNets (He et al., CVPR 2016) with torchvision's inner names, as children of a Sequential:
/// "0" first convolution, "1" its norm, "4" .. "7" the four stages.

namespace cytocape::detail {
namespace {

constexpr std::int64_t kStageWidths[] = {64, 128, 256, 512};

struct ResnetShape {
  std::array<int, 4> blocks{};
  bool bottleneck = false;
};

ResnetShape shape_of(int depth) {
  if (depth == 18) return {{2, 2, 2, 2}, false};
  if (depth == 34) return {{3, 4, 6, 3}, false};
  return {{3, 4, 6, 3}, true};
}

struct BlockPlan {
  int input = 0;           ///< operation
  std::int64_t in = 0;     ///< channels
  std::int64_t width = 0;  ///< channels of the inner convolutions
  std::int64_t stride = 1;
};

Operation convolution(int input, std::int64_t in, std::int64_t out, std::int64_t kernel) {
  Operation operation;
  operation.input = input;
  operation.spec.in = in;
  operation.spec.out = out;
  operation.spec.kernel = kernel;
  return operation;
}

/// Appends one residual block; returns the index of its last operation.
class BlockBuilder {
 public:
  BlockBuilder(Backbone& net, StrideBudget& budget) : net_(net), budget_(budget) {}

  int basic(torch::nn::Module& owner, const BlockPlan& plan) {
    auto first = convolution(plan.input, plan.in, plan.width, 3);
    const auto stride = place(first, plan.stride);
    first.activation = Activation::relu;
    const int inner = net_.add_convolution(owner, {"conv1", "bn1"}, first);
    auto second = convolution(inner, plan.width, plan.width, 3);
    place(second, 1);
    const int outer = net_.add_convolution(owner, {"conv2", "bn2"}, second);
    return join(owner, plan, outer, stride);
  }

  int bottleneck(torch::nn::Module& owner, const BlockPlan& plan) {
    auto reduce = convolution(plan.input, plan.in, plan.width, 1);
    reduce.activation = Activation::relu;
    const int narrow = net_.add_convolution(owner, {"conv1", "bn1"}, reduce);
    auto middle = convolution(narrow, plan.width, plan.width, 3);
    const auto stride = place(middle, plan.stride);
    middle.activation = Activation::relu;
    const int inner = net_.add_convolution(owner, {"conv2", "bn2"}, middle);
    const int outer = net_.add_convolution(owner, {"conv3", "bn3"},
                                           convolution(inner, plan.width, plan.width * 4, 1));
    return join(owner, plan, outer, stride);
  }

 private:
  /// Returns the stride that the budget leaves.
  std::int64_t place(Operation& operation, std::int64_t stride) {
    operation.spec.stride = stride;
    budget_.apply(operation.spec);
    return operation.spec.stride;
  }

  int join(torch::nn::Module& owner, const BlockPlan& plan, int outer, std::int64_t stride) {
    const auto out = net_.operations()[static_cast<std::size_t>(outer)].spec.out;
    int identity = plan.input;
    // Decided by the planned stride: a stride that dilation replaced keeps its projection.
    if (plan.stride != 1 || plan.in != out) {
      auto shortcut = std::make_shared<torch::nn::Module>();
      owner.register_module("downsample", shortcut);
      auto projection = convolution(plan.input, plan.in, out, 1);
      projection.spec.stride = stride;
      identity = net_.add_convolution(*shortcut, {"0", "1"}, projection);
    }
    return net_.add_addition(outer, identity, Activation::relu);
  }

  Backbone& net_;
  StrideBudget& budget_;
};

}  // namespace

std::shared_ptr<Backbone> make_resnet(int depth, int output_stride) {
  const auto shape = shape_of(depth);
  auto net = std::make_shared<Backbone>();
  StrideBudget budget(output_stride);
  auto stem = convolution(-1, 3, 64, 7);
  stem.spec.stride = 2;
  stem.activation = Activation::relu;
  budget.apply(stem.spec);
  int last = net->add_max_pool(net->add_convolution(*net, {"0", "1"}, stem));
  ConvolutionSpec pool{.kernel = 3, .stride = 2};
  budget.apply(pool);

  BlockBuilder builder(*net, budget);
  std::int64_t channels = 64;
  for (std::size_t stage = 0; stage < 4; ++stage) {
    auto layer = std::make_shared<torch::nn::Module>();
    net->register_module(std::to_string(stage + 4), layer);
    for (int index = 0; index < shape.blocks[stage]; ++index) {
      auto block = std::make_shared<torch::nn::Module>();
      layer->register_module(std::to_string(index), block);
      const BlockPlan plan{.input = last,
                           .in = channels,
                           .width = kStageWidths[stage],
                           .stride = stage > 0 && index == 0 ? 2 : 1};
      last = shape.bottleneck ? builder.bottleneck(*block, plan) : builder.basic(*block, plan);
      channels = kStageWidths[stage] * (shape.bottleneck ? 4 : 1);
    }
  }
  return net;
}

}  // namespace cytocape::detail
