#include "models/engine/explanation_figures.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>

namespace cytocape {
namespace {

/// A network of two positions that can be followed by hand: the left half's mean darkness (0..1,
/// against mid-grey) times `gain` is class 0's logit at the left position, and so for the right.
/// Class 1's logits are 0. Both heads are alike.
struct Calibrated {
  double a = 0;
  double w = 0;
};

class HalvesClassifier : public Classifier {
 public:
  explicit HalvesClassifier(float gain, Calibrated calibrated = {}, int px = 2) : gain_(gain) {
    card_.calibration_a = calibrated.a;
    card_.calibration_w = calibrated.w;
    card_.input_px = px;
    card_.mean = {0.5, 0.5, 0.5};
    card_.classes.resize(2);
  }
  const ModelCard& card() const override { return card_; }
  const std::string& sha256() const override { return none_; }
  std::string device_description() const override { return "by hand"; }
  bool on_cpu() const override { return true; }
  int map_height() const override { return 1; }
  int map_width() const override { return 2; }
  CapeScales scales() const override { return {}; }
  ClassMaps classify(std::span<const std::uint8_t> /*crops*/,
                     std::int64_t /*count*/) const override {
    return {};
  }
  ClassLogits logits(std::span<const std::uint8_t> crops, std::int64_t count) const override {
    ClassLogits logits{
        .count = count, .classes = 2, .height = 1, .width = 2, .ordinary = {}, .cape = {}};
    for (std::int64_t k = 0; k < count; ++k) {
      const auto px = static_cast<std::size_t>(card_.input_px);
      const auto crop = crops.subspan(static_cast<std::size_t>(k) * 3 * px * px, 3 * px * px);
      for (std::size_t half = 0; half < 2; ++half) {
        double grey = 0;
        for (std::size_t y = 0; y < px; ++y)
          for (std::size_t x = half * px / 2; x < (half + 1) * px / 2; ++x)
            grey += crop[3 * (y * px + x)] / (static_cast<double>(px * px) / 2);
        logits.ordinary.push_back(gain_ * static_cast<float>(1 - grey / 127.5));
      }
      logits.ordinary.insert(logits.ordinary.end(), {0, 0});
    }
    logits.cape = logits.ordinary;
    return logits;
  }

