#include "pipeline/case/laboratory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cytocape {
namespace {

using ::testing::HasSubstr;

TEST(Laboratory, AForeignOneIsToldWhatTheModelReachesOnForeignOnes) {
  ModelCard card;
  const KnownLaboratories between{.familiarity = Familiarity::between, .nearest = "pbc"};
  EXPECT_THAT(expectation(card, between), HasSubstr("was not measured"));
  card.never_seen = {{.name = "x", .group_accuracy = 0.77}};
  EXPECT_THAT(expectation(card, between), HasSubstr("it called 77 % of the cells right"));
  card.never_seen.push_back({.name = "y", .group_accuracy = 0.64});
  EXPECT_THAT(expectation(card, between), HasSubstr("the nearest is pbc"));
  EXPECT_THAT(expectation(card, between), HasSubstr("it called 64 to 77 % of the cells right"));
}

TEST(Laboratory, NothingIsSaidOfAKnownOneNorWhereARuleSpeaks) {
  const ModelCard card;
  EXPECT_EQ(expectation(card, KnownLaboratories{.familiarity = Familiarity::known}), "");
  EXPECT_EQ(expectation(card, KnownLaboratories{.familiarity = Familiarity::outside}), "");
  EXPECT_EQ(expectation(card, std::nullopt), "");
}

TEST(Laboratory, ASlideWithoutColoursHasNoPlace) {
  ModelCard card;
  const LabStatistics lab{.mean = {50, 10, 0}, .deviation = {10, 10, 10}};
  card.training_data = {{.name = "a", .lab = lab}, {.name = "b", .lab = lab}};
  EXPECT_FALSE(laboratories_of(card, {}));
  EXPECT_TRUE(laboratories_of(card, {.own = lab}));
}

}  // namespace
}  // namespace cytocape
