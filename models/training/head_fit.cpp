#include "models/training/head_fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "io/errors.hpp"

namespace cytocape::detail {
namespace {

/// Beyond these the cells hardly vary.
constexpr std::int64_t kMostAxes = 400;
constexpr double kLeastVariation = 1e-6;  ///< of the greatest, squared
constexpr double kLeastDeviation = 1e-2;  ///< of a feature: one that is almost always 0 says little
constexpr int kMostSteps = 60;

/// Orthonormal, by falling variation: from the smaller of the two products of the rows.
torch::Tensor main_axes(const torch::Tensor& rows) {
  const bool few = rows.size(0) < rows.size(1);
  const auto product = few ? torch::matmul(rows, rows.t()) : torch::matmul(rows.t(), rows);
  const auto [values, vectors] = torch::linalg_eigh(product, "L");  // by rising variation
  const double least = kLeastVariation * values[-1].item<double>();
  const auto enough = values.gt(least).sum().item<std::int64_t>();
  const auto count = std::max<std::int64_t>(1, std::min(kMostAxes, enough));
  const auto largest = vectors.narrow(1, vectors.size(1) - count, count).flip(1);
  if (!few) return largest;
  const auto axes = torch::matmul(rows.t(), largest);
  return axes / axes.norm(2, 0, /*keepdim=*/true).clamp_min(1e-12);
}

}  // namespace

torch::Tensor HeadSpace::coordinates(const torch::Tensor& features) const {
  return torch::matmul(features.to(torch::kFloat64) - mean, axes);
}

HeadSpace head_space(const torch::Tensor& features, const torch::Tensor& weights) {
  const torch::NoGradGuard no_grad;
  const auto rows = features.to(torch::kFloat64);
  const auto shares = (weights / weights.sum()).unsqueeze(1);
  const auto mean = (rows * shares).sum(0);
  const auto offsets = rows - mean;
  const auto deviation = (offsets.square() * shares).sum(0).sqrt() + kLeastDeviation;
  const auto axes = main_axes(offsets / deviation);
  return {.mean = mean, .axes = axes / deviation.unsqueeze(1)};
}

HeadChange fit_head(const HeadProblem& problem) {
  const auto classes = problem.may_be.size(1);
  const auto options = torch::dtype(torch::kFloat64).requires_grad(true);
  const auto weight = torch::zeros({classes, problem.coordinates.size(1)}, options);
  const auto bias = torch::zeros({classes}, options);
  const auto shares = problem.weights / problem.weights.sum();
  const auto shut_out = (1 - problem.may_be) * -1e30;
  torch::optim::LBFGS optimiser({weight, bias}, torch::optim::LBFGSOptions()
                                                    .max_iter(kMostSteps)
                                                    .history_size(10)
                                                    .line_search_fn("strong_wolfe"));
  const auto loss_of = [&] {
    const auto logits = problem.base + torch::matmul(problem.coordinates, weight.t()) + bias;
    const auto log_p = torch::log_softmax(logits, 1);
    const auto of_label = torch::logsumexp(log_p + shut_out, 1);
    return -(shares * of_label).sum() + problem.penalty / 2 * weight.square().sum();
  };
  const auto step = [&] {
    optimiser.zero_grad();
    const auto loss = loss_of();
    loss.backward();
    return loss;
  };
  optimiser.step(step);
  const torch::NoGradGuard no_grad;
  if (const auto loss = loss_of().item<double>(); !std::isfinite(loss))
    throw ModelError(fmt::format("fitting the head: the loss is {}", loss));
  return {.weight = weight.detach(), .bias = bias.detach()};
}

HeadChange on_features(const HeadChange& change, const HeadSpace& space) {
  const auto weight = torch::matmul(change.weight, space.axes.t());
  return {.weight = weight, .bias = change.bias - torch::mv(weight, space.mean)};
}

torch::Tensor balanced_weights(const torch::Tensor& may_be) {
  const auto rows = may_be.to(torch::kFloat64).contiguous();
  const auto classes = static_cast<std::size_t>(rows.size(1));
  std::map<std::vector<double>, double> counts;
  std::vector<std::vector<double>> labels;
  for (std::int64_t i = 0; i < rows.size(0); ++i) {
    const double* row = rows[i].data_ptr<double>();
    labels.emplace_back(row, row + classes);
    counts[labels.back()] += 1;
  }
  std::vector<double> weights;
  for (const auto& label : labels)
    weights.push_back(1 / counts[label] / static_cast<double>(counts.size()));
  return torch::tensor(weights, torch::kFloat64);
}

}  // namespace cytocape::detail
