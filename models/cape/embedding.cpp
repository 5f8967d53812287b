#include "models/cape/embedding.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace cytocape::detail {
namespace {

constexpr double kStrangeShare = 0.05;
constexpr int kSlideCells = 100;
/// Of slides that a model made for them is not to be refused for.
constexpr double kSlideRisk = 1e-3;

/// In eight sums side by side: one alone would wait for every addition.
double dot(std::span<const double> a, const float* b) {
  constexpr std::size_t kLanes = 8;
  std::array<double, kLanes> sums{};
  const std::size_t whole = a.size() / kLanes * kLanes;
  for (std::size_t i = 0; i < whole; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) sums[lane] += a[i + lane] * b[i + lane];
  }
  double sum = 0;
  for (const double lane : sums) sum += lane;
  for (std::size_t i = whole; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// Smallest count that a sample of `cells`, each strange with `share`, exceeds in at most `risk`.
int binomial_limit(int cells, double share, double risk) {
  double probability = std::pow(1 - share, cells);
  double below = probability;
  int count = 0;
  while (count < cells && 1 - below > risk) {
    probability *= (cells - count) * share / ((count + 1) * (1 - share));
    below += probability;
    ++count;
  }
  return count;
}

}  // namespace

double residual_of(const EmbeddingStatistics& statistics, std::span<const float> embedding) {
  const std::size_t features = statistics.features();
  std::vector<double> offset(features);
  double total = 0;
  for (std::size_t i = 0; i < features; ++i) {
    offset[i] = static_cast<double>(embedding[i]) - statistics.mean[i];
    total += offset[i] * offset[i];
  }
  if (total == 0) return 0;
  double along = 0;
  for (std::size_t row = 0; row < statistics.directions.size(); row += features) {
    const double part = dot(offset, statistics.directions.data() + row);
    along += part * part;
  }
  const double outside = std::max(0.0, total - along);  // below 0 by rounding alone
  return statistics.kind == Residual::distance ? outside : std::min(1.0, outside / total);
}

double strangeness(const EmbeddingStatistics& statistics, std::span<const float> embedding) {
  return residual_of(statistics, embedding) / statistics.residual;
}

double strange_threshold(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto rank = std::ceil((1 - kStrangeShare) * static_cast<double>(values.size()));
  return values[static_cast<std::size_t>(rank) - 1];
}

double strange_share_limit(std::size_t cells) {
  constexpr double kZ = 1.6449;  // one-sided 95 %
  const auto n = static_cast<double>(cells);
  const double middle = kStrangeShare + kZ * kZ / (2 * n);
  const double half =
      kZ * std::sqrt(kStrangeShare * (1 - kStrangeShare) / n + kZ * kZ / (4 * n * n));
  const double share = (middle + half) / (1 + kZ * kZ / n);
  return static_cast<double>(binomial_limit(kSlideCells, share, kSlideRisk)) / kSlideCells;
}

}  // namespace cytocape::detail

namespace cytocape {

double strange_share_limit_of(double limit, std::size_t cells) {
  if (cells == 0 || cells >= detail::kSlideCells) return limit;
  const auto allowed = static_cast<int>(std::lround(limit * detail::kSlideCells));
  double low = 0;
  double high = limit;
  for (int step = 0; step < 40; ++step) {
    const double middle = (low + high) / 2;
    (detail::binomial_limit(detail::kSlideCells, middle, detail::kSlideRisk) < allowed ? low
                                                                                       : high) =
        middle;
  }
  const auto few = static_cast<int>(cells);
  return std::max(limit,
                  static_cast<double>(detail::binomial_limit(few, high, detail::kSlideRisk)) / few);
}

}  // namespace cytocape
