#include "models/engine/classifier.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/script.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>
#include <random>
#include <thread>

#include "io/digest.hpp"
#include "io/errors.hpp"
#include "models/cape/explanation.hpp"
#include "models/engine/engine.hpp"
#include "models/network/cpu_kernels.hpp"
#include "models/network/frozen_network.hpp"
#include "models/network/weights.hpp"
#include "tests/models/data/example_card.hpp"
#include "tests/models/training/one_thread.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

using detail::CapeNet;
using testing::example_card;
using ::testing::HasSubstr;
using testing::TempDir;

constexpr ClassifierOptions kFloat32{.device = "cpu", .precision = Precision::float32, .batch = 40};

std::vector<std::uint8_t> random_crops(std::int64_t count, int px) {
  std::mt19937 generator(11);
  std::vector<std::uint8_t> crops(static_cast<std::size_t>(count * px * px * 3));
  for (auto& value : crops) value = static_cast<std::uint8_t>(generator() >> 24);
  return crops;
}

/// A network whose norms and heads are all away from their start values.
std::shared_ptr<CapeNet> lively_network(const std::string& backbone, std::int64_t classes,
                                        int stride) {
  torch::manual_seed(7);
  auto network = std::make_shared<CapeNet>(backbone, classes, stride);
  const torch::NoGradGuard no_grad;
  for (auto& [name, tensor] : detail::named_state(*network)) {
    if (name.ends_with("running_mean")) tensor.normal_(0, 0.1);
    if (name.ends_with("running_var")) tensor.uniform_(0.5, 2);
    if (name.ends_with("bias")) tensor.normal_(0, 0.1);
  }
  network->t1.fill_(0.3);
  network->t2.fill_(-0.2);
  network->eval();
  return network;
}

/// Two random orthonormal directions around a random mean.
detail::EmbeddingStatistics random_statistics(std::int64_t features) {
  const auto mean = torch::rand({features});
  const auto directions =
      std::get<0>(torch::linalg_qr(torch::randn({features, 2}))).t().contiguous();
  return {
      .mean = detail::to_host(mean), .directions = detail::to_host(directions), .residual = 0.5F};
}

TEST(FrozenNetwork, ComputesWhatTheModuleComputes) {
  for (const char* backbone : {"resnet18", "resnet50", "mobilenet_v2", "efficientnet_lite0"}) {
    for (const int stride : {32, 16}) {
      for (const std::int64_t px : {96, 70}) {
        auto network = lively_network(backbone, 4, stride);
        const detail::FrozenNetwork frozen(*network, {.input_px = px});
        const torch::InferenceMode guard;
        const auto x = torch::randn({2, 3, px, px}).contiguous(torch::MemoryFormat::ChannelsLast);
        const auto wanted = network->features(x);
        const auto got = frozen.features(x);
        const auto scale = wanted.abs().max().item<double>();
        EXPECT_LT((got - wanted).abs().max().item<double>(), 1e-4 * scale)
            << backbone << " at stride " << stride << ", " << px << " px";
        EXPECT_EQ(frozen.map_px(), wanted.size(2));
      }
    }
  }
}

TEST(FrozenNetwork, Bfloat16StaysCloseToFloat32) {
  if (!cpu_computes_bfloat16()) GTEST_SKIP() << "this processor does not compute bfloat16";
  auto network = lively_network("mobilenet_v2", 4, 32);
  const detail::FrozenNetwork frozen(*network, {.dtype = torch::kBFloat16, .input_px = 96});
  const torch::InferenceMode guard;
  const auto x = torch::randn({2, 3, 96, 96}).contiguous(torch::MemoryFormat::ChannelsLast);
  const auto wanted = network->features(x);
  const auto got = frozen.features(x);
  EXPECT_EQ(got.scalar_type(), torch::kBFloat16);
  EXPECT_LT((got.to(torch::kFloat32) - wanted).norm().item<double>(),
            0.05 * wanted.norm().item<double>());
}

