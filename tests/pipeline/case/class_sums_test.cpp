#include "pipeline/case/class_sums.hpp"

#include <gtest/gtest.h>

namespace cytocape {
namespace {

/// Without validation figures, so that nothing can be corrected.
ModelCard card_of(const std::vector<std::string>& classes) {
  ModelCard card;
  for (const auto& name : classes) {
    ClassFigures figures;
    figures.name = name;
    card.classes.push_back(figures);
  }
  return card;
}

/// Three monocytes, a lymphocyte and two normoblasts.
ClassSums six_cells() {
  ClassSums sums(3);
  for (int i = 0; i < 3; ++i) sums.add(0, std::vector{0.75, 0.25, 0.0});
  sums.add(1, std::vector{0.25, 0.5, 0.25});
  for (int i = 0; i < 2; ++i) sums.add(2, std::vector{0.0, 0.0, 1.0});
  return sums;
}

std::vector<DifferentialRow> differential(const CountingRules& rules) {
  return differential_of(six_cells(), card_of({"monocyte", "lymphocyte", "normoblast"}), rules);
}

TEST(ClassSums, OfNoCellsThereIsNoMean) {
  EXPECT_EQ(ClassSums(2).expected_fraction(1), std::nullopt);
  EXPECT_EQ(six_cells().expected_fraction(0), 2.5 / 6);
}

TEST(Differential, NormoblastsCountInMarrowAndNotInBlood) {
  const auto blood = differential({.specimen = Specimen::blood});
  EXPECT_EQ(denominator_of(blood), 4U);
  EXPECT_EQ(blood[0].fraction, 0.75);
  EXPECT_FALSE(blood[2].in_denominator);
  EXPECT_EQ(blood[2].count, 2U);
  EXPECT_EQ(blood[2].fraction, std::nullopt);
  EXPECT_TRUE(blood[2].expected_fraction.has_value()) << "which is of all classified cells";
  const auto marrow = differential({.specimen = Specimen::marrow});
  EXPECT_EQ(denominator_of(marrow), 6U);
  EXPECT_EQ(marrow[0].fraction, 0.5);
}

TEST(Differential, TheReferenceIntervalIsThatOfTheClass) {
  const CountingRules rules{
      .specimen = Specimen::blood,
      .references = {.source = "ours", .interval = {{"monocyte", {0.02, 0.1}}}}};
  const auto rows = differential(rules);
  ASSERT_TRUE(rows[0].reference.has_value());
  EXPECT_EQ(rows[0].reference->high, 0.1);
  EXPECT_FALSE(rows[1].reference.has_value());
}

TEST(Differential, OfASlideWithoutCellsHasRowsAndNoShares) {
  const auto rows = differential_of(ClassSums(1), card_of({"monocyte"}), {});
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].fraction, std::nullopt);
  EXPECT_EQ(rows[0].expected_fraction, std::nullopt);
  EXPECT_EQ(denominator_of(rows), 0U);
}

}  // namespace
}  // namespace cytocape
