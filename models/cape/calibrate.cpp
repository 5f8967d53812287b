#include <algorithm>
#include <cmath>

#include "models/cape/labelled_maps.hpp"

namespace cytocape::detail {
namespace {

constexpr double kReach = 4;
constexpr double kStep = 0.5;
constexpr double kTolerance = 1e-4;

/// The smallest value's place in low..high of a function with one minimum there: golden section.
template <typename Function>
double narrow(const Function& function, double low, double high) {
  const double golden = (std::sqrt(5.0) - 1) / 2;
  double left = high - golden * (high - low);
  double right = low + golden * (high - low);
  double at_left = function(left);
  double at_right = function(right);
  while (high - low > kTolerance) {
    if (at_left < at_right) {
      high = right;
      right = left;
      at_right = at_left;
      left = high - golden * (high - low);
      at_left = function(left);
    } else {
      low = left;
      left = right;
      at_left = at_right;
      right = low + golden * (high - low);
      at_right = function(right);
    }
  }
  return (low + high) / 2;
}

/// Over -kReach..kReach. The likelihood of a mixture can have several valleys in a scale: the
/// deepest is looked for on a grid first.
template <typename Function>
double minimise(const Function& function) {
  double best = -kReach;
  double smallest = function(best);
  for (double at = -kReach + kStep; at <= kReach; at += kStep) {
    const double value = function(at);
    if (value < smallest) {
      smallest = value;
      best = at;
    }
  }
  return narrow(function, std::max(-kReach, best - kStep), std::min(kReach, best + kStep));
}

}  // namespace

// One scale at a time, in turns, without derivatives: two scales on a thousand cells take a second
// or two, once a training.
Calibration fit_calibration(const LabelledMaps& maps, CapeScales scales) {
  const auto loss = [&](double a, double w) {
    return measure(cape_probabilities(maps, {scales.t1 + a, scales.t2 + w})).nll;
  };
  Calibration best;
  constexpr int kRounds = 12;
  for (int round = 0; round < kRounds; ++round) {
    const double a = minimise([&](double value) { return loss(value, best.w); });
    const double w = minimise([&](double value) { return loss(a, value); });
    const double change = std::max(std::abs(a - best.a), std::abs(w - best.w));
    best = {a, w};
    if (change < 2 * kTolerance) break;
  }
  // A network of one position, or flat class means, has no say in w: leave it as trained.
  if (loss(best.a, 0) <= loss(best.a, best.w) + 1e-12) best.w = 0;
  return best;
}

double rejection_threshold(const Probabilities& probabilities) {
  constexpr double kRejectedShare = 0.02;
  constexpr double kMajority = 0.5;
  std::vector<double> right;
  for (std::size_t i = 0; i < probabilities.cells(); ++i) {
    const auto row = probabilities.row(i);
    const auto called = called_class(row);
    if (static_cast<std::int64_t>(called) == probabilities.labels[i]) right.push_back(row[called]);
  }
  if (right.empty()) return 0;
  std::sort(right.begin(), right.end());
  const auto rank = static_cast<std::size_t>(kRejectedShare * static_cast<double>(right.size()));
  return std::min(right[rank], kMajority);
}

}  // namespace cytocape::detail
