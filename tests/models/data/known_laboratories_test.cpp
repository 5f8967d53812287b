#include "models/data/known_laboratories.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace cytocape {
namespace {

LabStatistics colours(double lightness, double deviation = 10) {
  return {.mean = {lightness, 10, 0}, .deviation = {deviation, 10, 10}};
}

/// Three laboratories at L* 40, 50 and 70, and one of which nothing is known.
ModelCard three_laboratories() {
  ModelCard card;
  card.training_data = {{.name = "a", .lab = colours(40)},
                        {.name = "b", .lab = colours(50)},
                        {.name = "c", .lab = colours(70)},
                        {.name = "d"}};
  return card;
}

TEST(KnownLaboratories, TheDistanceIsTheRootOfBhattacharyyas) {
  EXPECT_DOUBLE_EQ(appearance_distance(colours(50), colours(50)), 0);
  // (40 - 50)^2 / (2 * 10^2) / 4
  EXPECT_NEAR(appearance_distance(colours(40), colours(50)), std::sqrt(0.125), 1e-12);
  // ln((10^2 + 20^2) / (2 * 10 * 20)) / 2
  EXPECT_NEAR(appearance_distance(colours(50), colours(50, 20)), std::sqrt(std::log(1.25) / 2),
              1e-12);
  EXPECT_EQ(appearance_distance(colours(40), colours(50, 20)),
            appearance_distance(colours(50, 20), colours(40)));
}

TEST(KnownLaboratories, ASlideLikeOneOfThemIsKnown) {
  const auto place = place_among(three_laboratories(), colours(51));
  ASSERT_TRUE(place);
  EXPECT_EQ(place->nearest, "b");
  EXPECT_EQ(place->familiarity, Familiarity::known);
}

TEST(KnownLaboratories, OneAsFarAsTheyAreFromEachOtherIsBetweenThem) {
  const auto place = place_among(three_laboratories(), colours(60));
  ASSERT_TRUE(place);
  EXPECT_EQ(place->familiarity, Familiarity::between);
  EXPECT_NEAR(place->reach, appearance_distance(colours(50), colours(70)), 1e-12);
}

TEST(KnownLaboratories, OneFartherThanAllOfThemIsOutside) {
  EXPECT_EQ(place_among(three_laboratories(), colours(89))->familiarity, Familiarity::between);
  const auto place = place_among(three_laboratories(), colours(91));
  ASSERT_TRUE(place);
  EXPECT_EQ(place->nearest, "c");
  EXPECT_EQ(place->familiarity, Familiarity::outside);
  EXPECT_GT(place->distance, place->reach);
}

TEST(KnownLaboratories, TwoMustBeKnownForAMeasure) {
  auto card = three_laboratories();
  card.training_data[0].lab.reset();
  EXPECT_TRUE(place_among(card, colours(50)));
  card.training_data[1].lab.reset();
  EXPECT_FALSE(place_among(card, colours(50)));
}

}  // namespace
}  // namespace cytocape
