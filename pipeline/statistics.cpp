#include "pipeline/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace cytocape {

std::optional<Interval> wilson95(std::uint64_t count, std::uint64_t total) {
  if (total == 0) return std::nullopt;
  constexpr double z = 1.959963984540054;
  const double n = static_cast<double>(total);
  const double p = static_cast<double>(count) / n;
  const double centre = (p + z * z / (2 * n)) / (1 + z * z / n);
  const double half = z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  // The ends are exact there in theory, but not in floating point.
  return Interval{count == 0 ? 0.0 : centre - half, count == total ? 1.0 : centre + half};
}

std::vector<double> corrected_fractions(const std::vector<std::uint64_t>& called,
                                        const std::vector<std::vector<std::int64_t>>& confusion) {
  const auto classes = called.size();
  const auto total = std::accumulate(called.begin(), called.end(), std::uint64_t{0});
  if (total == 0 || confusion.size() != classes) return {};

  std::vector<std::vector<double>> rate(classes, std::vector<double>(classes));
  for (std::size_t t = 0; t < classes; ++t) {
    const auto row = std::accumulate(confusion[t].begin(), confusion[t].end(), std::int64_t{0});
    if (row <= 0 || confusion[t].size() != classes) return {};
    for (std::size_t c = 0; c < classes; ++c)
      rate[t][c] = static_cast<double>(confusion[t][c]) / static_cast<double>(row);
  }

  std::vector<double> fraction(classes, 1.0 / static_cast<double>(classes));
  for (int step = 0; step < 2000; ++step) {
    std::vector<double> next(classes, 0.0);
    double explained = 0;
    for (std::size_t c = 0; c < classes; ++c) {
      if (called[c] == 0) continue;
      double likelihood = 0;
      for (std::size_t t = 0; t < classes; ++t) likelihood += fraction[t] * rate[t][c];
      // A class that validation never saw called cannot be explained by any mixture.
      if (likelihood <= 0) return {};
      explained += static_cast<double>(called[c]);
      for (std::size_t t = 0; t < classes; ++t)
        next[t] += static_cast<double>(called[c]) * fraction[t] * rate[t][c] / likelihood;
    }
    double moved = 0;
    for (std::size_t t = 0; t < classes; ++t) {
      next[t] /= explained;
      moved += std::abs(next[t] - fraction[t]);
    }
    fraction = std::move(next);
    if (moved < 1e-12) break;
  }
  return fraction;
}

}  // namespace cytocape
