#include "models/training/join.hpp"

#include <string>
#include <unordered_map>
#include <utility>

#include "models/network/weights.hpp"

namespace cytocape::detail {
namespace {

using NamedState = std::vector<std::pair<std::string, torch::Tensor>>;

std::vector<torch::Tensor> of_each(const std::vector<std::shared_ptr<CapeNet>>& members,
                                   torch::Tensor (*part)(CapeNet&)) {
  std::vector<torch::Tensor> parts;
  for (const auto& member : members) parts.push_back(part(*member));
  return parts;
}

torch::Tensor mean_of(const std::vector<torch::Tensor>& parts) {
  return torch::stack(parts).mean(0);
}

void copy_backbones(const std::vector<std::shared_ptr<CapeNet>>& members, CapeNet& joined) {
  std::unordered_map<std::string, torch::Tensor> target;
  for (auto& [name, tensor] : named_state(joined)) target.emplace(name, tensor);
  const std::string prefix = "net.";
  for (std::size_t k = 0; k < members.size(); ++k) {
    for (auto& [name, tensor] : named_state(*members[k])) {
      if (!name.starts_with(prefix)) continue;
      target.at(prefix + std::to_string(k) + "." + name.substr(prefix.size())).copy_(tensor);
    }
  }
}

/// Of the backbone's convolutions, as one vector of float64.
torch::Tensor convolutions_of(CapeNet& network) {
  std::vector<torch::Tensor> parts;
  for (const auto& [name, tensor] : named_state(network))
    if (name.starts_with("net.") && tensor.dim() == 4)
      parts.push_back(tensor.detach().flatten().to(torch::kFloat64));
  return torch::cat(parts);
}

}  // namespace

double likeness(CapeNet& a, CapeNet& b) {
  return torch::cosine_similarity(convolutions_of(a), convolutions_of(b), 0).item<double>();
}

std::shared_ptr<CapeNet> mean_network(const std::vector<std::shared_ptr<CapeNet>>& networks,
                                      const ModelCard& card) {
  const torch::NoGradGuard no_grad;
  auto mean = std::make_shared<CapeNet>(card.backbone, networks.front()->classes(),
                                        card.output_stride, card.members);
  mean->to(networks.front()->t1.device());
  std::vector<NamedState> states;
  for (const auto& one : networks) states.push_back(named_state(*one));
  const auto target = named_state(*mean);
  for (std::size_t i = 0; i < target.size(); ++i) {
    std::vector<torch::Tensor> parts;
    for (const auto& state : states) parts.push_back(state[i].second);
    torch::Tensor(target[i].second).copy_(mean_of(parts));
  }
  mean->eval();
  return mean;
}

std::shared_ptr<CapeNet> join_networks(const std::vector<std::shared_ptr<CapeNet>>& members,
                                       const ModelCard& card) {
  const torch::NoGradGuard no_grad;
  const auto count = static_cast<int>(members.size());
  auto joined = std::make_shared<CapeNet>(card.backbone, members.front()->classes(),
                                          card.output_stride, count);
  joined->to(members.front()->t1.device());
  copy_backbones(members, *joined);
  const auto side_by_side = [&](torch::Tensor (*weight)(CapeNet&)) {
    return torch::cat(of_each(members, weight), 1) / count;
  };
  joined->ordinary_head->weight.copy_(
      side_by_side([](CapeNet& one) { return one.ordinary_head->weight; }));
  joined->ordinary_head->bias.copy_(
      mean_of(of_each(members, [](CapeNet& one) { return one.ordinary_head->bias; })));
  joined->cape_head->weight.copy_(side_by_side(
      [](CapeNet& one) { return one.cape_head->weight / torch::exp(one.t1.reshape({})); }));
  joined->cape_head->bias.copy_(mean_of(of_each(
      members, [](CapeNet& one) { return one.cape_head->bias / torch::exp(one.t1.reshape({})); })));
  joined->t1.zero_();
  joined->t2.copy_(mean_of(of_each(members, [](CapeNet& one) { return one.t2 - one.t1; })));
  joined->t3.copy_(mean_of(of_each(members, [](CapeNet& one) { return one.t3; })));
  joined->eval();
  return joined;
}

}  // namespace cytocape::detail
