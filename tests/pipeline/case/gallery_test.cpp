#include "pipeline/case/gallery.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "io/image_codec.hpp"
#include "tests/support/temp_dir.hpp"

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

int width_of(const GalleryCell& cell) {
  const testing::TempDir folder;
  std::ofstream(folder / "cell.jpg", std::ios::binary)
      .write(reinterpret_cast<const char*>(cell.jpeg.data()),  // NOLINT
             static_cast<std::streamsize>(cell.jpeg.size()));
  return read_image(folder / "cell.jpg").width();
}

TEST(Gallery, ShowsEveryCellOfAClassLeastCertainFirst) {
  Gallery gallery(2, 2, kEdge);
  gallery.consider(seen_cell(0, 0.9F, 0), kCrop);
  gallery.consider(seen_cell(1, 0.6F, 0), kCrop);
  gallery.consider(seen_cell(2, 0.8F, 1), kCrop);
  gallery.consider(seen_cell(3, 0.7F, 0), kCrop);
  EXPECT_THAT(shown(gallery), ElementsAre(1, 3, 0, 2));
}

TEST(Gallery, ShowsTheFirstOfEquallyCertainCellsFirst) {
  Gallery gallery(2, 2, kEdge);
  for (std::uint64_t id = 0; id < 4; ++id) gallery.consider(seen_cell(id, 0.75F, 0), kCrop);
  EXPECT_THAT(shown(gallery), ElementsAre(0, 1, 2, 3));
}

TEST(Gallery, KeepsTheLeastCertainWholeAndASmallPictureOfTheOthers) {
  constexpr int kWide = 100;
  Gallery gallery(1, 2, kWide);
  const std::vector<std::uint8_t> crop(std::size_t{3} * kWide * kWide, 200);
  for (std::uint64_t id = 0; id < 5; ++id) {
    CellRow cell = seen_cell(id, 0.9F - 0.1F * static_cast<float>(id), 0);
    cell.probability = {cell.probability[0]};
    gallery.consider(cell, crop);
  }
  std::vector<int> widths;
  for (const auto& cell : gallery.pictured()) widths.push_back(width_of(cell));
  constexpr int kSmall = Gallery::kSmallEdge;
  EXPECT_THAT(shown(gallery), ElementsAre(4, 3, 2, 1, 0));
  EXPECT_THAT(widths, ElementsAre(kWide, kWide, kSmall, kSmall, kSmall));
}

TEST(Gallery, OfVeryManyCellsKeepsTheLeastCertain) {
  constexpr std::size_t kMost = 4;
  Gallery gallery(1, 1, 1, kMost);
  const std::vector<std::uint8_t> crop{200, 100, 200};
  constexpr auto kMany = kMost + 3;
  for (std::uint64_t id = 0; id < kMany; ++id) {
    CellRow cell = seen_cell(id, 1.0F - 0.01F * static_cast<float>(id), 0);
    cell.probability = {cell.probability[0]};
    gallery.consider(cell, crop);
  }
  const auto ids = shown(gallery);
  EXPECT_THAT(ids, ElementsAre(6, 5, 4, 3));
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

TEST(Gallery, KeepsTheLargestAndTheStrangestWholeHoweverCertain) {
  constexpr int kWide = 100;
  Gallery gallery(2, 1, kWide);
  const std::vector<std::uint8_t> crop(std::size_t{3} * kWide * kWide, 200);
  auto plain = seen_cell(0, 0.6F, 0);
  plain.nucleus_um2 = 40;
  plain.strangeness = 1;
  for (std::uint64_t id = 1; id < 30; ++id) {
    auto cell = seen_cell(id, 0.7F, 0);
    cell.nucleus_um2 = 40;
    cell.strangeness = 1;
    if (id == 20) cell.nucleus_um2 = 90;
    if (id == 25) cell.strangeness = 3;
    if (id == 28) cell.strangeness = std::nan("");
    gallery.consider(cell, crop);
  }
  gallery.consider(plain, crop);
  std::vector<std::uint64_t> whole;
  for (const auto& cell : gallery.pictured()) {
    if (width_of(cell) == kWide) whole.push_back(cell.id);
    if (cell.id == 20) {
      EXPECT_EQ(cell.nucleus_um2, 90);
    }
    if (cell.id == 25) {
      EXPECT_EQ(cell.strangeness, 3);
    }
    if (cell.id == 28) {
      EXPECT_TRUE(std::isnan(cell.strangeness)) << "it has no measure of it";
    }
  }
  EXPECT_THAT(whole, ::testing::IsSupersetOf({0U, 20U, 25U}));
  EXPECT_LT(whole.size(), 15U);
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