TEST(CpuKernels, Bfloat16ActivationEqualsLibTorchs) {
  const auto x = torch::cat({torch::linspace(-9, 9, 2001),
                             torch::tensor({-0.0F, 0.0F, 6.0F, 6.03125F, 1e30F, -1e30F, 1e-40F})})
                     .to(torch::kBFloat16);
  for (const auto activation :
       {detail::Activation::none, detail::Activation::relu, detail::Activation::relu6}) {
    const auto wanted = detail::activate(x.clone(), activation);
    EXPECT_TRUE(torch::equal(detail::activate_fast(x.clone(), activation), wanted));
  }
}

TEST(Classifier, MapOfEachCropSumsToOneAndToItsProbability) {
  const TempDir dir;
  auto network = lively_network("resnet18", 3, 16);
  auto card = example_card("resnet18", 3);
  card.output_stride = 16;
  detail::save_model(dir / "m", *network, card, DType::f32);
  for (const auto precision : {Precision::float32, Precision::bfloat16}) {
    if (precision == Precision::bfloat16 && !cpu_computes_bfloat16()) {
      EXPECT_THROW((void)Classifier::load(dir / "m", {.device = "cpu", .precision = precision}),
                   ConfigError);
      continue;
    }
    const auto classifier =
        Classifier::load(dir / "m", {.device = "cpu", .precision = precision, .batch = 8});
    const auto maps = classifier->classify(random_crops(5, 64), 5);
    ASSERT_EQ(maps.map.size(), 5U * 3 * 4 * 4);
    for (std::size_t k = 0; k < 5; ++k) {
      const auto* map = maps.map.data() + k * 48;
      EXPECT_NEAR(std::accumulate(map, map + 48, 0.0), 1, 1e-14);
      for (std::size_t c = 0; c < 3; ++c) {
        EXPECT_NEAR(std::accumulate(map + c * 16, map + c * 16 + 16, 0.0),
                    maps.probability[k * 3 + c], 1e-15);
      }
      EXPECT_NEAR(maps.ordinary[k * 3] + maps.ordinary[k * 3 + 1] + maps.ordinary[k * 3 + 2], 1,
                  1e-14);
    }
  }
}

/// The whole way by LibTorch in float64: module, softmaxes and the learned scales.
TEST(Classifier, AgreesWithAnUnfoldedNetwork) {
  const TempDir dir;
  auto network = lively_network("resnet18", 3, 32);
  auto card = example_card("resnet18", 3);
  card.calibration_a = 0.4;
  card.calibration_w = -0.6;
  detail::save_model(dir / "m", *network, card, DType::f32);
  const auto crops = random_crops(2, 64);
  const auto maps = Classifier::load(dir / "m", kFloat32)->classify(crops, 2);

  const torch::InferenceMode guard;
  auto bytes =
      torch::from_blob(const_cast<std::uint8_t*>(crops.data()), {2, 64, 64, 3}, torch::kUInt8);
  const auto heads = network->heads(network->features(detail::normalise(bytes, card)), false);
  const auto logits = heads.cape.to(torch::kFloat64);
  const auto a = torch::softmax(logits / std::exp(0.3 + 0.4), 1);
  const auto w = torch::softmax((logits.mean(1) / std::exp(-0.2 - 0.6)).flatten(1), 1);
  const auto wanted = (a.flatten(2) * w.unsqueeze(1)).contiguous();
  const auto ordinary =
      torch::softmax(heads.ordinary.to(torch::kFloat64).mean({2, 3}), 1).contiguous();
  for (std::size_t i = 0; i < maps.map.size(); ++i) {
    EXPECT_NEAR(maps.map[i], wanted.data_ptr<double>()[i], 1e-5);
  }
  for (std::size_t i = 0; i < maps.ordinary.size(); ++i) {
    EXPECT_NEAR(maps.ordinary[i], ordinary.data_ptr<double>()[i], 1e-5);
  }
}

