#pragma once

/// The convolutional part of a CAPE network as a list of operations that every user of it walks:
/// training runs the modules, inference folds the norms, freezing counts the operations.

#include <torch/torch.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace cytocape::detail {

enum class Activation { none, relu, relu6 };

/// What decides the zeros around a convolution's input. `same` is TensorFlow's rule: as many as
/// make the output ceil(input / stride) long, the odd one at the right and bottom. `symmetric` is
/// PyTorch's (kernel - 1) / 2 on each side. They differ at stride 2 only. `given` is a number.
enum class PaddingRule { symmetric, same, given };

struct ConvolutionSpec {
  std::int64_t in = 0;
  std::int64_t out = 0;
  std::int64_t kernel = 1;
  std::int64_t stride = 1;
  std::int64_t dilation = 1;
  std::int64_t groups = 1;
  bool bias = false;
  PaddingRule padding = PaddingRule::symmetric;
  std::int64_t zeros = 0;  ///< on each side, where the rule is `given`
};

/// Zeros before and after the input along one axis of `length` pixels.
[[nodiscard]] std::array<std::int64_t, 2> padding_along(const ConvolutionSpec& spec,
                                                        std::int64_t length);

/// Convolution with groups, padding rule and all; `weight` is [out, in / groups, kernel, kernel].
[[nodiscard]] torch::Tensor convolve(const torch::Tensor& x, const ConvolutionSpec& spec,
                                     const torch::Tensor& weight, const torch::Tensor& bias);
[[nodiscard]] torch::Tensor activate(torch::Tensor x, Activation activation);

/// One step: a convolution with its norm (where it has one) and activation, the 3 x 3 max pool of
/// stride 2 of a ResNet's stem, an addition with its activation, or two maps' channels side by
/// side.
struct Operation {
  enum class Kind { convolution, max_pool, addition, concatenation };
  Kind kind = Kind::convolution;
  int input = -1;   ///< the operation whose output it takes; -1: the image
  int addend = -1;  ///< second input of an addition or a concatenation
  Activation activation = Activation::none;
  ConvolutionSpec spec;
  torch::nn::Conv2d convolution{nullptr};
  torch::nn::BatchNorm2d norm{nullptr};
};

/// Names under which a convolution and its norm are registered; an empty `norm`: it has none.
struct UnitNames {
  std::string convolution;
  std::string norm;
};

class Backbone : public torch::nn::Module {
 public:
  /// x: [B, 3, H, W], normalised. Returns [B, channels(), H / stride, W / stride].
  [[nodiscard]] torch::Tensor forward(const torch::Tensor& x);

  [[nodiscard]] const std::vector<Operation>& operations() const { return operations_; }
  /// last_use()[i]: index of the last operation that reads operation i's output.
  [[nodiscard]] std::vector<int> last_use() const;
  [[nodiscard]] std::int64_t channels() const;

  /// What convolutions compute in while training: float32, or bfloat16. On a processor bfloat16
  /// is for the pointwise ones alone: depthwise ones are slower in it (docs/performance.md).
  torch::ScalarType precision = torch::kFloat32;

  /// Building: each appends one operation that reads `input` and returns its index.
  int add_convolution(torch::nn::Module& owner, const UnitNames& names, Operation operation);
  int add_max_pool(int input);
  int add_addition(int input, int addend, Activation activation);
  /// Takes `member` in under the name of its number; its channels come behind those of the members
  /// before it. All look at the same image and have maps of one size.
  void add_member(const std::shared_ptr<Backbone>& member);
  double norm_epsilon = 1e-5;

 private:
  [[nodiscard]] std::int64_t channels_of(int operation) const;

  std::vector<Operation> operations_;
  int members_ = 0;
};

/// Makes `downsampling` strides until the output stride is reached; from then on a stride of 2
/// becomes 1 and the convolutions behind it look twice as far apart. The coarse map's values stay
/// in the fine map, every second row and column.
class StrideBudget {
 public:
  explicit StrideBudget(int output_stride) : limit_(output_stride) {}
  /// Sets spec.stride and spec.dilation; call in the order of the operations.
  void apply(ConvolutionSpec& spec);

 private:
  int limit_;
  int reached_ = 1;
  int dilation_ = 1;
};

[[nodiscard]] std::shared_ptr<Backbone> make_resnet(int depth, int output_stride);
[[nodiscard]] std::shared_ptr<Backbone> make_mobilenet_v2(int output_stride);
[[nodiscard]] std::shared_ptr<Backbone> make_efficientnet_lite0(int output_stride);

/// `name` is a code of BackboneKind, the output stride 32 or 16. Throws ModelError naming the value
/// for any other. Weights are Kaiming normal, drawn from LibTorch's default generator
/// (torch::manual_seed). With several `members` (detail/join.hpp) that many stand side by side and
/// their channels one behind the other.
[[nodiscard]] std::shared_ptr<Backbone> make_backbone(const std::string& name, int output_stride,
                                                      int members = 1);

}  // namespace cytocape::detail
