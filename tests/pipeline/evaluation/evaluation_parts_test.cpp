/// The pure parts of `evaluate`: scores, classes, matching of cells.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/errors.hpp"
#include "pipeline/evaluation/compare.hpp"
#include "pipeline/evaluation/evaluate.hpp"
#include "pipeline/evaluation/match.hpp"
#include "pipeline/evaluation/score.hpp"
#include "pipeline/statistics/statistics.hpp"

namespace cytocape {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Renamed = std::map<std::string, std::string>;

TEST(MatchClasses, KnowsTheTaxonomysAliases) {
  EXPECT_THAT(
      match_classes({"erythroblast", "normoblast", "blast"}, {"monocyte", "normoblast"}, {}),
      ElementsAre(1, 1, -1));
}

TEST(MatchClasses, TakesAnUnknownFolderForNoClass) {
  EXPECT_THAT(match_classes({"something"}, {"monocyte"}, {}), ElementsAre(-1));
}

TEST(MatchClasses, FollowsTheUserFirst) {
  EXPECT_THAT(
      match_classes({"monocyte"}, {"monocyte", "lymphocyte"}, Renamed{{"monocyte", "lymphocyte"}}),
      ElementsAre(1));
}

TEST(MatchClasses, NamesEveryRenamingThatLeadsNowhere) {
  try {
    (void)match_classes({"monocyte"}, {"monocyte"},
                        Renamed{{"monocyt", "monocyte"}, {"monocyte", "macrophage"}});
    FAIL() << "accepted";
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), HasSubstr("the data has no class monocyt"));
    EXPECT_THAT(error.what(), HasSubstr("the model has no class macrophage"));
  }
}

/// Ten cells of class 0, of which `right` are called it, the others class 1.
Probabilities ten_cells(int right) {
  Probabilities result{.classes = 3, .value = {}, .labels = {}};
  for (int i = 0; i < 10; ++i) {
    const double own = i < right ? 0.8 : 0.1;
    result.value.insert(result.value.end(), {own, 0.9 - own, 0.1});
    result.labels.push_back(0);
  }
  return result;
}

TEST(ScoreHead, CountsAGroupsClassesAsOne) {
  const auto score =
      score_head("CAPE", ten_cells(7), {"band_neutrophil", "segmented_neutrophil", "monocyte"});
  EXPECT_EQ(score.accuracy.count, 7U);
  EXPECT_EQ(score.group_accuracy.count, 10U);
}

TEST(ScoreHead, IntervalOfF1SurroundsItEvenAtItsEnds) {
  const std::vector<std::string> classes{"eosinophil", "basophil", "monocyte"};
  for (const int right : {0, 4, 10}) {
    const auto score = score_head("CAPE", ten_cells(right), classes).classes.front();
    ASSERT_TRUE(score.f1 && score.f1_95);
    EXPECT_LE(score.f1_95->low, *score.f1);
    EXPECT_GE(score.f1_95->high, *score.f1);
    EXPECT_GT(score.f1_95->high - score.f1_95->low, 0.1) << "ten cells do not prove more";
  }
  const auto all = score_head("CAPE", ten_cells(10), classes).classes.front();
  EXPECT_DOUBLE_EQ(*all.f1, 1);
  EXPECT_FALSE(score_head("CAPE", ten_cells(10), classes).classes.back().f1.has_value());
}

TEST(ScoreHead, AClassThatTheTaxonomyDoesNotKnowGoesByItsNameAndIsItsOwnGroup) {
  const auto score = score_head("CAPE", ten_cells(7), {"albatross", "auklet", "monocyte"});
  EXPECT_EQ(score.classes[0].label, "albatross");
  EXPECT_EQ(score.group_accuracy.count, 7U);
}

TEST(ScoreHead, OfNoCellHasNoFigure) {
  const auto score = score_head("CAPE", {.classes = 1, .value = {}, .labels = {}}, {"monocyte"});
  EXPECT_FALSE(score.accuracy.share.has_value());
  EXPECT_EQ(score.classes.size(), 1U);
  EXPECT_TRUE(score.coverage.empty());
}

TEST(OperatingPoint, LeavesCallsBelowTheThresholdToAPerson) {
  // Six of ten called rightly with 0.8, four wrongly with 0.8 as well; two less sure ones beside
  // them.
  Probabilities cells = ten_cells(6);
  for (const double own : {0.45, 0.35}) {
    cells.value.insert(cells.value.end(), {own, 0.8 - own, 0.2});
    cells.labels.push_back(0);
  }
  const auto at_half = operating_point(cells, 0.5);
  EXPECT_EQ(at_half.called.count, 10U);
  EXPECT_EQ(at_half.called.total, 12U);
  EXPECT_EQ(at_half.wrong.count, 4U);
  EXPECT_EQ(at_half.wrong.total, 10U);
  EXPECT_EQ(operating_point(cells, 0.45).called.count, 12U) << "0.45 is not below 0.45";
  EXPECT_EQ(operating_point(cells, 0.9).called.count, 0U);
}

