#include <gtest/gtest.h>

#include "pipeline/explain/picture.hpp"
#include "pipeline/pages/colour_map.hpp"

namespace cytocape {
namespace {

const Image kWhite(kPanelPx, kPanelPx);
const CellRegionMap kNoCell{8, 8, std::vector<CellRegion>(64, CellRegion::outside)};

/// Two patches side by side, 0.1 and 0.4.
Image panel(double limit, Colour colour, Upsampling upsampling = Upsampling::smooth) {
  const std::vector<double> value{0.1, 0.4};
  return overlay(kWhite, kNoCell, {.value = value, .height = 1, .width = 2, .limit = limit}, colour,
                 upsampling);
}

TEST(ColourMap, EndsAndMiddleAreWhatTheLegendSays) {
  EXPECT_EQ(share_colour(0), (Rgb{255, 255, 255}));
  EXPECT_EQ(share_colour(1), share_colour(7));
  EXPECT_EQ(difference_colour(0), (Rgb{255, 255, 255}));
  EXPECT_EQ(difference_colour(0.6), share_colour(0.6));
  EXPECT_GT(difference_colour(-1).r, difference_colour(-1).b);
  EXPECT_NE(logit_colour(1), share_colour(1));
}

TEST(ExplainPicture, PatchsOwnColourStandsInItsMiddle) {
  const auto picture = panel(0.8, share_colour);
  EXPECT_EQ(picture.at(kPanelPx / 4, 100), share_colour(0.1 / 0.8));
  EXPECT_EQ(picture.at(kPanelPx * 3 / 4, 100), share_colour(0.4 / 0.8));
}

TEST(ExplainPicture, SmoothRunsBetweenAndPatchesDoNot) {
  const auto smooth = panel(0.8, share_colour).at(kPanelPx / 2, 9);
  EXPECT_LT(smooth.g, share_colour(0.1 / 0.8).g);
  EXPECT_GT(smooth.g, share_colour(0.4 / 0.8).g);
  const auto patches = panel(0.8, share_colour, Upsampling::patches);
  EXPECT_EQ(patches.at(kPanelPx / 2 - 1, 9), share_colour(0.1 / 0.8));
  EXPECT_EQ(patches.at(kPanelPx / 2, 9), share_colour(0.4 / 0.8));
}

TEST(ExplainPicture, CellStaysVisibleUnderTheDarkestColour) {
  Image cell(kPanelPx, kPanelPx);
  for (int y = 0; y < kPanelPx; ++y)
    for (int x = 0; x < 3 * kPanelPx; ++x) cell.row(y)[x] = y < 256 ? 0 : 255;
  const std::vector<double> value{1};
  const auto picture =
      overlay(cell, kNoCell, {.value = value, .height = 1, .width = 1, .limit = 1}, share_colour);
  EXPECT_GT(picture.at(9, 400).b - picture.at(9, 9).b, 60);
}

TEST(ExplainPicture, DifferencesOfEitherSignMirrorEachOther) {
  const std::vector<double> one{0.2, -0.3};
  const std::vector<double> other{-0.2, 0.3};
  const auto draw = [](const std::vector<double>& value) {
    return overlay(kWhite, kNoCell, {.value = value, .height = 1, .width = 2, .limit = 0.3},
                   difference_colour, Upsampling::patches);
  };
  EXPECT_EQ(draw(one).at(9, 9), difference_colour(0.2 / 0.3));
  EXPECT_EQ(draw(one).at(400, 9), difference_colour(-1));
  EXPECT_EQ(draw(other).at(9, 9), difference_colour(-0.2 / 0.3));
  EXPECT_EQ(draw(other).at(400, 9), difference_colour(1));
}

TEST(ExplainPicture, MapWithoutAnythingIsWhite) {
  EXPECT_EQ(panel(0, share_colour).at(400, 9), (Rgb{255, 255, 255}));
}

TEST(ExplainPicture, CaptionLeavesThePanelAsItIsAndShowsTheScalesEnds) {
  const auto picture = panel(0.4, share_colour);
  const auto page = with_caption(
      picture, {.title = "CAPE, \xc3\xa9", .colour = share_colour, .low = "0", .high = "40 %"});
  EXPECT_EQ(page.width(), kPanelPx);
  EXPECT_EQ(page.height(), kPanelPx + kCaptionPx);
  EXPECT_TRUE(std::equal(picture.pixels().begin(), picture.pixels().end(), page.pixels().begin()));
  EXPECT_EQ(page.at(kPanelPx - 12, kPanelPx + 35).r, share_colour(0.99).r);
  EXPECT_GT(page.at(12, kPanelPx + 35).r, 250);
}

}  // namespace
}  // namespace cytocape
