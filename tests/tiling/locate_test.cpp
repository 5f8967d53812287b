#include "tiling/locate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "finder_scoring.hpp"
#include "io/image_codec.hpp"
#include "memory_slide.hpp"
#include "smear.hpp"
#include "tests/support/test_data.hpp"

namespace cytocape {
namespace {

using namespace cytocape::testing;

constexpr double kFieldMpp = 0.5;

/// Red cells on a lattice with gaps, as most of a smear.
std::vector<Disc> red_cells(int width, int height) {
  std::vector<Disc> discs;
  for (int y = 12; y < height; y += 27)
    for (int x = 10 + y % 13; x < width; x += 31) discs.push_back({1.0 * x, 1.0 * y, 7, kRedCell});
  return discs;
}

std::vector<Disc> white_cell(double x, double y) {
  return {{x, y, 13, kCytoplasm}, {x, y, 9, kNucleus}};
}

std::vector<Disc> with(std::vector<Disc> discs, const std::vector<Disc>& more) {
  discs.insert(discs.end(), more.begin(), more.end());
  return discs;
}

/// Cells of all kinds at pseudo-random places, many of them touching.
Image crowded_smear(int width, int height) {
  std::vector<Disc> discs = red_cells(width, height);
  std::uint32_t state = 7;
  const auto random = [&state](int below) {
    state = state * 1664525 + 1013904223;
    return static_cast<int>((state >> 8) % static_cast<std::uint32_t>(below));
  };
  for (int i = 0; i < width * height / 2500; ++i) {
    const double x = random(width);
    const double y = random(height);
    discs.push_back({x, y, 10.0 + random(8), kCytoplasm});
    for (int lobe = 0; lobe <= random(3); ++lobe)
      discs.push_back({x + random(12) - 6, y + random(12) - 6, 3.0 + random(7), kNucleus});
  }
  return smear(width, height, discs);
}

using Figures = std::tuple<double, double, std::int64_t, std::int64_t, std::int64_t, std::int64_t,
                           double, double, std::optional<Exclusion>>;

std::vector<Figures> all_cells(const Slide& slide, const BlockPlanOptions& plan,
                               const FinderOptions& options = {}) {
  const LocateScale scale = choose_locate_scale(slide.info(), options.target_um);
  const StainProfile stain = measure_stain(slide, scale, options);
  std::vector<Figures> cells;
  for (const Block& block : plan_blocks(slide.info(), scale, plan)) {
    const auto found =
        locate_cells(read_locate(slide, scale, block.window), block, scale, stain, options);
    for (const LocatedCell& c : found.cells)
      cells.emplace_back(c.centre.y, c.centre.x, c.box.x, c.box.y, c.box.width, c.box.height,
                         c.nucleus_um2, c.focus, c.exclusion);
  }
  std::sort(cells.begin(), cells.end());
  return cells;
}

TEST(Locate, BlockSizeNeverChangesACell) {
  for (const Mpp mpp : {Mpp{0.5, 0.5}, Mpp{0.31, 0.4}, Mpp{1.3, 1.55}}) {
    const MemorySlide slide(crowded_smear(1150, 930), mpp, {64, 56});
    const FinderOptions options{.min_relative_focus = 0.5};
    const auto whole = all_cells(slide, {.block_tiles = 1000}, options);
    EXPECT_GT(whole.size(), 60U);
    for (const int tiles : {1, 3, 8}) {
      EXPECT_EQ(all_cells(slide, {.block_tiles = tiles}, options), whole) << mpp.x << ' ' << tiles;
    }
  }
}

TEST(Locate, FindsAWhiteCellAtItsCentre) {
  const auto result =
      locate_in(smear(400, 300, with(red_cells(400, 300), white_cell(203.5, 141))), kFieldMpp);
  ASSERT_EQ(result.cells.size(), 1U);
  EXPECT_NEAR(result.cells[0].centre.x, 203.5, 1.5);
  EXPECT_NEAR(result.cells[0].centre.y, 141, 1.5);
  EXPECT_TRUE(result.cells[0].box.contains(203, 141));
  EXPECT_EQ(result.cells[0].exclusion, std::nullopt);
}

TEST(Locate, RedCellsAloneGiveNoCell) {
  const auto result = locate_in(smear(400, 300, red_cells(400, 300)), kFieldMpp);
  EXPECT_TRUE(result.cells.empty());
  EXPECT_EQ(result.rejection, std::nullopt);
  EXPECT_GT(result.foreground_share, 0.1);
}

TEST(Locate, PlateletsAreNotCells) {
  std::vector<Disc> discs = with(red_cells(400, 300), white_cell(200, 150));
  for (int x = 40; x < 400; x += 60) discs.push_back({1.0 * x, 60, 3, kPlatelet});
  EXPECT_EQ(locate_in(smear(400, 300, discs), kFieldMpp).cells.size(), 1U);
}

TEST(Locate, WhatMayBeALargePlateletIsListedWhereTheNetworkCanTell) {
  // Dark and 5 um across: a large platelet, or a late erythroblast's nucleus.
  const auto discs = with(red_cells(400, 300), with(white_cell(200, 150), {{60, 60, 5, kNucleus}}));
  EXPECT_EQ(locate_in(smear(400, 300, discs), kFieldMpp).cells.size(), 1U);
  EXPECT_EQ(
      locate_in(smear(400, 300, discs), kFieldMpp, {.list_large_platelets = true}).cells.size(),
      2U);
}

TEST(Locate, TouchingCellsAreTwo) {
  const auto discs = with(white_cell(180, 150), white_cell(206, 150));
  EXPECT_EQ(locate_in(smear(400, 300, with(red_cells(400, 300), discs)), kFieldMpp).cells.size(),
            2U);
}

TEST(Locate, LobesOfOneCellAreOne) {
  const std::vector<Disc> lobes = {{200, 150, 14, kCytoplasm},
                                   {193, 147, 5, kNucleus},
                                   {207, 147, 5, kNucleus},
                                   {200, 157, 5, kNucleus}};
  EXPECT_EQ(locate_in(smear(400, 300, with(red_cells(400, 300), lobes)), kFieldMpp).cells.size(),
            1U);
}

TEST(Locate, FarLobesOfOneFreeCellAreOne) {
  // As an eosinophil: two lobes at the ends of one round cell, 10 um apart.
  const std::vector<Disc> cell = {
      {200, 150, 18, kCytoplasm}, {190, 150, 7, kNucleus}, {210, 150, 7, kNucleus}};
  EXPECT_EQ(locate_in(smear(400, 300, with(red_cells(400, 300), cell)), kFieldMpp).cells.size(),
            1U);
}

TEST(Locate, SmallCellsInACrowdAreNotTakenForLobes) {
  // The same two nuclei in a sheet of cytoplasm, where no outline says whose they are.
  const std::vector<Disc> crowd = {
      {200, 150, 70, kCytoplasm}, {191, 150, 6.5, kNucleus}, {209, 150, 6.5, kNucleus}};
  EXPECT_EQ(locate_in(smear(400, 300, with(red_cells(400, 300), crowd)), kFieldMpp).cells.size(),
            2U);
}

TEST(Locate, ALobeWhoseNeighbourBelongsToAThirdCellIsNotLost) {
  // Peaks in a row, each in reach of the next: every one must end in some cell's box.
  std::vector<Disc> row = {{200, 150, 60, kCytoplasm}};
  for (const double x : {168.0, 180.0, 192.0, 204.0, 216.0, 228.0})
    row.push_back({x, 150, 6.0 - (x - 168) / 30, kNucleus});
  const auto cells = locate_in(smear(400, 300, row), kFieldMpp).cells;
  for (const Disc& lobe : row)
    EXPECT_TRUE(std::any_of(cells.begin(), cells.end(), [&](const LocatedCell& cell) {
      return cell.box.contains(lobe.x, lobe.y);
    })) << lobe.x;
}

TEST(Locate, ChromatinWiderThanACellIsAClumpAndStillListed) {
  const auto discs = with(white_cell(60, 60), {{230, 150, 50, kNucleus}});
  const Image image = smear(400, 300, with(red_cells(400, 300), discs));
  const auto is_clump = [](const LocatedCell& cell) { return cell.exclusion == Exclusion::clump; };
  const auto cells = locate_in(image, kFieldMpp, {.max_cell_um = 40}).cells;
  EXPECT_EQ(std::count_if(cells.begin(), cells.end(), is_clump),
            static_cast<long>(cells.size()) - 1);
  const auto wide = locate_in(image, kFieldMpp, {.max_cell_um = 52}).cells;
  EXPECT_EQ(wide.size(), cells.size());
  EXPECT_EQ(std::count_if(wide.begin(), wide.end(), is_clump), 0);
}

TEST(Locate, ACellWhoseCytoplasmIsCutByTheBorderIsExcluded) {
  // The nucleus is whole; the pale rim of the cell reaches beyond x = 0.
  const std::vector<Disc> cell = {{12, 100, 13, {222, 212, 226}}, {14, 100, 9, kNucleus}};
  const auto result = locate_in(smear(400, 300, with(red_cells(400, 300), cell)), kFieldMpp);
  ASSERT_EQ(result.cells.size(), 1U);
  EXPECT_EQ(result.cells[0].exclusion, Exclusion::border);
}

TEST(Locate, PlateletsWithoutAnyNucleusOnTheSlideAreNotCells) {
  std::vector<Disc> discs = red_cells(400, 300);
  for (int x = 40; x < 400; x += 60) discs.push_back({1.0 * x, 60, 5, kPlatelet});
  EXPECT_TRUE(locate_in(smear(400, 300, discs), kFieldMpp).cells.empty());
}

TEST(Stain, PaleRedCellsDoNotLetNucleiPassForThem) {
  std::vector<Disc> discs = red_cells(400, 300);
  for (Disc& disc : discs) disc.colour = {230, 215, 212};
  const std::vector<Disc> cell = {{200, 150, 14, {225, 220, 226}}, {200, 150, 10, {178, 150, 212}}};
  EXPECT_EQ(locate_in(smear(400, 300, with(discs, cell)), kFieldMpp).cells.size(), 1U);
}

TEST(Locate, ACellAtTheBorderIsSeenAndExcluded) {
  const auto discs = with(white_cell(200, 150), white_cell(3, 100));
  const auto result = locate_in(smear(400, 300, with(red_cells(400, 300), discs)), kFieldMpp);
  ASSERT_EQ(result.cells.size(), 2U);
  EXPECT_EQ(result.cells[0].exclusion, Exclusion::border);
  EXPECT_EQ(result.cells[1].exclusion, std::nullopt);
}

TEST(Locate, EmptyGlassIsRejectedWithItsReason) {
  const auto result = locate_in(smear(400, 300, {}), kFieldMpp);
  EXPECT_EQ(result.rejection, Rejection::glass);
}

TEST(Locate, BlurredCellsAreExcludedNotDropped) {
  Image image =
      smear(800, 300, with(red_cells(800, 300), with(white_cell(200, 150), white_cell(600, 150))));
  const Image sharp = image;
  for (int y = 6; y < 294; ++y)
    for (int x = 400; x < 794; ++x)
      for (int c = 0; c < 3; ++c) {
        int sum = 0;
        for (int dy = -5; dy <= 5; ++dy)
          for (int dx = -5; dx <= 5; ++dx) sum += sharp.row(y + dy)[3 * (x + dx) + c];
        image.row(y)[3 * x + c] = static_cast<std::uint8_t>(sum / 121);
      }
  const auto result = locate_in(image, kFieldMpp, {.min_relative_focus = 0.2});
  ASSERT_EQ(result.cells.size(), 2U);
  std::vector<std::optional<Exclusion>> exclusions = {result.cells[0].exclusion,
                                                      result.cells[1].exclusion};
  if (result.cells[0].centre.x > 400) std::swap(exclusions[0], exclusions[1]);
  EXPECT_EQ(exclusions,
            (std::vector<std::optional<Exclusion>>{std::nullopt, Exclusion::out_of_focus}));
}

TEST(Stain, BrightnessAndWhiteBalanceDoNotChangeWhatIsFound) {
  const Image image = smear(400, 300, with(red_cells(400, 300), white_cell(200, 150)));
  for (const Perturbation& how :
       {Perturbation{.name = "dark", .gain = {0.6, 0.6, 0.6}},
        Perturbation{.name = "warm", .gain = {1, 0.85, 0.7}},
        Perturbation{.name = "flat", .gamma = 0.7}, Perturbation{.name = "steep", .gamma = 1.4}})
    EXPECT_EQ(locate_in(perturbed(image, how), kFieldMpp).cells.size(), 1U) << how.name;
}

TEST(Stain, GlassColourIsTheBrightestModeNotTheMean) {
  const Image image = smear(600, 600, red_cells(600, 600));
  const MemorySlide slide(image, {kFieldMpp, kFieldMpp});
  const StainProfile stain = measure_stain(slide, choose_locate_scale(slide.info(), 1), {});
  EXPECT_NEAR(stain.background[0], kGlass.r + 2, 2);
  EXPECT_NEAR(stain.background[2], kGlass.b + 2, 2);
}

TEST(Locate, FindsTheWhiteCellsOfRealFields) {
  CYTOCAPE_NEEDS_DATA("fields/bccd/images");
  Score score;
  for (const char* name :
       {"BloodImage_00001", "BloodImage_00007", "BloodImage_00011", "BloodImage_00015"}) {
    const auto folder = data_folder() / "fields/bccd";
    const Image image = read_image(folder / "images" / (std::string(name) + ".jpg"));
    const auto boxes = read_voc(folder / "annotations" / (std::string(name) + ".xml"));
    score += score_of(boxes, locate_in(image, 0.072).cells, {image.width(), image.height()});
  }
  EXPECT_EQ(score.hits, score.truth);
  EXPECT_EQ(score.found, score.truth);
}

}  // namespace
}  // namespace cytocape
