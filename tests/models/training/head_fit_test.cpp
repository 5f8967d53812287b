#include "models/training/head_fit.hpp"

#include <gtest/gtest.h>

#include "tests/models/training/one_thread.hpp"

namespace cytocape::detail {
namespace {

/// Forty cells of five features, of which the first tells their class.
struct Cells {
  torch::Tensor features;
  torch::Tensor may_be;
};

Cells drawn_cells() {
  torch::manual_seed(7);
  auto features = torch::randn({40, 5}, torch::kFloat64);
  auto may_be = torch::zeros({40, 3}, torch::kFloat64);
  for (std::int64_t i = 0; i < 40; ++i) {
    features[i][0] += i % 2 == 0 ? 4 : -4;
    may_be[i][i % 2] = 1;
  }
  return {features, may_be};
}

HeadProblem problem_of(const Cells& cells, const HeadSpace& space, double penalty) {
  return {.coordinates = space.coordinates(cells.features),
          .may_be = cells.may_be,
          .weights = balanced_weights(cells.may_be),
          .base = torch::zeros({40, 3}, torch::kFloat64),
          .penalty = penalty};
}

torch::Tensor logits_of(const HeadChange& change, const torch::Tensor& features) {
  return torch::matmul(features, change.weight.t()) + change.bias;
}

TEST(HeadFit, LearnsWhatTellsTheClassesApart) {
  const auto cells = drawn_cells();
  const auto space = head_space(cells.features, balanced_weights(cells.may_be));
  const auto change = on_features(fit_head(problem_of(cells, space, 0.1)), space);
  const auto called = logits_of(change, cells.features).argmax(1);
  EXPECT_TRUE(torch::equal(called, cells.may_be.argmax(1)));
}

TEST(HeadFit, AFirmlyHeldHeadStaysAsItWas) {
  const auto cells = drawn_cells();
  const auto space = head_space(cells.features, balanced_weights(cells.may_be));
  const auto change = fit_head(problem_of(cells, space, 1e6));
  EXPECT_LT(change.weight.abs().max().item<double>(), 1e-4);
}

TEST(HeadFit, AddsNothingToTheMeanOverClasses) {
  const auto cells = drawn_cells();
  const auto space = head_space(cells.features, balanced_weights(cells.may_be));
  const auto change = on_features(fit_head(problem_of(cells, space, 0.1)), space);
  EXPECT_GT(change.weight.abs().max().item<double>(), 0.1);
  EXPECT_LT(change.weight.mean(0).abs().max().item<double>(), 1e-9);
  EXPECT_LT(change.bias.mean().abs().item<double>(), 1e-9);
}

TEST(HeadFit, AnOpenLabelLeavesItsClassesAsTheyWereBesideEachOther) {
  auto cells = drawn_cells();
  cells.may_be.select(1, 2) = cells.may_be.select(1, 0).clone();  // class 0 or 2, or class 1
  const auto space = head_space(cells.features, balanced_weights(cells.may_be));
  const auto change = on_features(fit_head(problem_of(cells, space, 0.1)), space);
  const auto logits = logits_of(change, cells.features);
  EXPECT_LT((logits.select(1, 0) - logits.select(1, 2)).abs().max().item<double>(), 1e-9);
  EXPECT_GT((logits.select(1, 0) - logits.select(1, 1)).abs().max().item<double>(), 1);
}

TEST(HeadFit, AClassOfTenCellsWeighsAsMuchAsOneOfSixty) {
  auto may_be = torch::zeros({70, 2}, torch::kFloat64);
  may_be.narrow(0, 0, 10).select(1, 0) = 1;
  may_be.narrow(0, 10, 60).select(1, 1) = 1;
  const auto weights = balanced_weights(may_be);
  EXPECT_NEAR(weights.narrow(0, 0, 10).sum().item<double>(), 0.5, 1e-12);
  EXPECT_NEAR(weights.narrow(0, 10, 60).sum().item<double>(), 0.5, 1e-12);
}

TEST(HeadFit, CoordinatesKeepTheDistancesOfStandardisedFeatures) {
  const auto cells = drawn_cells();
  const auto space = head_space(cells.features, torch::ones({40}, torch::kFloat64));
  const auto at = space.coordinates(cells.features);
  const auto offsets = cells.features - cells.features.mean(0);
  const auto scaled = offsets / (offsets.square().mean(0).sqrt() + 1e-2);
  EXPECT_LT((at.square().sum(1) - scaled.square().sum(1)).abs().max().item<double>(), 1e-9);
}

}  // namespace
}  // namespace cytocape::detail