 private:
  float gain_;
  ModelCard card_;
  std::string none_;
};

/// px x px grey pixels, RGB.
std::vector<std::uint8_t> halves(std::uint8_t left, std::uint8_t right, int px = 2) {
  std::vector<std::uint8_t> crop;
  for (int row = 0; row < px; ++row)
    for (const auto grey : {left, right})
      crop.insert(crop.end(), static_cast<std::size_t>(3 * px / 2), grey);
  return crop;
}

double softmax_of(double logit) {
  return std::exp(logit) / (std::exp(logit) + 1);
}

const MapFigures& of(const std::vector<CropFigures>& figures, MapKind kind) {
  return figures.front()[static_cast<std::size_t>(kind)];
}

TEST(ExplanationFigures, AreThoseOfATwoPixelNetwork) {
  // Black on the left, white on the right: CAM is (2, 0), normalised (1, 0). Keeping it leaves the
  // left black and makes the right mid-grey; deleting it leaves white alone.
  const HalvesClassifier network(2);
  const auto figures = measure_maps(network, halves(0, 255), 1);
  const auto& cam = of(figures, MapKind::cam);
  EXPECT_NEAR(cam.confidence, 0.5, 1e-9) << "darkness and brightness balance";
  // Mid-grey is 127.5, which a byte cannot hold.
  EXPECT_NEAR(cam.kept, softmax_of(1), 0.005);
  EXPECT_NEAR(cam.deleted, softmax_of(-1), 0.005);
  EXPECT_NEAR(cam.complexity, 0.5, 1e-9);
  EXPECT_NEAR(cam.coherency, 1, 1e-9);
  EXPECT_FALSE(cam.flat);
}

TEST(ExplanationFigures, OfAMapThatIsTheSameEverywhereAreNoNaN) {
  const HalvesClassifier blind(0);
  const auto figures = measure_maps(blind, halves(0, 255), 1);
  for (const MapKind kind : kMapKinds) {
    const auto& own = of(figures, kind);
    EXPECT_TRUE(own.flat);
    EXPECT_EQ(own.complexity, 0);
    EXPECT_EQ(own.coherency, 0.5);
    EXPECT_EQ(own.kept, own.confidence);
    const auto sum = summarise(figures, kind);
    EXPECT_EQ(sum.flat, 1);
    EXPECT_TRUE(std::isfinite(sum.adcc));
  }
  EXPECT_FALSE(of(figures, MapKind::cam).overlap.has_value()) << "no region, so no overlap";
}

TEST(ExplanationFigures, OverlapComparesTheTopTwoClassesRegions) {
  // CAPE of two equal positions: both classes' maps are even, and all of both is above 20 %.
  const HalvesClassifier network(2);
  EXPECT_DOUBLE_EQ(*of(measure_maps(network, halves(0, 0), 1), MapKind::cape).overlap, 1);
}

TEST(ExplanationFigures, DoNotDependOnTheBatch) {
  const HalvesClassifier network(2);
  auto crops = halves(10, 200);
  const auto other = halves(90, 20);
  crops.insert(crops.end(), other.begin(), other.end());
  const auto both = measure_maps(network, crops, 2);
  const auto alone = measure_maps(network, other, 1);
  for (const MapKind kind : kMapKinds) {
    const auto& a = both[1][static_cast<std::size_t>(kind)];
    const auto& b = alone[0][static_cast<std::size_t>(kind)];
    EXPECT_EQ(a.kept, b.kept);
    EXPECT_EQ(a.deleted, b.deleted);
    EXPECT_EQ(a.coherency, b.coherency);
  }
}

TEST(ExplanationFigures, OfAnImageAreCombinedAndThenAveragedBesideTheFormOfMeans) {
  CropFigures up{};
  up[0] = {.confidence = 0.8, .kept = 0.8, .complexity = 0.5, .coherency_enlarged = 1};
  CropFigures down{};
  down[0] = {.confidence = 0.8, .kept = 0.4, .complexity = 0.25, .coherency_enlarged = 0.5};
  EXPECT_NEAR(up[0].adcc(), 3 / (1 / 1.0 + 1 / 0.5 + 1 / 1.0), 1e-12);
  EXPECT_NEAR(down[0].adcc(), 3 / (1 / 0.5 + 1 / 0.75 + 1 / 0.5), 1e-12);
  const auto sum = summarise(std::vector{up, down}, MapKind::cam);
  EXPECT_NEAR(sum.adcc_per_image, (up[0].adcc() + down[0].adcc()) / 2, 1e-12);
  EXPECT_NEAR(sum.coherency_enlarged, 0.75, 1e-12);
  down[0].coherency_enlarged = 0;
  EXPECT_EQ(down[0].adcc(), 0) << "as soon as one of the three is 0";
}

TEST(ExplanationFigures, ACalibratedNetworksLearnedMapsAreMeasuredWithTheScalesOfTraining) {
  const HalvesClassifier plain(2);
  const HalvesClassifier calibrated(2, {.a = -1, .w = 0.5});
  const auto crop = halves(40, 255);
  const auto before = measure_maps(plain, crop, 1);
  const auto after = measure_maps(calibrated, crop, 1);
  EXPECT_EQ(of(before, MapKind::cape_learned).confidence, of(before, MapKind::cape).confidence);
  // In use its scales are 0: what the plain network learned.
  EXPECT_NEAR(of(after, MapKind::cape).kept, of(before, MapKind::cape).kept, 1e-12);
  // Learned were 1 and -0.5: softer over classes.
  EXPECT_LT(of(after, MapKind::cape_learned).confidence, of(after, MapKind::cape).confidence);
}

TEST(MapCurves, OfTheMapThatKnowsWhereTheEvidenceIsAreBetterThanOfOneThatIsBlind) {
  // The left half alone is dark, and darkness is the evidence for class 0.
  const HalvesClassifier network(6, {}, 16);
  const auto crop = halves(0, 128, 16);
  const auto figures = measure_maps(network, crop, 1, /*curves=*/true);
  const auto& curves = of(figures, MapKind::cam).curves;
  ASSERT_TRUE(curves);
  // The evidence goes in the first half of the steps and comes in the first half of them.
  EXPECT_LT(curves->deletion, 0.75);
  EXPECT_GT(curves->insertion, curves->deletion);
  EXPECT_GT(curves->road, 0.02);
  const HalvesClassifier blind(0, {}, 16);
  const auto none = measure_maps(blind, crop, 1, true);
  EXPECT_NEAR(of(none, MapKind::cam).curves->deletion, 0.5, 1e-9);
  EXPECT_NEAR(of(none, MapKind::cam).curves->insertion, 0.5, 1e-9);
  EXPECT_NEAR(of(none, MapKind::cam).curves->road, 0, 1e-9);
}

TEST(MapCurves, DoNotDependOnTheBatch) {
  const HalvesClassifier network(3, {}, 8);
  auto crops = halves(10, 200, 8);
  const auto other = halves(90, 20, 8);
  crops.insert(crops.end(), other.begin(), other.end());
  const auto both = measure_maps(network, crops, 2, true);
  const auto alone = measure_maps(network, other, 1, true);
  for (const MapKind kind : kMapKinds) {
    const auto& a = *both[1][static_cast<std::size_t>(kind)].curves;
    const auto& b = *alone[0][static_cast<std::size_t>(kind)].curves;
    EXPECT_EQ(a.deletion, b.deletion);
    EXPECT_EQ(a.insertion, b.insertion);
    EXPECT_EQ(a.road, b.road);
  }
}

TEST(ExplanationFigures, AreMeansOverTheCrops) {
  CropFigures up{};
  up[0] = {.confidence = 0.5,
           .kept = 0.6,
           .deleted = 0.1,
           .coherency = 1,
           .complexity = 0.2,
           .overlap = 0.5,
           .flat = false};
  CropFigures down{};
  down[0] = {.confidence = 0.8,
             .kept = 0.4,
             .deleted = 0.9,
             .coherency = 0.5,
             .complexity = 0.4,
             .overlap = std::nullopt,
             .flat = false};
  const auto sum = summarise(std::vector{up, down}, MapKind::cam);
  EXPECT_DOUBLE_EQ(sum.average_drop, (0 + 0.5) / 2);
  EXPECT_DOUBLE_EQ(sum.increase_in_confidence, 0.5);
  EXPECT_DOUBLE_EQ(sum.average_drop_in_deletion, (0.8 + 0) / 2);
  EXPECT_DOUBLE_EQ(sum.miou, 0.5) << "the crop without a region is left out";
  EXPECT_EQ(sum.overlaps, 1);
  EXPECT_NEAR(sum.adcc, 3 / (1 / 0.75 + 1 / (1 - 0.3) + 1 / (1 - 0.25)), 1e-12);
}

}  // namespace
}  // namespace cytocape
