#include "pipeline/explain/apportion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

namespace cytocape {

std::vector<std::int64_t> apportion(std::span<const double> shares, std::int64_t total) {
  std::vector<std::int64_t> units(shares.size(), 0);
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  if (sum <= 0) {
    units.front() = total;
    return units;
  }
  std::vector<double> rest(shares.size());
  std::int64_t left = total;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double exact = shares[i] / sum * static_cast<double>(total);
    units[i] = static_cast<std::int64_t>(std::floor(exact));
    rest[i] = exact - static_cast<double>(units[i]);
    left -= units[i];
  }
  std::vector<std::size_t> order(shares.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return rest[a] > rest[b]; });
  for (std::size_t k = 0; left > 0; --left, ++k) ++units[order[k % order.size()]];
  return units;
}

std::string tenths(std::int64_t units) {
  return fmt::format("{}{}.{}", units < 0 ? "-" : "", std::abs(units) / 10, std::abs(units) % 10);
}

std::string signed_tenths(std::int64_t units) {
  return fmt::format("{}{}", units > 0 ? "+" : "", tenths(units));
}

}  // namespace cytocape