TEST(Classifier, AnyThreadGivesIdenticalBytes) {
  const TempDir dir;
  auto network = lively_network("mobilenet_v2", 3, 32);
  network->embedding = random_statistics(1280);
  detail::save_model(dir / "m", *network, example_card("mobilenet_v2", 3), DType::f16);
  const auto classifier = Classifier::load(dir / "m", {.device = "cpu", .batch = 20});
  const auto crops = random_crops(20, 64);
  const auto wanted = classifier->classify(crops, 20);
  std::vector<ClassMaps> results(4);
  {
    std::vector<std::jthread> threads;
    for (auto& result : results) {
      threads.emplace_back([&] {
        for (int round = 0; round < 3; ++round) result = classifier->classify(crops, 20);
      });
    }
  }
  for (const auto& result : results) {
    EXPECT_EQ(result.map, wanted.map);
    EXPECT_EQ(result.strangeness, wanted.strangeness);
    EXPECT_EQ(result.ordinary, wanted.ordinary);
  }
}

/// The order of the crops decides the order of the results, across the passes of one call.
TEST(Classifier, CropsKeepTheirOrder) {
  const TempDir dir;
  auto network = lively_network("mobilenet_v2", 3, 32);
  detail::save_model(dir / "m", *network, example_card("mobilenet_v2", 3), DType::f32);
  const auto classifier = Classifier::load(dir / "m", kFloat32);
  const auto crops = random_crops(37, 64);
  const auto all = classifier->classify(crops, 37);
  ASSERT_EQ(all.count, 37);
  constexpr std::size_t kBytes = 64 * 64 * 3;
  for (const std::size_t k : {0U, 16U, 36U}) {
    const auto one = classifier->classify(std::span(crops).subspan(k * kBytes, kBytes), 1);
    for (std::size_t c = 0; c < 3; ++c) {
      EXPECT_NEAR(one.probability[c], all.probability[k * 3 + c], 1e-5) << "crop " << k;
    }
  }
}

TEST(Classifier, LogitsAreWhatTheMapsAreMadeOf) {
  const TempDir dir;
  auto network = lively_network("resnet18", 3, 32);
  detail::save_model(dir / "m", *network, example_card("resnet18", 3), DType::f32);
  const auto classifier = Classifier::load(dir / "m", kFloat32);
  const auto crops = random_crops(3, 64);
  const auto maps = classifier->classify(crops, 3);
  const auto logits = classifier->logits(crops, 3);
  ASSERT_EQ(logits.count, 3);
  const auto second = cape_of(logits, 1, classifier->scales());
  const auto size = static_cast<std::ptrdiff_t>(second.size());
  EXPECT_EQ(second, std::vector<double>(maps.map.begin() + size, maps.map.begin() + 2 * size));
  EXPECT_NE(logits.ordinary, logits.cape);
}

class StrangenessKinds : public ::testing::TestWithParam<detail::Residual> {};

INSTANTIATE_TEST_SUITE_P(Classifier, StrangenessKinds,
                         ::testing::Values(detail::Residual::share, detail::Residual::distance));

TEST_P(StrangenessKinds, StrangenessIsThatOfThePooledFeatures) {
  const TempDir dir;
  auto network = lively_network("resnet18", 3, 32);
  network->embedding = random_statistics(512);
  network->embedding->kind = GetParam();
  const auto card = example_card("resnet18", 3);
  detail::save_model(dir / "m", *network, card, DType::f32);
  const auto crops = random_crops(20, 64);
  const auto strangeness = Classifier::load(dir / "m", kFloat32)->classify(crops, 20).strangeness;
  ASSERT_EQ(strangeness.size(), 20U);

  const torch::InferenceMode guard;
  auto bytes =
      torch::from_blob(const_cast<std::uint8_t*>(crops.data()), {20, 64, 64, 3}, torch::kUInt8);
  const auto pooled = network->features(detail::normalise(bytes, card)).mean({2, 3}).contiguous();
  for (std::int64_t k : {0, 15, 16, 19}) {  // on both sides of a pass's border
    const std::span<const float> own(pooled[k].data_ptr<float>(), 512);
    EXPECT_NEAR(strangeness[static_cast<std::size_t>(k)],
                detail::strangeness(*network->embedding, own),
                1e-5 * std::max(1.0, strangeness[static_cast<std::size_t>(k)]));
  }
  EXPECT_NE(strangeness[0], strangeness[1]);
}

