/// Number for number against PyTorch: steps of training, post-fitting and whole networks.
/// tests/models/parity/goldens.py made the goldens, from its transcription of the definitions, in
/// float64.

#include <map>

#include "models/training/optimiser.hpp"
#include "models/training/post_fit.hpp"
#include "models/training/ts_loss.hpp"
#include "tests/models/parity/golden.hpp"
#include "tests/models/training/one_thread.hpp"

namespace cytocape::detail {
namespace {

using testing::agrees;
using testing::Golden;
using testing::noise;

/// Both in float64, sums in another order, three updates.
constexpr double kDouble = 1e-12;

/// The heads' parameters under their names in float64, in which CapeNet's own cannot be compared
/// closely enough to tell one optimiser's rule from a similar one.
class Heads {
 public:
  Heads() {
    add("classifiers.orig.2.weight", {5, 6});
    add("classifiers.orig.2.bias", {5});
    add("classifiers.cape.2.weight", {5, 6});
    add("classifiers.cape.2.bias", {5});
    add("t1.T", {1});
    add("t2.T", {1});
    add("t3.T", {1, 1, 1, 1});
    features.requires_grad_();
  }

  [[nodiscard]] torch::Tensor loss() {
    return ts_loss({.ordinary = map("orig", features), .cape = map("cape", features.detach())},
                   {parameters["t1.T"], parameters["t2.T"], parameters["t3.T"]}, labels);
  }

  std::map<std::string, torch::Tensor> parameters;
  torch::Tensor features = noise("steps.features", {4, 6, 2, 3}, -1, 2);
  torch::Tensor labels = noise("steps.labels", {4}, 0, 5).to(torch::kInt64);

