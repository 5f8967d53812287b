#include "models/network/views.hpp"

#include <gtest/gtest.h>

#include "models/engine/engine.hpp"
#include "models/network/weights.hpp"
#include "tests/models/data/example_card.hpp"
#include "tests/models/training/one_thread.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape::detail {
namespace {

using cytocape::testing::example_card;

constexpr int kViews = 8;

torch::Tensor random_crops(std::int64_t px) {
  torch::manual_seed(3);
  return torch::randn({2, 3, px, px}).contiguous(torch::MemoryFormat::ChannelsLast);
}

TEST(Views, AreEightOrientationsThatTurnBack) {
  const auto x = random_crops(6);
  for (int view = 0; view < kViews; ++view) {
    const auto seen = seen_as(x, view);
    EXPECT_TRUE(seen.is_contiguous(torch::MemoryFormat::ChannelsLast)) << view;
    EXPECT_TRUE(torch::equal(turned_back(seen, view), x)) << view;
    for (int other = 0; other < view; ++other) {
      EXPECT_FALSE(torch::equal(seen, seen_as(x, other))) << view << " and " << other;
    }
  }
}

/// The file of a random network that averages `views`.
class ViewsOfEveryBackbone : public ::testing::TestWithParam<const char*> {
 protected:
  std::unique_ptr<Engine> engine_with(int views) {
    torch::manual_seed(9);
    auto card = example_card(GetParam(), 3);
    card.output_stride = 16;
    card.views = views;
    CapeNet network(card.backbone, 3, card.output_stride);
    network.eval();
    const auto path = dir_ / "m.safetensors";
    save_model(path, network, card, DType::f32);
    return load_engine(path, {torch::kCPU, torch::kFloat32});
  }

 private:
  cytocape::testing::TempDir dir_;
};

TEST_P(ViewsOfEveryBackbone, TurnTheMapWithTheCrop) {
  const torch::InferenceMode guard;
  const auto x = random_crops(64);
  for (const int views : {2, 4, 8}) {
    const auto engine = engine_with(views);
    const auto upright = engine->run(x);
    const auto size = upright.cape.abs().max().item<double>();
    for (int view = 1; view < kViews; ++view) {
      const auto turned = engine->run(seen_as(x, view));
      const auto off = [&](const torch::Tensor& a, const torch::Tensor& b) {
        return (turned_back(a, view) - b).abs().max().item<double>() / size;
      };
      if (view < views) {
        EXPECT_LT(off(turned.cape, upright.cape), 1e-4) << view << " of " << views;
        EXPECT_LT(off(turned.ordinary, upright.ordinary), 1e-4) << view << " of " << views;
      } else {
        EXPECT_GT(off(turned.cape, upright.cape), 1e-3) << view << " of " << views;
      }
    }
  }
}

TEST_P(ViewsOfEveryBackbone, AreAveraged) {
  const torch::InferenceMode guard;
  const auto x = random_crops(64);
  const auto one = engine_with(1);
  const auto wanted =
      (one->run(x).cape + turned_back(one->run(seen_as(x, 1)).cape, 1)).to(torch::kFloat32) / 2;
  EXPECT_TRUE(torch::allclose(engine_with(2)->run(x).cape, wanted, 1e-3, 1e-4));
}

INSTANTIATE_TEST_SUITE_P(Networks, ViewsOfEveryBackbone,
                         ::testing::Values("mobilenet_v2", "resnet18"));

}  // namespace
}  // namespace cytocape::detail
