#include "pipeline/statistics/method_comparison.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "pipeline/statistics/normal.hpp"

namespace cytocape {
namespace {

/// P(|T| <= t), by the finite series for whole degrees of freedom (Abramowitz and
/// Stegun 26.7.3, 26.7.4).
double within(double t, std::size_t degrees) {
  const double nu = static_cast<double>(degrees);
  const double angle = std::atan(t / std::sqrt(nu));
  const double cos2 = std::cos(angle) * std::cos(angle);
  const bool odd = degrees % 2 == 1;
  double term = odd ? std::cos(angle) : 1, sum = 0;
  for (std::size_t k = odd ? 1 : 0; k + 2 <= degrees; k += 2) {
    sum += term;
    term *= cos2 * static_cast<double>(k + 1) / static_cast<double>(k + 2);
  }
  return odd ? 2 / std::numbers::pi * (angle + std::sin(angle) * sum) : std::sin(angle) * sum;
}

double median_of_sorted(const std::vector<double>& sorted) {
  const auto middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/// Between all pairs, sorted; -1 and pairs of the same point say nothing.
std::vector<double> slopes_between(const std::vector<MeasuredPair>& pairs) {
  std::vector<double> slopes;
  slopes.reserve(pairs.size() * (pairs.size() - 1) / 2);
  for (std::size_t i = 0; i < pairs.size(); ++i)
    for (std::size_t j = i + 1; j < pairs.size(); ++j) {
      const double dx = pairs[j].reference - pairs[i].reference;
      const double dy = pairs[j].measured - pairs[i].measured;
      if (dx == 0 && dy == 0) continue;
      const double slope =
          dx == 0 ? std::copysign(std::numeric_limits<double>::infinity(), dy) : dy / dx;
      if (slope != -1) slopes.push_back(slope);
    }
  std::sort(slopes.begin(), slopes.end());
  return slopes;
}

double intercept_at(const std::vector<MeasuredPair>& pairs, double slope) {
  std::vector<double> rest;
  for (const auto& pair : pairs) rest.push_back(pair.measured - slope * pair.reference);
  std::sort(rest.begin(), rest.end());
  return median_of_sorted(rest);
}

struct Margins {
  double total = 0;
  std::vector<double> rows, columns;
};

Margins margins_of(const std::vector<std::vector<std::int64_t>>& counts) {
  Margins found{.rows = std::vector<double>(counts.size()),
                .columns = std::vector<double>(counts.size())};
  for (std::size_t i = 0; i < counts.size(); ++i)
    for (std::size_t j = 0; j < counts.size(); ++j) {
      const auto count = static_cast<double>(counts[i][j]);
      found.total += count;
      found.rows[i] += count;
      found.columns[j] += count;
    }
  return found;
}

}  // namespace

double student_t95(std::size_t degrees) {
  constexpr int kSteps = 60;
  double low = 0, high = 13;  // 12.706 with one degree of freedom is the largest
  for (int step = 0; step < kSteps; ++step) {
    const double middle = (low + high) / 2;
    (within(middle, degrees) < 0.95 ? low : high) = middle;
  }
  return (low + high) / 2;
}

std::optional<BlandAltman> bland_altman(const std::vector<MeasuredPair>& pairs) {
  if (pairs.size() < 3) return std::nullopt;
  const auto n = static_cast<double>(pairs.size());
  double sum = 0, squares = 0;
  for (const auto& pair : pairs) sum += pair.measured - pair.reference;
  const double bias = sum / n;
  for (const auto& pair : pairs) {
    const double off = pair.measured - pair.reference - bias;
    squares += off * off;
  }
  BlandAltman found{.bias = bias, .deviation = std::sqrt(squares / (n - 1))};
  const double t = student_t95(pairs.size() - 1);
  const double of_bias = t * found.deviation / std::sqrt(n);
  const double of_limit = t * found.deviation * std::sqrt(1 / n + kZ95 * kZ95 / (2 * (n - 1)));
  found.bias95 = {bias - of_bias, bias + of_bias};
  found.limits = {bias - kZ95 * found.deviation, bias + kZ95 * found.deviation};
  found.low95 = {found.limits.low - of_limit, found.limits.low + of_limit};
  found.high95 = {found.limits.high - of_limit, found.limits.high + of_limit};
  return found;
}

std::optional<PassingBablok> passing_bablok(const std::vector<MeasuredPair>& pairs) {
  constexpr std::size_t kFewest = 10;
  if (pairs.size() < kFewest || pairs.size() > kMostPassingBablokPairs) return std::nullopt;
  const auto slopes = slopes_between(pairs);
  const auto shift = std::lower_bound(slopes.begin(), slopes.end(), -1.0) - slopes.begin();
  const auto count = static_cast<std::ptrdiff_t>(slopes.size());
  const auto n = static_cast<double>(pairs.size());
  const double half = kZ95 * std::sqrt(n * (n - 1) * (2 * n + 5) / 18);
  // Ranks from 1, as in the paper.
  const auto low =
      static_cast<std::ptrdiff_t>(std::lround((static_cast<double>(count) - half) / 2));
  const auto high = count - low + 1;
  if (low < 1 || high + shift > count) return std::nullopt;
  const auto at = [&](std::ptrdiff_t rank) { return slopes[static_cast<std::size_t>(rank - 1)]; };
  const auto middle = count / 2 + shift;
  PassingBablok found{.slope = count % 2 == 1 ? at(middle + 1) : (at(middle) + at(middle + 1)) / 2,
                      .slope95 = {at(low + shift), at(high + shift)}};
  if (!std::isfinite(found.slope95.low) || !std::isfinite(found.slope95.high)) return std::nullopt;
  found.intercept = intercept_at(pairs, found.slope);
  found.intercept95 = {intercept_at(pairs, found.slope95.high),
                       intercept_at(pairs, found.slope95.low)};
  return found;
}

std::optional<Kappa> cohen_kappa(const std::vector<std::vector<std::int64_t>>& counts) {
  const auto [total, rows, columns] = margins_of(counts);
  constexpr double kFewest = 10;
  if (total < kFewest) return std::nullopt;
  double observed = 0, expected = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    observed += static_cast<double>(counts[i][i]) / total;
    expected += rows[i] * columns[i] / (total * total);
  }
  if (expected >= 1) return std::nullopt;
  const double kappa = (observed - expected) / (1 - expected);
  double spread = 0;
  for (std::size_t i = 0; i < counts.size(); ++i)
    for (std::size_t j = 0; j < counts.size(); ++j) {
      const double share = static_cast<double>(counts[i][j]) / total;
      const double margin = i == j ? 1 - (rows[i] + columns[i]) / total * (1 - kappa)
                                   : (columns[i] + rows[j]) / total * (1 - kappa);
      spread += share * margin * margin;
    }
  const double off = kappa - expected * (1 - kappa);
  const double error = std::sqrt(std::max(0.0, spread - off * off) / total) / (1 - expected);
  return Kappa{
      .value = kappa,
      .interval = {std::max(-1.0, kappa - kZ95 * error), std::min(1.0, kappa + kZ95 * error)},
      .agreement = observed};
}

}  // namespace cytocape