PhantomCell true_cell(double x, double y) {
  PhantomCell cell;
  cell.centre = {x, y};
  cell.box = {static_cast<std::int64_t>(x) - 10, static_cast<std::int64_t>(y) - 10, 20, 20};
  return cell;
}

CellRow found_cell(double x, double y, std::int64_t half_box = 10) {
  CellRow row;
  row.centre = {x, y};
  row.box = {static_cast<std::int64_t>(x) - half_box, static_cast<std::int64_t>(y) - 10,
             2 * half_box, 20};
  return row;
}

TEST(MatchCells, TakesTheNearestPairFirst) {
  // Both found cells lie in both boxes.
  const std::vector<PhantomCell> truth{true_cell(100, 100), true_cell(106, 100)};
  const auto matches = match_cells(truth, {found_cell(106, 101), found_cell(101, 101)});
  EXPECT_EQ(matches.found_of[0], 1U);
  EXPECT_EQ(matches.found_of[1], 0U);
  EXPECT_EQ(matches.truth_of[0], 1U);
}

TEST(MatchCells, TellsTwoTrueCellsFoundAsOne) {
  const std::vector<PhantomCell> truth{true_cell(100, 100), true_cell(118, 100)};
  const auto matches = match_cells(truth, {found_cell(108, 100, 20)});
  EXPECT_EQ(matches.found_of[0], 0U);
  EXPECT_FALSE(matches.found_of[1].has_value());
  EXPECT_TRUE(matches.merged[1]);
  EXPECT_FALSE(matches.merged[0]);
}

TEST(MatchCells, TellsOneTrueCellFoundAsTwo) {
  const auto matches =
      match_cells({true_cell(100, 100)}, {found_cell(95, 100), found_cell(102, 100)});
  EXPECT_EQ(matches.found_of[0], 1U);
  EXPECT_FALSE(matches.truth_of[0].has_value());
  EXPECT_EQ(matches.lies_on[0], 0U);
}

TEST(MatchCells, MatchesNothingOutsideTheBoxes) {
  const auto matches = match_cells({true_cell(100, 100)}, {found_cell(100, 111)});
  EXPECT_FALSE(matches.found_of[0].has_value());
  EXPECT_FALSE(matches.lies_on[0].has_value());
  EXPECT_FALSE(matches.merged[0]);
}

TEST(ModelComparison, CountsWhoIsRightOverClassesAndOverGroups) {
  ModelComparison comparison;
  count_pairs({{"monocyte", "monocyte", "monocyte"},
               {"monocyte", "blast", "monocyte"},
               {"band_neutrophil", "segmented_neutrophil", "blast"},
               {"blast", "monocyte", "monocyte"}},
              comparison);
  EXPECT_EQ(comparison.images, 4U);
  EXPECT_EQ(comparison.classes.both, 1U);
  EXPECT_EQ(comparison.classes.only_first, 0U);
  EXPECT_EQ(comparison.classes.only_second, 1U);
  EXPECT_EQ(comparison.classes.neither, 2U);
  EXPECT_EQ(comparison.groups.only_first, 1U);
  EXPECT_EQ(comparison.groups.only_second, 1U);
  EXPECT_EQ(comparison.groups.p, 1);
}

TEST(EvaluationPage, ListsClassesInClinicalOrderWhateverTheModels) {
  Evaluation evaluation;
  HeadScore head;
  head.name = "CAPE";
  head.accuracy = proportion(5, 8);
  head.group_accuracy = head.accuracy;
  head.coverage = {{.coverage = 1, .risk = 0.375}};
  for (const auto* name : {"monocyte", "lymphocyte"}) {
    ClassScore one;
    one.name = one.label = name;
    one.f1 = 0.5;
    one.recall = proportion(1, 4);
    one.precision = one.recall;
    head.classes.push_back(one);
  }
  head.figures.confusion = {{11, 12}, {13, 14}};
  evaluation.heads = {head};
  const auto page = evaluation_html(evaluation);
  EXPECT_LT(page.find("lymphocyte"), page.find("monocyte"));
  EXPECT_LT(page.find(">14<"), page.find(">11<")) << "the table of confusions follows";
}

}  // namespace
}  // namespace cytocape
