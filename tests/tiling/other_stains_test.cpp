// The finder on stains and scanners that differ from those its rules were first tuned on.

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "finder_scoring.hpp"
#include "smear.hpp"

namespace cytocape {
namespace {

using namespace cytocape::testing;

constexpr double kStainMpp = 0.5;
constexpr Rgb kPinkCytoplasm{225, 190, 186};  ///< paler than a red cell, and of its hue
constexpr Rgb kDarkRedCell{100, 45, 150};

/// Red cells on a lattice, but not within `clear` pixels of the picture's middle.
std::vector<Disc> red_cells_around_middle(double clear, Rgb colour = kRedCell) {
  std::vector<Disc> discs;
  for (int y = 12; y < 200; y += 19)
    for (int x = 10; x < 240; x += 19)
      if (std::hypot(x - 120, y - 100) > clear) discs.push_back({1.0 * x, 1.0 * y, 7.5, colour});
  return discs;
}

Image field(std::vector<Disc> discs, const std::vector<Disc>& cell) {
  discs.insert(discs.end(), cell.begin(), cell.end());
  return smear(240, 200, discs);
}

/// Of the densities that a stainer, a lamp and a camera gave: what others would give.
constexpr std::array<std::array<std::array<double, 3>, 3>, 3> kRenderings{{
    {{{0.6, 0, 0}, {0, 0.6, 0}, {0, 0, 0.6}}},      // pale
    {{{0.8, 0.2, 0}, {0.1, 0.7, 0}, {0, 0, 0.6}}},  // bluish
    {{{0.6, 0, 0}, {0.1, 0.8, 0}, {0, 0.2, 0.8}}},  // orange
}};

std::size_t found_in(const Image& image) {
  return locate_in(image, kStainMpp).cells.size();
}

/// Each channel's density takes its shares of all three.
Image rendered(const Image& image, const std::array<std::array<double, 3>, 3>& shares) {
  Image out = image;
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x) {
      const Rgb p = image.at(x, y);
      const std::array<double, 3> density{std::log(255.0 / p.r), std::log(255.0 / p.g),
                                          std::log(255.0 / p.b)};
      for (std::size_t c = 0; c < 3; ++c) {
        const double sum =
            shares[c][0] * density[0] + shares[c][1] * density[1] + shares[c][2] * density[2];
        out.row(y)[3 * x + static_cast<int>(c)] =
            static_cast<std::uint8_t>(std::lround(255 * std::exp(-std::max(0.0, sum))));
      }
    }
  return out;
}

/// Lobes hardly darker than the red cells, and narrower than any round nucleus.
Image pale_lobes_among_purple_red_cells() {
  constexpr Rgb kPaleNucleus{150, 105, 190};
  return field(red_cells_around_middle(22, {190, 150, 185}), {{120, 100, 15, kPinkCytoplasm},
                                                              {113, 96, 5.5, kPaleNucleus},
                                                              {127, 96, 5.5, kPaleNucleus},
                                                              {120, 108, 5.5, kPaleNucleus}});
}

/// A horseshoe of chromatin.
std::vector<Disc> band_form() {
  std::vector<Disc> discs = {{120, 100, 16, kPinkCytoplasm}};
  for (int k = -14; k <= 14; ++k)
    discs.push_back({120 + 9 * std::sin(0.17 * k), 100 - 9 * std::cos(0.17 * k), 4, kNucleus});
  return discs;
}

TEST(OtherStains, LobesInCytoplasmOfTheHueOfRedCellsAreOneCell) {
  const std::vector<Disc> cell = {
      {120, 100, 11, kPinkCytoplasm}, {113.5, 100, 4.8, kNucleus}, {126.5, 100, 4.8, kNucleus}};
  EXPECT_EQ(found_in(field(red_cells_around_middle(22), cell)), 1U);
}

TEST(OtherStains, FarLobesInCytoplasmOfTheHueOfRedCellsAreOneCell) {
  const std::vector<Disc> cell = {
      {120, 100, 17, kPinkCytoplasm}, {111, 100, 6, kNucleus}, {129, 100, 6, kNucleus}};
  EXPECT_EQ(found_in(field(red_cells_around_middle(25), cell)), 1U);
}

TEST(OtherStains, ABandFormIsOneCell) {
  EXPECT_EQ(found_in(field(red_cells_around_middle(24), band_form())), 1U);
}

TEST(OtherStains, TouchingLymphocytesAmongRedCellsStayTwo) {
  const std::vector<Disc> cells = {{109, 100, 11, kCytoplasm}, {131, 100, 11, kCytoplasm},
                                   {109, 100, 9, kNucleus},    {131, 100, 9, kNucleus},
                                   {120, 87, 7, kRedCell},     {120, 113, 7, kRedCell}};
  EXPECT_EQ(found_in(field(red_cells_around_middle(30), cells)), 2U);
}

TEST(OtherStains, TouchingSmallNucleiWithGlassAtTheirSidesStayTwo) {
  const std::vector<Disc> cells = {{112, 100, 9, kPinkCytoplasm},
                                   {128, 100, 9, kPinkCytoplasm},
                                   {112, 100, 6.5, kNucleus},
                                   {128, 100, 6.5, kNucleus}};
  EXPECT_EQ(found_in(field(red_cells_around_middle(28), cells)), 2U);
}

TEST(OtherStains, DarkRedCellsAreNotCells) {
  const std::vector<Disc> cell = {{120, 100, 13, kCytoplasm}, {120, 100, 9, {45, 15, 110}}};
  EXPECT_EQ(found_in(field(red_cells_around_middle(22, kDarkRedCell), cell)), 1U);
}

TEST(OtherStains, PaleLobesAreFoundBesidePurpleRedCells) {
  EXPECT_EQ(found_in(pale_lobes_among_purple_red_cells()), 1U);
}

TEST(OtherStains, PaleLobesAreFoundInPalerBluishAndOrangeRenderings) {
  for (const auto& shares : kRenderings)
    EXPECT_EQ(found_in(rendered(pale_lobes_among_purple_red_cells(), shares)), 1U) << shares[0][0];
}

}  // namespace
}  // namespace cytocape
