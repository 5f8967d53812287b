#include "models/cape/map_kind.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace cytocape {
namespace {

using ::testing::ElementsAre;

TEST(MapKind, OfACalibratedModelHasBothCapeMapsAndNamesThem) {
  std::vector<std::string> names;
  for (const MapKind kind : distinct_kinds(true)) names.push_back(label_of(kind, true));
  EXPECT_THAT(names, ElementsAre("CAM", "CAPE, calibrated", "mu-CAPE, calibrated", "CAPE, learned",
                                 "mu-CAPE, learned"));
}

TEST(MapKind, OfAnUncalibratedModelIsTheLearnedOneAlone) {
  std::vector<std::string> names;
  for (const MapKind kind : distinct_kinds(false)) names.push_back(label_of(kind, false));
  EXPECT_THAT(names, ElementsAre("CAM", "CAPE, learned", "mu-CAPE, learned"));
}

TEST(MapKind, LearnedMapsHaveTheScalesOfTrainingAndTheOthersThoseInUse) {
  const MapScales scales{.used = {.t1 = 1, .t2 = -1}, .learned = {.t1 = 0, .t2 = 2}};
  // Two classes at one position: p is softmax(M / exp(t1)).
  const ClassLogits logits{
      .count = 1, .classes = 2, .height = 1, .width = 1, .ordinary = {0, 0}, .cape = {3, 1}};
  const auto p = [&](MapKind kind) { return prediction_of(kind, logits, 0, scales)[0]; };
  EXPECT_NEAR(p(MapKind::cape), 1 / (1 + std::exp(-2 / std::exp(1.0))), 1e-12);
  EXPECT_NEAR(p(MapKind::cape_learned), 1 / (1 + std::exp(-2.0)), 1e-12);
  EXPECT_NEAR(class_map_of(MapKind::mu_cape_learned, logits, 0, 0, scales)[0],
              3 + 2 / std::exp(2.0), 1e-12);
  EXPECT_NEAR(class_map_of(MapKind::mu_cape, logits, 0, 0, scales)[0],
              3 / std::exp(1.0) + 2 / std::exp(-1.0), 1e-12);
}

}  // namespace
}  // namespace cytocape
