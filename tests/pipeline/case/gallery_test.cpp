#include "pipeline/case/gallery.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace cytocape {
namespace {

using ::testing::ElementsAre;

constexpr int kEdge = 4;
const std::vector<std::uint8_t> kCrop(std::size_t{3} * kEdge * kEdge, 200);

/// Of two classes, with a map of two positions.
CellRow seen_cell(std::uint64_t id, float certainty, std::int16_t class_index) {
  CellRow cell;
  cell.id = id;
  cell.class_index = class_index;
  cell.probability = {certainty, 1 - certainty};
  if (class_index >= 0) cell.map = {0.5F, 0.25F, 0.125F, 0.125F};
  return cell;
}

std::vector<std::uint64_t> shown(const Gallery& gallery) {
  std::vector<std::uint64_t> ids;
  for (const auto& cell : gallery.pictured()) ids.push_back(cell.id);
  return ids;
}

TEST(Gallery, KeepsTheLeastCertainOfEachClassLeastCertainFirst) {
  Gallery gallery(2, 2, kEdge);
  gallery.consider(seen_cell(0, 0.9F, 0), kCrop);
  gallery.consider(seen_cell(1, 0.6F, 0), kCrop);
  gallery.consider(seen_cell(2, 0.8F, 1), kCrop);
  gallery.consider(seen_cell(3, 0.7F, 0), kCrop);
  EXPECT_THAT(shown(gallery), ElementsAre(1, 3, 2));
}

TEST(Gallery, OfEquallyCertainCellsKeepsTheFirst) {
  Gallery gallery(2, 2, kEdge);
  for (std::uint64_t id = 0; id < 4; ++id) gallery.consider(seen_cell(id, 0.75F, 0), kCrop);
  EXPECT_THAT(shown(gallery), ElementsAre(0, 1));
}

TEST(Gallery, UnidentifiedCellsComeLastAndHaveNoMap) {
  Gallery gallery(2, 8, kEdge);
  gallery.consider(seen_cell(0, 0.5F, -1), kCrop);
  gallery.consider(seen_cell(1, 0.9F, 1), kCrop);
  const auto cells = gallery.pictured();
  ASSERT_EQ(cells.size(), 2U);
  EXPECT_EQ(cells[0].id, 1U);
  EXPECT_EQ(cells[0].map, (std::vector<float>{0.125F, 0.125F})) << "the part of its class";
  EXPECT_EQ(cells[1].id, 0U);
  EXPECT_TRUE(cells[1].map.empty());
  EXPECT_FALSE(cells[1].jpeg.empty());
}

TEST(Gallery, KeepsTheLargestAndTheStrangestHoweverCertain) {
  Gallery gallery(2, 1, kEdge);
  auto plain = seen_cell(0, 0.6F, 0);
  plain.nucleus_um2 = 40;
  plain.strangeness = 1;
  auto large = seen_cell(1, 0.9F, 0);
  large.nucleus_um2 = 90;
  auto strange = seen_cell(2, 0.8F, 0);
  strange.strangeness = 3;
  auto other = seen_cell(3, 0.95F, 0);
  other.nucleus_um2 = 50;
  other.strangeness = 2;
  for (const auto& cell : {plain, large, strange, other}) gallery.consider(cell, kCrop);
  EXPECT_THAT(shown(gallery), ElementsAre(0, 2, 1)) << "the least certain first";
  const auto cells = gallery.pictured();
  EXPECT_EQ(cells[2].nucleus_um2, 90);
  EXPECT_EQ(cells[1].strangeness, 3);
  EXPECT_TRUE(std::isnan(cells[2].strangeness)) << "it has no measure of it";
}

TEST(Gallery, ShowsACellOnceThatIsKeptForSeveralReasons) {
  Gallery gallery(2, 3, kEdge);
  auto cell = seen_cell(5, 0.6F, 1);
  cell.nucleus_um2 = 90;
  cell.strangeness = 3;
  gallery.consider(cell, kCrop);
  EXPECT_THAT(shown(gallery), ElementsAre(5));
}

TEST(Gallery, OfNoCellsShowsNone) {
  Gallery gallery(2, 0, kEdge);
  gallery.consider(seen_cell(0, 0.5F, 0), kCrop);
  EXPECT_TRUE(gallery.pictured().empty());
}

}  // namespace
}  // namespace cytocape