TEST(Classifier, WithoutStatisticsThereIsNoStrangeness) {
  const TempDir dir;
  auto network = lively_network("mobilenet_v2", 2, 32);
  detail::save_model(dir / "m", *network, example_card("mobilenet_v2", 2), DType::f32);
  const auto maps = Classifier::load(dir / "m", kFloat32)->classify(random_crops(2, 64), 2);
  EXPECT_TRUE(maps.strangeness.empty());
}

TEST(Classifier, StatisticsOfAnotherNetworkAreRefused) {
  const TempDir dir;
  auto network = lively_network("resnet18", 2, 32);
  network->embedding = random_statistics(500);
  detail::save_model(dir / "m", *network, example_card("resnet18", 2), DType::f32);
  try {
    static_cast<void>(Classifier::load(dir / "m", kFloat32));
    FAIL() << "accepted";
  } catch (const ModelError& error) {
    EXPECT_THAT(error.what(), HasSubstr("embedding.directions [any, 512]"));
  }
}

TEST(Classifier, DescribesItself) {
  const TempDir dir;
  auto network = lively_network("resnet18", 2, 16);
  detail::save_model(dir / "m", *network, example_card("resnet18", 2), DType::f32);
  const auto classifier = Classifier::load(dir / "m", kFloat32);
  EXPECT_EQ(classifier->device_description(), "cpu, float32 (as asked)");
  EXPECT_TRUE(classifier->on_cpu());
  EXPECT_EQ(classifier->map_height(), 2);  // the card says stride 32
  EXPECT_EQ(classifier->map_width(), 2);
  EXPECT_EQ(classifier->sha256(), sha256_of_file(dir / "m"));
  EXPECT_EQ(classifier->card().classes[1].name, "class_1");
}

TEST(Classifier, SaysWhatDecidedItsPrecision) {
  const TempDir dir;
  auto network = lively_network("resnet18", 2, 16);
  const auto description = [&](DType kept) {
    detail::save_model(dir / "m", *network, example_card("resnet18", 2), kept);
    return Classifier::load(dir / "m", {.device = "cpu"})->device_description();
  };
  EXPECT_EQ(description(DType::f32), "cpu, float32 (its weights are float32)");
  EXPECT_THAT(description(DType::f16),
              ::testing::AnyOf("cpu, bfloat16 (its weights are 16 bits wide)",
                               "cpu, float32 (this processor is no quicker in 16 bits)"));
}

TEST(Classifier, WrongCountOrBytesAreRefused) {
  const TempDir dir;
  auto network = lively_network("resnet18", 2, 32);
  detail::save_model(dir / "m", *network, example_card("resnet18", 2), DType::f32);
  const auto classifier = Classifier::load(dir / "m", {.device = "cpu", .batch = 2});
  EXPECT_THROW(static_cast<void>(classifier->classify({}, 0)), ModelError);
  EXPECT_THROW(static_cast<void>(classifier->classify(random_crops(3, 64), 3)), ModelError);
  EXPECT_THROW(static_cast<void>(classifier->classify(random_crops(2, 63), 2)), ModelError);
}

TEST(Classifier, WeightsThatAreNoNumbersAreReportedNotCounted) {
  const TempDir dir;
  auto network = lively_network("resnet18", 2, 32);
  {
    const torch::NoGradGuard no_grad;
    network->cape_head->bias.fill_(std::nanf(""));
  }
  detail::save_model(dir / "m", *network, example_card("resnet18", 2), DType::f32);
  const auto classifier = Classifier::load(dir / "m", kFloat32);
  EXPECT_THROW(static_cast<void>(classifier->classify(random_crops(1, 64), 1)), ModelError);
}

