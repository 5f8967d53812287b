#include "models/data/moved_cell.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/tiling/smear.hpp"
#include "tiling/cell_mask.hpp"
#include "tiling/cell_regions.hpp"

namespace cytocape {
namespace {

constexpr CropScale kScale{.crop_px = 200, .input_px = 100, .mpp = 0.2, .image_mpp = 0.1};

/// A nucleus of `radius` in the middle of a picture.
Image picture(int width, int height, double radius) {
  return testing::smear(width, height, {{width / 2.0, height / 2.0, radius, testing::kNucleus}});
}

TEST(MovedCell, LiesWhereItSays) {
  const auto image = picture(320, 300, 30);
  const auto moved = move_cell(image, kScale, 3);
  ASSERT_TRUE(moved);
  const auto cell = cell_mask_of(
      find_cell_regions(moved->crop, moved->place, stain_of_picture(image, kScale.image_mpp)));
  ASSERT_TRUE(cell);
  EXPECT_NEAR(cell->x, moved->place.x, 1);
  EXPECT_NEAR(cell->y, moved->place.y, 1);
}

TEST(MovedCell, IsMovedByATenthToAFifthOnBothAxesInAllDirections) {
  const auto image = picture(320, 300, 20);
  int right = 0;
  int down = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto moved = move_cell(image, kScale, seed);
    ASSERT_TRUE(moved);
    for (const double offset : {moved->moved.x, moved->moved.y}) {
      EXPECT_GE(std::abs(offset), 20);
      EXPECT_LE(std::abs(offset), 40);
    }
    EXPECT_FALSE(moved->mirrored);
    right += moved->moved.x > 0 ? 1 : 0;
    down += moved->moved.y > 0 ? 1 : 0;
  }
  EXPECT_NEAR(right, 100, 35);
  EXPECT_NEAR(down, 100, 35);
}

TEST(MovedCell, StaysWithinTheRoomThatThePictureHas) {
  // 25 px of room on each side: less than a fifth, more than a tenth.
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto moved = move_cell(picture(250, 250, 20), kScale, seed);
    ASSERT_TRUE(moved);
    EXPECT_LE(std::abs(moved->moved.x), 25);
    EXPECT_FALSE(moved->mirrored);
  }
}

TEST(MovedCell, HasMirroredSurroundingsInATightPicture) {
  const auto moved = move_cell(picture(200, 200, 30), kScale, 1);
  ASSERT_TRUE(moved);
  EXPECT_TRUE(moved->mirrored);
}

TEST(MovedCell, IsNoneWhereTheMirrorWouldShowTheCellAgain) {
  EXPECT_FALSE(move_cell(picture(200, 200, 85), kScale, 1));
}

}  // namespace
}  // namespace cytocape
