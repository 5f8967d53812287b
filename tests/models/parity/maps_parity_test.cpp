/// Number for number against PyTorch: what is defined on class maps. tests/models/parity/goldens.py
/// made the goldens, from its transcription of the definitions, in float64.

#include <vector>

#include "models/cape/explanation.hpp"
#include "models/training/ts_loss.hpp"
#include "tests/models/parity/golden.hpp"
#include "tests/models/training/one_thread.hpp"

namespace cytocape {
namespace {

using testing::agrees;
using testing::Golden;
using testing::noise;

/// Both compute in float64 and in another order: a few dozen roundings of 1e-16. Gradients pass
/// through twice as many operations.
constexpr double kForward = 1e-13;
constexpr double kBackward = 1e-12;

/// Maps of both heads, [B, C, h, w], scales and what PyTorch made of them.
struct MapCase {
  explicit MapCase(const std::string& given) : name(given) {
    const auto sizes = golden[name + ".shape"];
    shape.assign(sizes.data_ptr<std::int64_t>(), sizes.data_ptr<std::int64_t>() + 4);
    const double largest = wanted("largest").item<double>();
    orig = rounded("orig", largest).requires_grad_();
    cape = rounded("cape", largest).requires_grad_();
    labels = noise("maps." + name + ".labels", {shape[0]}, 0, static_cast<double>(shape[1]))
                 .to(torch::kInt64);
    const auto scale = [values = wanted("scales")](std::int64_t i) {
      return values[i].reshape({1}).clone().requires_grad_();
    };
    scales = {.t1 = scale(0), .t2 = scale(1), .t3 = scale(2)};
  }

  [[nodiscard]] torch::Tensor wanted(const std::string& key) const {
    return golden[name + "." + key];
  }
  [[nodiscard]] CapeScales cape_scales() const {
    return {scales.t1.item<double>(), scales.t2.item<double>()};
  }

  Golden golden{"maps"};
  std::string name;
  std::vector<std::int64_t> shape;
  torch::Tensor orig;
  torch::Tensor cape;
  torch::Tensor labels;
  detail::LearnedScales scales;

 private:
  /// Explanations take float32: equal input numbers for both programs.
  [[nodiscard]] torch::Tensor rounded(const std::string& head, double largest) const {
    return noise("maps." + name + "." + head, shape, -largest, largest)
        .to(torch::kFloat32)
        .to(torch::kFloat64);
  }
};

class MapsParity : public ::testing::TestWithParam<const char*> {
 protected:
  MapCase given_{GetParam()};
};

TEST_P(MapsParity, CapeMapAndPredictionAreTheReferences) {
  const auto [map, prediction] = testing::cape_maps_of(given_.cape, given_.cape_scales());
  EXPECT_TRUE(agrees(map, given_.wanted("map"), kForward));
  EXPECT_TRUE(agrees(prediction, given_.wanted("prediction"), kForward));
}

TEST_P(MapsParity, SoftenedPredictionIsTheReferences) {
  const auto found = detail::softened_log_probability(given_.cape, given_.scales);
  EXPECT_TRUE(agrees(found, given_.wanted("log_softened"), kForward));
}

TEST_P(MapsParity, SoftenedPredictionInSinglePrecisionIsFiniteAndTheReferences) {
  const auto narrow = [](const torch::Tensor& x) { return x.detach().to(torch::kFloat32); };
  const auto& [t1, t2, t3] = given_.scales;
  const auto found =
      detail::softened_log_probability(narrow(given_.cape), {narrow(t1), narrow(t2), narrow(t3)});
  EXPECT_TRUE(torch::isfinite(found).all().item<bool>());
  EXPECT_TRUE(agrees(found, given_.wanted("log_softened"), 2e-6));
}

TEST_P(MapsParity, MuCapeAndCamAreTheReferences) {
  const auto flat = [](const torch::Tensor& maps) {
    const auto narrow = maps.detach().to(torch::kFloat32).contiguous();
    return std::vector<float>(narrow.data_ptr<float>(), narrow.data_ptr<float>() + narrow.numel());
  };
  const ClassLogits logits{.count = given_.shape[0],
                           .classes = static_cast<int>(given_.shape[1]),
                           .height = static_cast<int>(given_.shape[2]),
                           .width = static_cast<int>(given_.shape[3]),
                           .ordinary = flat(given_.orig),
                           .cape = flat(given_.cape)};
  for (std::int64_t b = 0; b < given_.shape[0]; ++b) {
    for (int c = 0; c < logits.classes; ++c) {
      const auto mu = mu_cape_of(logits, b, c, given_.cape_scales());
      const auto cam = cam_of(logits, b, c);
      // The largest of all maps is the measure: one class's map may be 0 everywhere.
      const auto wanted_mu = given_.wanted("mu_cape");
      const auto wanted_cam = given_.wanted("cam");
      const auto off = [&](const std::vector<double>& found, const torch::Tensor& wanted) {
        const auto difference = torch::tensor(found, torch::kFloat64) - wanted[b][c].flatten();
        return (difference.abs().max() / wanted.max()).item<double>();
      };
      EXPECT_LE(off(mu, wanted_mu), kForward) << "crop " << b << ", class " << c;
      EXPECT_LE(off(cam, wanted_cam), kForward) << "crop " << b << ", class " << c;
    }
  }
}

torch::Tensor gradient_or_zero(const torch::Tensor& tensor) {
  return tensor.grad().defined() ? tensor.grad() : torch::zeros_like(tensor);
}

void expect_loss_and_gradients(const MapCase& given, const std::string& scheme, double alpha) {
  const auto loss =
      detail::ts_loss({given.orig, given.cape}, given.scales, given.labels, {.alpha = alpha});
  loss.backward();
  EXPECT_TRUE(agrees(loss, given.wanted(scheme + ".loss"), kForward));
  EXPECT_TRUE(agrees(gradient_or_zero(given.orig), given.wanted(scheme + ".grad.orig"), kBackward));
  EXPECT_TRUE(agrees(given.cape.grad(), given.wanted(scheme + ".grad.cape"), kBackward));
  const auto& [t1, t2, t3] = given.scales;
  EXPECT_TRUE(agrees(torch::cat({t1.grad(), t2.grad(), t3.grad()}),
                     given.wanted(scheme + ".grad.scales"), kBackward));
}

TEST_P(MapsParity, LossOfTrainingFromScratchAndItsGradientsAreTheReferences) {
  expect_loss_and_gradients(given_, "ts", 1);
}

TEST_P(MapsParity, LossOfPostFittingAndItsGradientsAreTheReferences) {
  expect_loss_and_gradients(given_, "pf", 0);
}

INSTANTIATE_TEST_SUITE_P(All, MapsParity,
                         ::testing::Values("plain", "untrained", "many", "one_position", "extreme",
                                           "extreme_double"),
                         [](const auto& parameter) { return std::string(parameter.param); });

}  // namespace
}  // namespace cytocape