TEST(Device, UnknownOrAbsentNamesAreConfigErrors) {
  for (const char* name : {"gpu", "cuda:", "cuda:x", "cuda:-1", "cuda:99", ""}) {
    try {
      static_cast<void>(Classifier::load("absent", {.device = name}));
      FAIL() << name;
    } catch (const ConfigError& error) {
      EXPECT_THAT(error.what(), HasSubstr(name));
    }
  }
}

TEST(Device, HalfIsNotForTheCpu) {
  EXPECT_THROW(static_cast<void>(
                   Classifier::load("absent", {.device = "cpu", .precision = Precision::half})),
               ConfigError);
}

TEST(Device, CpuIsAlwaysListedFirst) {
  const auto devices = list_devices();
  ASSERT_FALSE(devices.empty());
  EXPECT_EQ(devices.front().name, "cpu");
}

/// Two classes: the mean over each 8 x 8 square of the first channel, and of the second.
torch::jit::Module pooling_module() {
  torch::jit::Module module("m");
  module.define(R"(
    def forward(self, x):
        return torch.avg_pool2d(x, [8, 8], [8, 8])[:, 0:2]
  )");
  return module;
}

std::ofstream text_file(const std::filesystem::path& path) {
  return std::ofstream(path);
}

TEST(ScriptModel, ClassMapsBecomeCapeMaps) {
  const TempDir dir;
  pooling_module().save((dir / "m.pt").string());
  text_file(dir / "m.json") << to_json(example_card("", 2));
  const auto classifier = Classifier::load(dir / "m.pt", kFloat32);
  EXPECT_EQ(classifier->map_height(), 8);
  std::vector<std::uint8_t> red(64 * 64 * 3);
  for (std::size_t i = 0; i < red.size(); i += 3) red[i] = 255;
  const auto maps = classifier->classify(red, 1);
  // Normalised: red (1 - .5) / .25 = 2, green (0 - .4) / .2 = -2; all positions alike.
  EXPECT_NEAR(maps.probability[0], 1 / (1 + std::exp(-4.0)), 1e-6);
  EXPECT_NEAR(maps.ordinary[0], 1 / (1 + std::exp(-4.0)), 1e-6);
}

TEST(ScriptModel, ViewsAreAveraged) {
  const TempDir dir;
  torch::jit::Module module("m");
  module.define(R"(
    def forward(self, x):
        return torch.avg_pool2d(x, [8, 8], [8, 8])[:, 0:2] * torch.arange(8)
  )");
  module.save((dir / "m.pt").string());
  auto card = example_card("", 2);
  card.views = 2;
  text_file(dir / "m.json") << to_json(card);
  const std::vector<std::uint8_t> grey(64 * 64 * 3, 200);
  const auto maps = Classifier::load(dir / "m.pt", kFloat32)->classify(grey, 1);
  EXPECT_NEAR(maps.map[0], maps.map[7], 1e-9) << "left is right to a network that mirrors";
}

TEST(ScriptModel, CardInsideTheFileIsRead) {
  const TempDir dir;
  torch::jit::ExtraFilesMap extra{{detail::kCardKey, to_json(example_card("", 2))}};
  pooling_module().save((dir / "m.pt").string(), extra);
  EXPECT_EQ(Classifier::load(dir / "m.pt", kFloat32)->card().input_px, 64);
}

void expect_script_error(const std::filesystem::path& path, const std::string& message) {
  try {
    static_cast<void>(Classifier::load(path, kFloat32));
    FAIL() << "loaded";
  } catch (const ModelError& error) {
    EXPECT_THAT(error.what(), HasSubstr(message));
  }
}

TEST(ScriptModel, WrongFilesAreNamed) {
  const TempDir dir;
  pooling_module().save((dir / "m.pt").string());
  expect_script_error(dir / "m.pt", "m.json");
  text_file(dir / "m.json") << to_json(example_card("", 3));
  expect_script_error(dir / "m.pt", "2 classes, its card names 3");
  text_file(dir / "junk.pt") << "no zip archive";
  expect_script_error(dir / "junk.pt", "not a TorchScript module");
}

}  // namespace
}  // namespace cytocape
