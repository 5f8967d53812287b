#include "models/network/network.hpp"

#include <fmt/format.h>

#include "io/errors.hpp"

namespace cytocape::detail {
namespace {

/// A module whose only content is what is registered in it: a part of a dotted name.
std::shared_ptr<torch::nn::Module> add_group(torch::nn::Module& owner, const std::string& name) {
  return owner.register_module(name, std::make_shared<torch::nn::Module>());
}

/// "2": behind the pooling and the flattening of the reference code's Sequential.
torch::nn::Linear add_head(torch::nn::Module& owner, const std::string& name, std::int64_t features,
                           std::int64_t classes) {
  auto head = add_group(owner, name)->register_module("2", torch::nn::Linear(features, classes));
  torch::nn::init::kaiming_normal_(head->weight);
  torch::nn::init::zeros_(head->bias);
  return head;
}

torch::Tensor class_map(const torch::Tensor& features, const torch::nn::Linear& head) {
  return torch::conv2d(features, head->weight.unsqueeze(-1).unsqueeze(-1), head->bias);
}

}  // namespace

CapeNet::CapeNet(const std::string& backbone, std::int64_t classes, int output_stride, int members)
    : classes_(classes) {
  if (classes < 2) throw ModelError(fmt::format("{} classes: a network needs at least 2", classes));
  net_ = register_module("net", make_backbone(backbone, output_stride, members));
  auto heads = add_group(*this, "classifiers");
  ordinary_head = add_head(*heads, "orig", net_->channels(), classes);
  cape_head = add_head(*heads, "cape", net_->channels(), classes);
  t1 = add_group(*this, "t1")->register_parameter("T", torch::zeros({1}));
  t2 = add_group(*this, "t2")->register_parameter("T", torch::zeros({1}));
  t3 = add_group(*this, "t3")->register_parameter("T", torch::zeros({1, 1, 1, 1}));
}

torch::Tensor CapeNet::features(const torch::Tensor& x) {
  return net_->forward(x);
}

HeadMaps CapeNet::heads(const torch::Tensor& features, bool detach_cape) {
  const auto wide = features.to(torch::kFloat32);
  return {.ordinary = class_map(wide, ordinary_head),
          .cape = class_map(detach_cape ? wide.detach() : wide, cape_head)};
}

void CapeNet::freeze_first(std::int64_t count) {
  const auto& operations = net_->operations();
  frozen_ = std::min<std::int64_t>(count, static_cast<std::int64_t>(operations.size()));
  for (std::int64_t i = 0; i < frozen_; ++i) {
    const auto& operation = operations[static_cast<std::size_t>(i)];
    if (operation.kind != Operation::Kind::convolution) continue;
    for (auto& parameter : operation.convolution->parameters()) parameter.requires_grad_(false);
    if (!operation.norm) continue;
    for (auto& parameter : operation.norm->parameters()) parameter.requires_grad_(false);
  }
  train(is_training());
}

void CapeNet::copy_ordinary_head_to_cape() {
  const torch::NoGradGuard no_grad;
  cape_head->weight.copy_(ordinary_head->weight);
  cape_head->bias.copy_(ordinary_head->bias);
}

void CapeNet::train(bool on) {
  torch::nn::Module::train(on);
  for (std::int64_t i = 0; i < frozen_; ++i) {
    const auto& norm = net_->operations()[static_cast<std::size_t>(i)].norm;
    if (norm) norm.ptr()->eval();
  }
}

}  // namespace cytocape::detail