 private:
  void add(const std::string& name, torch::IntArrayRef shape) {
    parameters[name] = testing::state_number("steps", name, torch::empty(shape), 6)
                           .to(torch::kFloat64)
                           .requires_grad_();
  }
  [[nodiscard]] torch::Tensor map(const std::string& head, const torch::Tensor& x) {
    const auto& weight = parameters["classifiers." + head + ".2.weight"];
    return torch::conv2d(x, weight.unsqueeze(-1).unsqueeze(-1),
                         parameters["classifiers." + head + ".2.bias"]);
  }
};

/// Three updates of the heads, the first and the last compared.
template <typename ZeroGrad, typename Step>
void expect_steps(Heads& heads, const std::string& optimiser, const ZeroGrad& zero_grad,
                  const Step& step) {
  const Golden golden("steps");
  for (int i = 1; i <= 3; ++i) {
    zero_grad();
    heads.loss().backward();
    step();
    if (i == 2) continue;
    for (const auto& [name, parameter] : heads.parameters) {
      const auto key = optimiser + "." + std::to_string(i) + "." + name;
      EXPECT_TRUE(agrees(parameter, golden[key], kDouble)) << key;
    }
  }
}

TEST(TrainingParity, GradientsOfHeadsScalesAndFeaturesAreTheReferences) {
  Heads heads;
  const Golden golden("steps");
  const auto loss = heads.loss();
  loss.backward();
  EXPECT_TRUE(agrees(loss, golden["loss"], kDouble));
  EXPECT_TRUE(agrees(heads.features.grad(), golden["grad.features"], kDouble));
  for (const auto& [name, parameter] : heads.parameters) {
    EXPECT_TRUE(agrees(parameter.grad(), golden["grad." + name], kDouble)) << name;
  }
}

TEST(TrainingParity, AdamWStepsAsPyTorchs) {
  Heads heads;
  AdamW optimiser;
  for (const auto& [name, parameter] : heads.parameters) {
    optimiser.add(name, parameter, 0.02, name.ends_with("weight") ? 0.1 : 0);
  }
  // A rate of 0.01 in two factors, as the schedule gives them.
  expect_steps(
      heads, "adamw", [&] { optimiser.zero_grad(); }, [&] { optimiser.step(0.5); });
}

TEST(TrainingParity, ReferenceOptimiserStepsAsPyTorchs) {
  Heads heads;
  Sgd optimiser;
  for (const auto& [name, parameter] : heads.parameters) {
    optimiser.add(name, parameter, 0.02, 1e-4);
  }
  expect_steps(
      heads, "sgd", [&] { optimiser.zero_grad(); }, [&] { optimiser.step(0.5); });
}

/// Ten updates on cached features in one batch, float32 as the program computes. Differences are
/// measured against how far the fit moved a parameter, not against its value.
TEST(PostFittingParity, CapeHeadAndScalesEndWhereTheReferencesDo) {
  const Golden golden("post_fitting");
  CapeNet network("resnet18", 3, 32);
  testing::fill(network, "pf");
  const auto features = noise("pf.features", {12, 512, 2, 3}, 0, 0.5).to(torch::kFloat32);
  const auto loss = [&] {
    return ts_loss(network.heads(features, /*detach_cape=*/true),
                   {network.t1, network.t2, network.t3}, torch::zeros({12}, torch::kInt64),
                   {.alpha = 0})
        .item<double>();
  };
  const auto losses = golden["losses"];
  const auto updates = static_cast<int>(losses.numel()) - 1;
  // A divergence of near equals: what is left of numbers around 1 after their difference.
  constexpr double kLossTolerance = 1e-6;
  post_fit(network, features, {.epochs = 0});
  EXPECT_NEAR(loss(), losses[0].item<double>(), kLossTolerance);
  const std::map<std::string, torch::Tensor> start{
      {"classifiers.cape.2.weight", network.cape_head->weight.detach().clone()},
      {"classifiers.cape.2.bias", network.cape_head->bias.detach().clone()},
      {"t1.T", network.t1.detach().clone()},
      {"t2.T", network.t2.detach().clone()},
      {"t3.T", network.t3.detach().clone()}};
  for (const char* scale : {"t1.T", "t2.T", "t3.T"})
    ASSERT_NE(start.at(scale).abs().sum().item<float>(), 0)
        << "the reference keeps what was learnt";

  post_fit(network, features, {.epochs = updates, .batch = 12});
  EXPECT_NEAR(loss(), losses[-1].item<double>(), kLossTolerance);
  const auto learned = network.named_parameters();
  for (const auto& [name, before] : start) {
    EXPECT_TRUE(
        agrees((learned[name] - before).detach(), golden[name] - before.to(torch::kFloat64), 5e-4))
        << name;
  }
}

class NetworkParity : public ::testing::TestWithParam<const char*> {};

TEST_P(NetworkParity, MapsAreTheReferences) {
  const std::string name = GetParam();
  const Golden golden("networks");
  CapeNet network(name, 4, 32);
  testing::fill(network, name);
  network.eval();
  const torch::InferenceMode guard;
  const auto images = noise(name + ".images", {2, 3, 64, 96}, -2, 2).to(torch::kFloat32);
  const auto maps = network.heads(network.features(images), false);
  // float32 through up to 53 convolutions: tens of roundings of 6e-8.
  EXPECT_TRUE(agrees(maps.ordinary, golden[name + ".orig"], 1e-5));
  EXPECT_TRUE(agrees(maps.cape, golden[name + ".cape"], 1e-5));
  const CapeScales scales{network.t1.item<double>(), network.t2.item<double>()};
  EXPECT_TRUE(agrees(testing::cape_maps_of(maps.cape, scales).map, golden[name + ".map"], 1e-5));
}

INSTANTIATE_TEST_SUITE_P(All, NetworkParity, ::testing::Values("resnet18", "resnet50"),
                         [](const auto& parameter) { return std::string(parameter.param); });

/// Each tensor's norm, and its product with fixed noise, which moves with any of its numbers.
void expect_summaries(const std::map<std::string, torch::Tensor>& tensors,
                      const torch::Tensor& wanted, double allowed) {
  ASSERT_EQ(static_cast<std::int64_t>(tensors.size()), wanted.size(0));
  std::int64_t row = 0;
  for (const auto& [name, tensor] : tensors) {
    const auto [norm, product] = testing::summary_of(name, tensor);
    const double scale = wanted[row][0].item<double>();
    EXPECT_LE(std::abs(norm - scale) / scale, allowed) << name;
    EXPECT_LE(std::abs(product - wanted[row][1].item<double>()) / scale, allowed) << name;
    ++row;
  }
}

TEST(TrainingParity, BackwardPassThroughAWholeNetworkIsTheReferences) {
  const Golden golden("networks");
  CapeNet network("resnet18", 4, 32);
  testing::fill(network, "resnet18");
  network.train();
  const auto images = noise("step.images.9", {2, 3, 64, 64}, -2, 2).to(torch::kFloat32);
  const auto labels = noise("step.labels", {2}, 0, 4).to(torch::kInt64);
  const auto loss = ts_loss(network.heads(network.features(images), /*detach_cape=*/true),
                            {network.t1, network.t2, network.t3}, labels);
  loss.backward();
  EXPECT_TRUE(agrees(loss, golden["step.loss"], 1e-5));
  std::map<std::string, torch::Tensor> gradients;
  std::map<std::string, torch::Tensor> statistics;
  for (const auto& item : network.named_parameters()) gradients[item.key()] = item.value().grad();
  for (const auto& [name, tensor] : named_state(network)) {
    if (name.find(".running_") != std::string::npos) statistics[name] = tensor;
  }
  // Norms over as few as eight positions enlarge float32's roundings on the way back.
  expect_summaries(gradients, golden["step.gradients"], 2e-4);
  expect_summaries(statistics, golden["step.statistics"], 1e-5);
}

}  // namespace
}  // namespace cytocape::detail
