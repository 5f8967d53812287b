#include <fmt/format.h>

#include <span>

#include "models/network/backbone.hpp"

/// Networks of inverted residual blocks (Sandler et al., CVPR 2018): expand 1x1, depthwise, project
/// 1x1, added to the input where shape and stride allow. Both follow TensorFlow's padding.

namespace cytocape::detail {
namespace {

/// A run of blocks with equal output; its first block has the stride.
struct Run {
  std::int64_t expand = 6;
  std::int64_t out = 0;
  int blocks = 1;
  std::int64_t stride = 1;
  std::int64_t kernel = 3;
};

constexpr Run kMobilenetV2[] = {
    {.expand = 1, .out = 16},
    {.out = 24, .blocks = 2, .stride = 2},
    {.out = 32, .blocks = 3, .stride = 2},
    {.out = 64, .blocks = 4, .stride = 2},
    {.out = 96, .blocks = 3},
    {.out = 160, .blocks = 3, .stride = 2},
    {.out = 320},
};

constexpr Run kEfficientnetLite0[] = {
    {.expand = 1, .out = 16},
    {.out = 24, .blocks = 2, .stride = 2},
    {.out = 40, .blocks = 2, .stride = 2, .kernel = 5},
    {.out = 80, .blocks = 3, .stride = 2},
    {.out = 112, .blocks = 3, .kernel = 5},
    {.out = 192, .blocks = 4, .stride = 2, .kernel = 5},
    {.out = 320},
};

/// Who registers an operation, and as what.
struct Place {
  torch::nn::Module* owner = nullptr;
  UnitNames names;
};

enum class Role { stem, expand, depthwise, project, head };

/// How one of the two networks names its parts.
class Naming {
 public:
  virtual ~Naming() = default;
  virtual Place place(Role role, const ConvolutionSpec& spec) = 0;
  virtual void next_block() {}
};

/// "00_conv", "01_dwconv", ..: the index of the operation in the graph, additions included.
class ByOperation : public Naming {
 public:
  explicit ByOperation(Backbone& net) : net_(net) {}
  Place place(Role, const ConvolutionSpec& spec) override {
    return {&net_,
            {fmt::format("{:02}_{}", net_.operations().size(), spec.groups > 1 ? "dwconv" : "conv"),
             ""}};
  }

 private:
  Backbone& net_;
};

/// "conv_stem", "blocks.I.{expand_conv,depthwise_conv,project_conv}", "conv_head" and their norms.
class ByBlock : public Naming {
 public:
  explicit ByBlock(Backbone& net) : net_(net), blocks_(std::make_shared<torch::nn::Module>()) {
    net_.register_module("blocks", blocks_);
  }
  Place place(Role role, const ConvolutionSpec&) override {
    switch (role) {
      case Role::stem:
        return {&net_, {"conv_stem", "bn0"}};
      case Role::expand:
        return {block_.get(), {"expand_conv", "bn0"}};
      case Role::depthwise:
        return {block_.get(), {"depthwise_conv", "bn1"}};
      case Role::project:
        return {block_.get(), {"project_conv", "bn2"}};
      case Role::head:
        break;
    }
    return {&net_, {"conv_head", "bn1"}};
  }
  void next_block() override {
    block_ = std::make_shared<torch::nn::Module>();
    blocks_->register_module(std::to_string(blocks_->children().size()), block_);
  }

 private:
  Backbone& net_;
  std::shared_ptr<torch::nn::Module> blocks_;
  std::shared_ptr<torch::nn::Module> block_;
};

class Builder {
 public:
  Builder(Backbone& net, Naming& naming, int output_stride, bool bias)
      : net_(net), naming_(naming), budget_(output_stride), bias_(bias) {}

  void build(std::span<const Run> runs) {
    add(Role::stem, {.in = 3, .out = 32, .kernel = 3, .stride = 2});
    channels_ = 32;
    for (const auto& run : runs) {
      for (int index = 0; index < run.blocks; ++index) {
        add_block(run, index == 0 ? run.stride : 1);
      }
    }
    add(Role::head, {.in = channels_, .out = 1280});
  }

 private:
  void add(Role role, ConvolutionSpec spec) {
    spec.bias = bias_;
    spec.padding = PaddingRule::same;
    budget_.apply(spec);
    Operation operation;
    operation.input = last_;
    operation.spec = spec;
    // The projection is linear: an activation there would lose what the narrow layer carries.
    operation.activation = role == Role::project ? Activation::none : Activation::relu6;
    const auto place = naming_.place(role, spec);
    last_ = net_.add_convolution(*place.owner, place.names, std::move(operation));
  }

  void add_block(const Run& run, std::int64_t stride) {
    naming_.next_block();
    const int input = last_;
    const auto wide = channels_ * run.expand;
    if (run.expand != 1) add(Role::expand, {.in = channels_, .out = wide});
    add(Role::depthwise,
        {.in = wide, .out = wide, .kernel = run.kernel, .stride = stride, .groups = wide});
    add(Role::project, {.in = wide, .out = run.out});
    if (stride == 1 && channels_ == run.out) {
      last_ = net_.add_addition(input, last_, Activation::none);
    }
    channels_ = run.out;
  }

  Backbone& net_;
  Naming& naming_;
  StrideBudget budget_;
  bool bias_;
  int last_ = -1;
  std::int64_t channels_ = 0;
};

}  // namespace

std::shared_ptr<Backbone> make_mobilenet_v2(int output_stride) {
  auto net = std::make_shared<Backbone>();
  ByOperation naming(*net);
  Builder(*net, naming, output_stride, true).build(kMobilenetV2);
  return net;
}

std::shared_ptr<Backbone> make_efficientnet_lite0(int output_stride) {
  auto net = std::make_shared<Backbone>();
  net->norm_epsilon = 1e-3;
  ByBlock naming(*net);
  Builder(*net, naming, output_stride, false).build(kEfficientnetLite0);
  return net;
}

}  // namespace cytocape::detail
