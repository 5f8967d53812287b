#include "pipeline/case/gallery.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
  for (const auto& cell : gallery.pictured(kEdge)) ids.push_back(cell.id);
  return ids;
}

TEST(Gallery, KeepsTheLeastCertainOfEachClassLeastCertainFirst) {
  Gallery gallery(2, 2);
  gallery.consider(seen_cell(0, 0.9F, 0), kCrop);
  gallery.consider(seen_cell(1, 0.6F, 0), kCrop);
  gallery.consider(seen_cell(2, 0.8F, 1), kCrop);
  gallery.consider(seen_cell(3, 0.7F, 0), kCrop);
  EXPECT_THAT(shown(gallery), ElementsAre(1, 3, 2));
}

TEST(Gallery, OfEquallyCertainCellsKeepsTheFirst) {
  Gallery gallery(2, 2);
  for (std::uint64_t id = 0; id < 4; ++id) gallery.consider(seen_cell(id, 0.75F, 0), kCrop);
  EXPECT_THAT(shown(gallery), ElementsAre(0, 1));
}

TEST(Gallery, UnidentifiedCellsComeLastAndHaveNoMap) {
  Gallery gallery(2, 8);
  gallery.consider(seen_cell(0, 0.5F, -1), kCrop);
  gallery.consider(seen_cell(1, 0.9F, 1), kCrop);
  const auto cells = gallery.pictured(kEdge);
  ASSERT_EQ(cells.size(), 2U);
  EXPECT_EQ(cells[0].id, 1U);
  EXPECT_EQ(cells[0].map, (std::vector<float>{0.125F, 0.125F})) << "the part of its class";
  EXPECT_EQ(cells[1].id, 0U);
  EXPECT_TRUE(cells[1].map.empty());
  EXPECT_FALSE(cells[1].jpeg.empty());
}

TEST(Gallery, OfNoCellsShowsNone) {
  Gallery gallery(2, 0);
  gallery.consider(seen_cell(0, 0.5F, 0), kCrop);
  EXPECT_TRUE(gallery.pictured(kEdge).empty());
}

}  // namespace
}  // namespace cytocape
