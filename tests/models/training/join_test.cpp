#include "models/training/join.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "models/cape/cape.hpp"
#include "models/engine/engine.hpp"
#include "models/network/weights.hpp"
#include "tests/models/data/example_card.hpp"
#include "tests/models/training/one_thread.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape::detail {
namespace {

using cytocape::testing::example_card;

ModelCard card_of(const std::string& backbone) {
  auto card = example_card(backbone, 3);
  card.input_px = 64;
  return card;
}

/// Members whose heads, biases and scales all differ.
std::vector<std::shared_ptr<CapeNet>> three_networks(const std::string& backbone) {
  std::vector<std::shared_ptr<CapeNet>> members;
  const torch::NoGradGuard no_grad;
  for (int k = 0; k < 3; ++k) {
    torch::manual_seed(static_cast<std::uint64_t>(10 + k));
    auto member = std::make_shared<CapeNet>(backbone, 3, 32);
    member->ordinary_head->bias.uniform_(-1, 1);
    member->cape_head->bias.uniform_(-1, 1);
    member->t1.fill_(0.3 * k);
    member->t2.fill_(0.5 - 0.2 * k);
    member->eval();
    members.push_back(std::move(member));
  }
  return members;
}

torch::Tensor crops() {
  torch::manual_seed(5);
  return torch::randn({2, 3, 64, 64});
}

TEST(JoinedNetwork, LogitsAreTheMeanOfTheMembers) {
  const auto members = three_networks("mobilenet_v2");
  const auto joined = join_networks(members, card_of("mobilenet_v2"));
  const torch::InferenceMode guard;
  const auto x = crops();
  const auto maps = joined->heads(joined->features(x), false);
  torch::Tensor ordinary = torch::zeros_like(maps.ordinary);
  torch::Tensor a = torch::zeros_like(maps.cape);
  for (const auto& member : members) {
    const auto own = member->heads(member->features(x), false);
    ordinary += own.ordinary / 3;
    a += own.cape / torch::exp(member->t1) / 3;
  }
  EXPECT_TRUE(torch::allclose(maps.ordinary, ordinary, 1e-4, 1e-5));
  EXPECT_TRUE(torch::allclose(maps.cape / torch::exp(joined->t1), a, 1e-4, 1e-5));
  EXPECT_NEAR(joined->t2.item<double>(), 0, 1e-6) << "the mean of 0.5, 0.3, 0.1 less 0, 0.3, 0.6";
}

TEST(JoinedNetwork, OfEqualMembersIsTheMember) {
  const auto one = three_networks("mobilenet_v2").back();
  const auto joined = join_networks({one, one}, card_of("mobilenet_v2"));
  const torch::InferenceMode guard;
  const auto p = [](CapeNet& network) {
    const auto map = network.heads(network.features(crops()), false).cape.to(torch::kFloat64);
    const auto flat = map.flatten(2);
    const auto w = torch::softmax(flat.mean(1, true) / torch::exp(network.t2), 2);
    return torch::softmax(flat / torch::exp(network.t1), 1) * w;
  };
  EXPECT_TRUE(torch::allclose(p(*joined), p(*one), 1e-4, 1e-7));
}

/// Weights, scales and the statistics of a batch norm alike.
TEST(MeanNetwork, HasTheMeanOfEveryWeightAndRunningStatistic) {
  auto networks = three_networks("resnet18");
  const torch::NoGradGuard no_grad;
  for (std::size_t k = 0; k < networks.size(); ++k)
    for (auto& [name, tensor] : named_state(*networks[k]))
      if (name.ends_with("running_var")) tensor.fill_(1.0 + static_cast<double>(k));
  const auto mean = mean_network(networks, card_of("resnet18"));
  const auto found = named_state(*mean);
  std::size_t variances = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    torch::Tensor sum = torch::zeros_like(found[i].second);
    for (const auto& one : networks) sum += named_state(*one)[i].second;
    EXPECT_TRUE(torch::allclose(found[i].second, sum / 3, 1e-5, 1e-7)) << found[i].first;
    if (!found[i].first.ends_with("running_var")) continue;
    ++variances;
    EXPECT_NEAR(found[i].second.mean().item<double>(), 2, 1e-6) << found[i].first;
  }
  EXPECT_GT(variances, 10U);
  EXPECT_FALSE(mean->is_training());
}

TEST(MeanNetwork, OneGivenTwiceHasTwiceTheWeight) {
  const auto networks = three_networks("mobilenet_v2");
  const auto mean = mean_network({networks[0], networks[1], networks[1]}, card_of("mobilenet_v2"));
  EXPECT_NEAR(mean->t1.item<double>(), 0.2, 1e-6) << "of 0, 0.3 and 0.3";
}

TEST(MeanNetwork, LikenessTellsAFurtherRoundFromAnotherStart) {
  const auto networks = three_networks("mobilenet_v2");
  EXPECT_NEAR(likeness(*networks[0], *networks[0]), 1, 1e-9);
  EXPECT_LT(likeness(*networks[0], *networks[1]), 0.1);
}

TEST(JoinedNetwork, IsReadBackAndFoldedLikeAnyOther) {
  for (const char* backbone : {"mobilenet_v2", "resnet18"}) {
    const cytocape::testing::TempDir dir;
    auto card = card_of(backbone);
    const auto joined = join_networks(three_networks(backbone), card);
    card.members = 3;
    const auto path = dir / "joined.safetensors";
    save_model(path, *joined, card, DType::f32);
    const torch::InferenceMode guard;
    const auto engine = load_engine(path, {torch::kCPU, torch::kFloat32});
    const auto x = crops();
    const auto wanted = joined->heads(joined->features(x), false);
    const auto found = engine->run(x);
    EXPECT_TRUE(torch::allclose(found.cape, wanted.cape, 1e-3, 1e-4)) << backbone;
    EXPECT_TRUE(torch::allclose(found.ordinary, wanted.ordinary, 1e-3, 1e-4)) << backbone;
  }
}

}  // namespace
}  // namespace cytocape::detail
