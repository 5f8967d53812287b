#include "models/cape/evidence_place.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace cytocape {
namespace {

/// A cell over the left quarter of a crop of 8 x 4 pixels.
CellMask left_quarter() {
  CellMask mask{.width = 8, .height = 4, .inside = {}, .share = 0.25, .x = 1, .y = 2};
  for (int i = 0; i < 32; ++i) mask.inside.push_back(i % 8 < 2 ? 1 : 0);
  return mask;
}

/// [1, 8] positions: no enlarging along x, so that shares are exact.
std::vector<double> at_column(int column) {
  std::vector<double> map(8, 0.0);
  map[static_cast<std::size_t>(column)] = 3;
  return map;
}

TEST(EvidencePlace, OnTheCellIsInsideAndFollows) {
  const auto place = place_evidence(at_column(1), 1, 8, left_quarter());
  ASSERT_TRUE(place);
  EXPECT_DOUBLE_EQ(place->inside, 1);
  EXPECT_DOUBLE_EQ(place->reflected, 0);
  EXPECT_DOUBLE_EQ(place->x, 1.5);
  EXPECT_DOUBLE_EQ(place->y, 2);
  EXPECT_TRUE(place->follows);
}

TEST(EvidencePlace, OnTheReflectionIsNeitherInsideNorFollows) {
  const auto place = place_evidence(at_column(6), 1, 8, left_quarter());
  ASSERT_TRUE(place);
  EXPECT_DOUBLE_EQ(place->inside, 0);
  EXPECT_DOUBLE_EQ(place->reflected, 1);
  EXPECT_FALSE(place->follows);
}

TEST(EvidencePlace, OfAMapBlindToTheCellIsTheCellsShareOfTheArea) {
  const auto place = place_evidence(std::vector<double>(8, 0.5), 1, 8, left_quarter());
  ASSERT_TRUE(place);
  EXPECT_DOUBLE_EQ(place->inside, 0.25);
  EXPECT_DOUBLE_EQ(place->reflected, 0.25);
  EXPECT_FALSE(place->follows) << "in the middle it follows nothing";
}

TEST(EvidencePlace, ReflectsThroughTheCentreAndNotAcrossAnAxis) {
  CellMask corner{
      .width = 2, .height = 2, .inside = {1, 0, 0, 0}, .share = 0.25, .x = 0.5, .y = 0.5};
  EXPECT_DOUBLE_EQ(place_evidence(std::vector<double>{0, 0, 0, 1}, 2, 2, corner)->reflected, 1);
  EXPECT_DOUBLE_EQ(place_evidence(std::vector<double>{0, 1, 0, 0}, 2, 2, corner)->reflected, 0);
}

TEST(EvidencePlace, OfAnEmptyMapIsNone) {
  EXPECT_FALSE(place_evidence(std::vector<double>(8, 0.0), 1, 8, left_quarter()));
}

}  // namespace
}  // namespace cytocape
