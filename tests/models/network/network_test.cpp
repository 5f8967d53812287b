#include "models/network/network.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "io/errors.hpp"
#include "models/network/weights.hpp"
#include "tests/models/data/example_card.hpp"
#include "tests/models/training/one_thread.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/test_data.hpp"

namespace cytocape::detail {
namespace {

using cytocape::testing::example_card;
using ::testing::HasSubstr;

torch::Tensor random_crops(std::int64_t count, std::int64_t px) {
  torch::manual_seed(5);
  return torch::randn({count, 3, px, px});
}

/// Moves every running statistic away from its start, so that a norm that is left out, or folded
/// wrongly, shows.
void disturb_norms(CapeNet& network) {
  const torch::NoGradGuard no_grad;
  for (auto& [name, tensor] : named_state(network)) {
    if (name.ends_with("running_mean")) tensor.normal_(0, 0.2);
    if (name.ends_with("running_var")) tensor.uniform_(0.5, 2);
  }
}

std::set<std::string> names_of(CapeNet& network) {
  std::set<std::string> names;
  for (const auto& item : named_state(network)) names.insert(item.first);
  return names;
}

TEST(CapeNet, ResnetStateHasTheReferenceNames) {
  CapeNet network("resnet18", 4, 32);
  const auto names = names_of(network);
  for (const char* name :
       {"net.0.weight", "net.1.weight", "net.1.running_var", "net.4.0.conv1.weight",
        "net.4.1.bn2.bias", "net.5.0.downsample.0.weight", "net.5.0.downsample.1.running_mean",
        "net.7.1.conv2.weight", "classifiers.orig.2.weight", "classifiers.cape.2.bias", "t1.T",
        "t2.T", "t3.T"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
  EXPECT_FALSE(names.contains("net.4.0.downsample.0.weight"));
  // 20 convolutions, 20 norms of 4 tensors, 2 heads of 2, 3 scales.
  EXPECT_EQ(names.size(), 20 + 20 * 4 + 4 + 3);
  EXPECT_EQ(network.t1.sizes(), (torch::IntArrayRef{1}));
  EXPECT_EQ(network.t3.sizes(), (torch::IntArrayRef{1, 1, 1, 1}));
}

/// "num_params" of torchvision's weights (11,689,512; 21,797,672; 25,557,032) less those of fc.
TEST(CapeNet, ResnetsHaveTorchvisionsNumberOfParameters) {
  const auto parameters = [](const char* name) {
    std::int64_t count = 0;
    for (const auto& parameter : make_backbone(name, 32)->parameters()) count += parameter.numel();
    return count;
  };
  EXPECT_EQ(parameters("resnet18"), 11'176'512);
  EXPECT_EQ(parameters("resnet34"), 21'284'672);
  EXPECT_EQ(parameters("resnet50"), 23'508'032);
}

class EveryBackbone : public ::testing::TestWithParam<const char*> {};

TEST_P(EveryBackbone, MapIsTheInputOverTheStrideRoundedUp) {
  CapeNet network(GetParam(), 5, 32);
  network.eval();
  const torch::InferenceMode guard;
  const auto maps = network.heads(network.features(torch::randn({2, 3, 96, 65})), false);
  EXPECT_EQ(maps.cape.sizes(), (torch::IntArrayRef{2, 5, 3, 3}));
  EXPECT_EQ(maps.ordinary.sizes(), maps.cape.sizes());
  EXPECT_EQ(maps.cape.scalar_type(), torch::kFloat32);
}

/// Dilation keeps what the strided network computes: its values are every second row and column of
/// the finer map. TensorFlow's padding starts an even input's strides at the second pixel.
TEST_P(EveryBackbone, FineMapHoldsTheCoarseMap) {
  torch::manual_seed(1);
  CapeNet coarse(GetParam(), 3, 32);
  torch::manual_seed(1);
  CapeNet fine(GetParam(), 3, 16);
  coarse.eval();
  fine.eval();
  const torch::InferenceMode guard;
  const auto x = random_crops(1, 128);
  const auto wide = coarse.features(x);
  const auto narrow = fine.features(x);
  ASSERT_EQ(narrow.size(2), 8);
  const bool tensorflow = std::string(GetParam()).find("net_v2") != std::string::npos ||
                          std::string(GetParam()).find("lite") != std::string::npos;
  const auto sampled = narrow.slice(2, tensorflow ? 1 : 0, 8, 2).slice(3, tensorflow ? 1 : 0, 8, 2);
  EXPECT_TRUE(torch::allclose(sampled, wide, 1e-4, 1e-4))
      << (sampled - wide).abs().max().item<double>();
  EXPECT_GT(wide.abs().max().item<double>(), 1e-3);
}

TEST_P(EveryBackbone, ModelFileGivesTheSameMaps) {
  const cytocape::testing::TempDir dir;
  torch::manual_seed(2);
  CapeNet network(GetParam(), 3, 32);
  disturb_norms(network);
  network.eval();
  save_model(dir / "m", network, example_card(GetParam(), 3), DType::f32);
  torch::manual_seed(3);
  CapeNet other(GetParam(), 3, 32);
  load_state(other, SafetensorsFile::open(dir / "m"), "m");
  other.eval();
  const torch::InferenceMode guard;
  const auto x = random_crops(1, 64);
  EXPECT_TRUE(torch::equal(network.heads(network.features(x), false).cape,
                           other.heads(other.features(x), false).cape));
}

std::string backbone_of(const ::testing::TestParamInfo<const char*>& parameter) {
  return parameter.param;
}

INSTANTIATE_TEST_SUITE_P(All, EveryBackbone,
                         ::testing::Values("resnet18", "resnet34", "resnet50", "mobilenet_v2",
                                           "efficientnet_lite0"),
                         backbone_of);

TEST(CapeNet, MeanOfTheOrdinaryMapIsThePooledClassifiersLogit) {
  CapeNet network("resnet18", 3, 32);
  const torch::NoGradGuard no_grad;
  network.ordinary_head->bias.uniform_(-1, 1);
  const auto features = torch::randn({2, 512, 3, 4});
  const auto pooled = network.ordinary_head->forward(features.mean({2, 3}));
  const auto map = network.heads(features, false).ordinary;
  EXPECT_TRUE(torch::allclose(map.mean({2, 3}), pooled, 1e-4, 1e-5));
}

TEST(CapeNet, DetachedCapeHeadSendsNoGradientToTheFeatures) {
  CapeNet network("resnet18", 3, 32);
  const auto features = torch::randn({1, 512, 2, 2}).requires_grad_();
  network.heads(features, true).cape.sum().backward();
  EXPECT_FALSE(features.grad().defined());
  EXPECT_TRUE(network.cape_head->weight.grad().defined());
}

TEST(CapeNet, FrozenOperationsNeitherLearnNorUpdateTheirNorms) {
  CapeNet network("efficientnet_lite0", 3, 32);
  network.freeze_first(4);
  network.train();
  const auto state = network.named_parameters();
  EXPECT_FALSE(state["net.conv_stem.weight"].requires_grad());
  EXPECT_FALSE(state["net.blocks.1.expand_conv.weight"].requires_grad());
  EXPECT_TRUE(state["net.blocks.1.depthwise_conv.weight"].requires_grad());
  const auto before = network.named_buffers()["net.bn0.running_mean"].clone();
  const auto free_before = network.named_buffers()["net.blocks.1.bn1.running_mean"].clone();
  static_cast<void>(network.features(random_crops(2, 64)));
  EXPECT_TRUE(torch::equal(network.named_buffers()["net.bn0.running_mean"], before));
  EXPECT_FALSE(torch::equal(network.named_buffers()["net.blocks.1.bn1.running_mean"], free_before));
}

/// The graph counts additions: its first 12 operations hold 11 convolutions.
TEST(CapeNet, MobilenetFreezesByGraphOperation) {
  CapeNet network("mobilenet_v2", 3, 32);
  network.freeze_first(12);
  const auto state = network.named_parameters();
  EXPECT_FALSE(state["net.11_dwconv.weight"].requires_grad());
  EXPECT_TRUE(state["net.12_conv.weight"].requires_grad());
}

TEST(CapeNet, FeaturesStayAliveThroughARandomlyStartedMobilenet) {
  torch::manual_seed(4);
  CapeNet network("mobilenet_v2", 3, 32);
  network.eval();
  const torch::InferenceMode guard;
  const auto features = network.features(random_crops(1, 64));
  EXPECT_GT(features.std().item<double>(), 0.05);
  EXPECT_LT(features.std().item<double>(), 50);
}

TEST(CapeNet, UnknownBackboneIsNamed) {
  try {
    CapeNet network("vgg16", 3, 32);
    FAIL() << "made a network";
  } catch (const ModelError& error) {
    EXPECT_THAT(error.what(), HasSubstr("vgg16"));
  }
  EXPECT_THROW(CapeNet("resnet18", 3, 8), ModelError);
  EXPECT_THROW(CapeNet("resnet18", 1, 32), ModelError);
}

TEST(ModelFile, OfAnotherShapeSaysWhatDiffers) {
  const cytocape::testing::TempDir dir;
  CapeNet three("resnet18", 3, 32);
  save_model(dir / "m", three, example_card("resnet18", 3), DType::f32);
  const auto file = SafetensorsFile::open(dir / "m");
  CapeNet four("resnet18", 4, 32);
  try {
    load_state(four, file, "m");
    FAIL() << "loaded 3 classes into 4";
  } catch (const ModelError& error) {
    EXPECT_THAT(error.what(), HasSubstr("classifiers.cape.2.weight [3, 512], not [4, 512]"));
  }
  CapeNet mobile("mobilenet_v2", 3, 32);
  const auto before = mobile.t1.clone();
  try {
    load_state(mobile, file, "m");
    FAIL() << "loaded a ResNet into a MobileNet";
  } catch (const ModelError& error) {
    EXPECT_THAT(error.what(), HasSubstr("missing net.00_conv.bias"));
    EXPECT_THAT(error.what(), HasSubstr("unexpected net.0.weight"));
  }
}

TEST(ModelFile, HalfPrecisionIsReadBackWide) {
  const cytocape::testing::TempDir dir;
  CapeNet network("resnet18", 2, 32);
  for (const auto dtype : {DType::f16, DType::bf16}) {
    save_model(dir / "m", network, example_card("resnet18", 2), dtype);
    const auto file = SafetensorsFile::open(dir / "m");
    EXPECT_EQ(file.at("net.0.weight").dtype, dtype);
    EXPECT_EQ(file.at("t1.T").dtype, DType::f32);
    CapeNet other("resnet18", 2, 32);
    load_state(other, file, "m");
    const auto wanted = network.named_parameters()["net.0.weight"];
    EXPECT_TRUE(torch::allclose(other.named_parameters()["net.0.weight"], wanted, 1e-2, 1e-3));
  }
}

TEST(ModelFile, IsKeptInHalfPrecisionWhereAllConvolutionsAre) {
  const cytocape::testing::TempDir dir;
  CapeNet network("mobilenet_v2", 2, 32);
  const auto kept_as = [&](DType dtype) {
    save_model(dir / "m", network, example_card("mobilenet_v2", 2), dtype);
    return is_kept_in_half(SafetensorsFile::open(dir / "m"));
  };
  EXPECT_TRUE(kept_as(DType::f16));
  EXPECT_TRUE(kept_as(DType::bf16));
  EXPECT_FALSE(kept_as(DType::f32)) << "was measured in float32";
}

TEST(ModelFile, WithoutACardSaysHowToMakeOne) {
  const cytocape::testing::TempDir dir;
  write_safetensors(dir / "m", {}, {{"format", "pt"}});
  try {
    static_cast<void>(read_card(SafetensorsFile::open(dir / "m"), "m"));
    FAIL() << "found a card";
  } catch (const ModelError& error) {
    EXPECT_THAT(error.what(), HasSubstr("convert_reference_checkpoint.py"));
  }
}

TEST(ModelFile, ACardAloneDoesNotMakeANetworkOfManyMembers) {
  const cytocape::testing::TempDir dir;
  auto card = example_card("resnet50", 2);
  card.members = 16;
  write_safetensors(dir / "m", {}, {{kCardKey, to_json(card)}});
  const auto file = SafetensorsFile::open(dir / "m");
  try {
    check_room(read_card(file, "m"), file, "m");
    FAIL() << "a file without tensors";
  } catch (const ModelError& error) {
    EXPECT_THAT(error.what(), HasSubstr("16 member(s) of resnet50 have more than 368000000"));
  }
}

TEST(Normalise, IsScaledShiftedAndChannelsFirst) {
  auto card = example_card("resnet18", 2);
  auto crops = torch::zeros({1, 2, 3, 3}, torch::kUInt8);
  crops.index_put_({0, 1, 2, 2}, 255);  // row 1, column 2, blue
  const auto x = normalise(crops, card);
  EXPECT_EQ(x.sizes(), (torch::IntArrayRef{1, 3, 2, 3}));
  EXPECT_NEAR(x.index({0, 2, 1, 2}).item<double>(), (1 - 0.3) / 0.5, 1e-6);
  EXPECT_NEAR(x.index({0, 0, 0, 0}).item<double>(), -0.5 / 0.25, 1e-6);
  EXPECT_TRUE(x.is_contiguous(torch::MemoryFormat::ChannelsLast));
}

TEST(Pretrained, TorchvisionNamesFillAResnet) {
  const cytocape::testing::TempDir dir;
  CapeNet network("resnet18", 2, 32);
  std::vector<TensorToWrite> tensors;
  const std::map<char, std::string> theirs{{'0', "conv1"},  {'1', "bn1"},    {'4', "layer1"},
                                           {'5', "layer2"}, {'6', "layer3"}, {'7', "layer4"}};
  for (const auto& [name, tensor] : named_state(network)) {
    if (!name.starts_with("net.")) continue;
    tensors.push_back(
        {.name = theirs.at(name[4]) + name.substr(5),
         .shape = tensor.sizes().vec(),
         .bytes = {static_cast<const std::byte*>(tensor.data_ptr()), tensor.nbytes()}});
  }
  const std::vector<float> classifier(10);
  tensors.push_back(
      {.name = "fc.bias", .shape = {10}, .bytes = std::as_bytes(std::span(classifier))});
  write_safetensors(dir / "m", tensors, {});
  CapeNet other("resnet18", 2, 32);
  load_pretrained(other, dir / "m");
  EXPECT_TRUE(torch::equal(other.named_parameters()["net.7.1.conv2.weight"],
                           network.named_parameters()["net.7.1.conv2.weight"]));
}

/// As models/efficientnet_lite0_graph.json says: x[0,c,y,x] = sin(0.001 * ((c*224 + y)*224 + x)).
torch::Tensor check_input() {
  return torch::sin(0.001 * torch::arange(3 * 224 * 224, torch::kFloat64))
      .view({1, 3, 224, 224})
      .to(torch::kFloat32);
}

TEST(Pretrained, EfficientnetLite0GivesItsPublishedLogits) {
  const auto file = "models/efficientnet_lite0_imagenet_f32.safetensors";
  CYTOCAPE_NEEDS_DATA(file);
  const auto path = cytocape::testing::data_folder() / file;
  CapeNet network("efficientnet_lite0", 2, 32);
  load_pretrained(network, path);
  network.eval();
  const torch::InferenceMode guard;
  const auto features = network.features(check_input());
  ASSERT_EQ(features.sizes(), (torch::IntArrayRef{1, 1280, 7, 7}));
  const auto weights = SafetensorsFile::open(path);
  const auto logits = torch::linear(features.mean({2, 3}), to_tensor(weights.at("fc.weight")),
                                    to_tensor(weights.at("fc.bias")));
  // "check" in efficientnet_lite0_graph.json
  const auto wanted = torch::tensor({-0.17881647, -0.8299972, 0.03281602, -1.6688675, -0.5693181,
                                     -0.07772118, -2.1609218, 1.1392604},
                                    torch::kFloat32);
  EXPECT_TRUE(torch::allclose(logits[0].narrow(0, 0, 8), wanted, 1e-3, 1e-3))
      << logits[0].narrow(0, 0, 8);
  EXPECT_EQ(logits.argmax().item<std::int64_t>(), 905);
}

/// By an implementation that shares no code: python3 tests/models/network/mobilenet_v2_oracle.py
/// <data>/models/mobilenet_v2_imagenet_folded_f32.safetensors <data>/models/mobilenet_v2_graph.json
TEST(Pretrained, MobilenetV2GivesWhatAnIndependentProgramComputed) {
  const auto file = "models/mobilenet_v2_imagenet_folded_f32.safetensors";
  CYTOCAPE_NEEDS_DATA(file);
  CapeNet network("mobilenet_v2", 2, 32);
  load_pretrained(network, cytocape::testing::data_folder() / file);
  network.eval();
  const torch::InferenceMode guard;
  const auto features = network.features(check_input());
  ASSERT_EQ(features.sizes(), (torch::IntArrayRef{1, 1280, 7, 7}));
  const auto pooled = features.mean({2, 3})[0];
  const auto wanted =
      torch::tensor({0.0, 1.210593, 0.5144002, 0.0, 0.0, 0.0, 0.0, 0.0}, torch::kFloat32);
  EXPECT_TRUE(torch::allclose(pooled.narrow(0, 0, 8), wanted, 1e-3, 1e-4))
      << pooled.narrow(0, 0, 8);
  EXPECT_NEAR(pooled.sum().item<double>(), 302.2178, 0.01);
  EXPECT_NEAR((pooled * torch::arange(1280)).sum().item<double>(), 186465.4, 10);
}

}  // namespace
}  // namespace cytocape::detail
