#include "pipeline/statistics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "io/random.hpp"
#include "pipeline/statistics/normal.hpp"

namespace cytocape {
namespace {

Interval wilson_at(double p, double n) {
  constexpr double z2 = kZ95 * kZ95;
  const double centre = (p + z2 / (2 * n)) / (1 + z2 / n);
  const double half = kZ95 / (1 + z2 / n) * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
  // The ends are exact there in theory, but not in floating point.
  return {p <= 0 ? 0.0 : centre - half, p >= 1 ? 1.0 : centre + half};
}

double odds(double p) {
  return p >= 1 ? std::numeric_limits<double>::infinity() : p / (1 - p);
}

}  // namespace

std::optional<Interval> wilson95(std::uint64_t count, std::uint64_t total) {
  if (total == 0) return std::nullopt;
  const double n = static_cast<double>(total);
  return wilson_at(static_cast<double>(count) / n, n);
}

std::optional<std::uint64_t> cells_to_decide(std::uint64_t count, std::uint64_t total,
                                             double threshold) {
  if (total == 0) return std::nullopt;
  constexpr std::uint64_t kMost = 1'000'000;
  const double p = static_cast<double>(count) / static_cast<double>(total);
  const auto decides = [&](std::uint64_t n) {
    const auto interval = wilson_at(p, static_cast<double>(n));
    return threshold < interval.low || threshold > interval.high;
  };
  if (decides(total)) return total;
  if (!decides(kMost)) return std::nullopt;
  auto low = total;  // does not decide
  auto high = kMost;
  while (high - low > 1) {
    const auto middle = low + (high - low) / 2;
    (decides(middle) ? high : low) = middle;
  }
  return high;
}

double mcnemar_exact(std::uint64_t only_first, std::uint64_t only_second) {
  const auto n = static_cast<double>(only_first + only_second);
  const auto few = std::min(only_first, only_second);
  double tail = 0;
  for (std::uint64_t k = 0; k <= few; ++k) {
    const auto at = static_cast<double>(k);
    tail += std::exp(std::lgamma(n + 1) - std::lgamma(at + 1) - std::lgamma(n - at + 1) -
                     n * std::log(2.0));
  }
  return std::min(1.0, 2 * tail);
}

std::optional<Ratio> ratio95(std::uint64_t above, std::uint64_t below) {
  if (below == 0) return std::nullopt;
  const auto share = wilson95(above, above + below);
  return Ratio{.value = static_cast<double>(above) / static_cast<double>(below),
               .interval = {odds(share->low), odds(share->high)}};
}

namespace {

using Rates = std::vector<std::vector<double>>;

/// Row-normalised; empty where a class has no validation images.
Rates rates_of(const std::vector<std::vector<std::int64_t>>& confusion, std::size_t classes) {
  if (confusion.size() != classes) return {};
  Rates rate(classes, std::vector<double>(classes));
  for (std::size_t t = 0; t < classes; ++t) {
    const auto row = std::accumulate(confusion[t].begin(), confusion[t].end(), std::int64_t{0});
    if (row <= 0 || confusion[t].size() != classes) return {};
    for (std::size_t c = 0; c < classes; ++c)
      rate[t][c] = static_cast<double>(confusion[t][c]) / static_cast<double>(row);
  }
  return rate;
}

/// Expectation maximisation from `fraction` until a step moves less than `tolerance`.
std::vector<double> most_likely(const std::vector<std::uint64_t>& called, const Rates& rate,
                                std::vector<double> fraction, double tolerance) {
  const auto classes = called.size();
  constexpr int kMostSteps = 2000;
  for (int step = 0; step < kMostSteps; ++step) {
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
    if (moved < tolerance) break;
  }
  return fraction;
}

std::vector<double> uniform(std::size_t classes) {
  return std::vector<double>(classes, 1.0 / static_cast<double>(classes));
}

/// As many draws as `counts` has, by its own shares.
std::vector<std::uint64_t> drawn_anew(const std::vector<std::uint64_t>& counts,
                                      detail::SplitMix64& random) {
  std::vector<std::uint64_t> sums(counts.size());
  std::partial_sum(counts.begin(), counts.end(), sums.begin());
  std::vector<std::uint64_t> drawn(counts.size(), 0);
  const auto total = sums.back();
  for (std::uint64_t i = 0; i < total; ++i) {
    const auto at = std::upper_bound(sums.begin(), sums.end(), random.below(total));
    ++drawn[static_cast<std::size_t>(at - sums.begin())];
  }
  return drawn;
}

/// Each row from the Dirichlet distribution that its counts leave (statistics.hpp).
Rates drawn_rates(const std::vector<std::vector<std::int64_t>>& confusion,
                  detail::SplitMix64& random) {
  Rates rates;
  for (const auto& row : confusion) {
    const double prior = 1 / static_cast<double>(row.size());
    auto& rate = rates.emplace_back();
    for (const auto count : row) rate.push_back(random.gamma(static_cast<double>(count) + prior));
    const double sum = std::accumulate(rate.begin(), rate.end(), 0.0);
    for (auto& one : rate) one /= sum;
  }
  return rates;
}

/// Cells of counted classes, by whomever they were named.
std::uint64_t counted_cells(const Called& counts) {
  std::uint64_t sum = 0;
  for (std::size_t c = 0; c < counts.counted.size(); ++c) {
    if (!counts.counted[c]) continue;
    if (c < counts.called.size()) sum += counts.called[c];
    if (c < counts.verified.size()) sum += counts.verified[c];
  }
  return sum;
}

bool is_whole(const std::vector<std::size_t>& group, const std::vector<bool>& counted) {
  for (std::size_t c = 0; c < counted.size(); ++c)
    if (counted[c] && std::find(group.begin(), group.end(), c) == group.end()) return false;
  return true;
}

std::uint64_t sum_of(const std::vector<std::uint64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

/// A sample: what the classifier called, and what a person named.
struct Sample {
  std::vector<std::uint64_t> called;
  std::vector<std::uint64_t> verified;
};

/// As many cells as there are, called and verified ones by their shares.
Sample drawn_anew(const Called& given, detail::SplitMix64& random) {
  auto all = given.called;
  all.insert(all.end(), given.verified.begin(), given.verified.end());
  all = drawn_anew(all, random);
  const auto border = all.begin() + static_cast<std::ptrdiff_t>(given.called.size());
  return {{all.begin(), border}, {border, all.end()}};
}

/// The fractions of the true classes of a sample; empty where what was called cannot be explained.
std::vector<double> mixed(const Sample& sample, const Rates& rate, std::size_t classes,
                          double tolerance) {
  const auto called = sum_of(sample.called);
  const auto total = static_cast<double>(called + sum_of(sample.verified));
  std::vector<double> fraction(classes, 0.0);
  if (called > 0) {
    if (rate.empty()) return {};
    const auto part = most_likely(sample.called, rate, uniform(sample.called.size()), tolerance);
    if (part.empty()) return {};
    for (std::size_t c = 0; c < part.size(); ++c)
      fraction[c] = part[c] * static_cast<double>(called) / total;
  }
  for (std::size_t c = 0; c < sample.verified.size(); ++c)
    fraction[c] += static_cast<double>(sample.verified[c]) / total;
  return fraction;
}

std::vector<double> group_shares(const std::vector<double>& fraction,
                                 const std::vector<bool>& counted,
                                 const std::vector<std::vector<std::size_t>>& groups) {
  double whole = 0;
  for (std::size_t c = 0; c < fraction.size(); ++c)
    if (counted[c]) whole += fraction[c];
  std::vector<double> shares;
  if (whole <= 0) return shares;
  for (const auto& group : groups) {
    double sum = 0;
    for (const auto c : group)
      if (counted.at(c)) sum += fraction.at(c);
    shares.push_back(sum / whole);
  }
  return shares;
}

/// The values that hold the middle 95 %, between neighbours by linear interpolation.
Interval middle95(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto quantile = [&](double share) {
    const double place = share * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const auto above = std::min(below + 1, values.size() - 1);
    return values[below] + (place - static_cast<double>(below)) * (values[above] - values[below]);
  };
  // Expectation maximisation nears 0 and does not reach it.
  constexpr double kNone = 1e-6;
  const double low = quantile(0.025);
  const double high = quantile(0.975);
  return {low < kNone ? 0 : low, high < kNone ? 0 : high};
}

// Separate streams of one seed.
constexpr std::uint64_t kCells = 1;
constexpr std::uint64_t kValidation = 2;

struct Redrawn {
  bool counts = false;
  bool validation = false;
};

/// One interval a group; empty where too few replicates can be solved.
std::vector<Interval> bootstrap_intervals(const Called& given,
                                          const std::vector<std::vector<std::size_t>>& groups,
                                          const Bootstrap& bootstrap, Redrawn redrawn) {
  constexpr double kTolerance = 1e-7;
  // One stream each: the counts drawn are then the same with and without the validation redrawn,
  // and chance does not make the error of both look smaller than that of one.
  detail::SplitMix64 counts_random(detail::mix_seed(bootstrap.seed, kCells));
  detail::SplitMix64 validation_random(detail::mix_seed(bootstrap.seed, kValidation));
  std::vector<std::vector<double>> values(groups.size());
  int solved = 0;
  for (int i = 0; i < bootstrap.replicates; ++i) {
    const auto sample =
        redrawn.counts ? drawn_anew(given, counts_random) : Sample{given.called, given.verified};
    const auto rates = redrawn.validation ? drawn_rates(given.confusion, validation_random)
                                          : rates_of(given.confusion, given.called.size());
    const auto fraction = mixed(sample, rates, given.counted.size(), kTolerance);
    if (fraction.empty()) continue;
    const auto shares = group_shares(fraction, given.counted, groups);
    if (shares.empty()) continue;
    ++solved;
    for (std::size_t g = 0; g < groups.size(); ++g) values[g].push_back(shares[g]);
  }
  std::vector<Interval> intervals;
  if (2 * solved < bootstrap.replicates || solved == 0) return intervals;
  for (auto& group : values) intervals.push_back(middle95(std::move(group)));
  return intervals;
}

}  // namespace

std::vector<double> corrected_fractions(const std::vector<std::uint64_t>& called,
                                        const std::vector<std::vector<std::int64_t>>& confusion) {
  const auto total = std::accumulate(called.begin(), called.end(), std::uint64_t{0});
  const auto rate = rates_of(confusion, called.size());
  if (total == 0 || rate.empty()) return {};
  return most_likely(called, rate, uniform(called.size()), 1e-12);
}

std::vector<double> corrected_fractions(const Called& counts) {
  if (sum_of(counts.called) + sum_of(counts.verified) == 0 ||
      counts.counted.size() != std::max(counts.called.size(), counts.verified.size()))
    return {};
  return mixed({counts.called, counts.verified}, rates_of(counts.confusion, counts.called.size()),
               counts.counted.size(), 1e-12);
}

std::vector<CorrectedShare> corrected_shares(const Called& counts,
                                             const std::vector<std::vector<std::size_t>>& groups,
                                             const Bootstrap& bootstrap) {
  const auto fraction = corrected_fractions(counts);
  if (fraction.empty()) return {};
  const auto shares = group_shares(fraction, counts.counted, groups);
  const auto draw = [&](Redrawn redrawn) {
    return bootstrap_intervals(counts, groups, bootstrap, redrawn);
  };
  const auto sampling = draw({.counts = true, .validation = false});
  const auto classifier = draw({.counts = false, .validation = true});
  const auto both = draw({.counts = true, .validation = true});
  if (shares.empty() || sampling.empty() || classifier.empty() || both.empty()) return {};
  const auto total = static_cast<double>(counted_cells(counts));
  const bool all_verified = sum_of(counts.called) == 0;
  std::vector<CorrectedShare> result;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const Interval point{shares[g], shares[g]};
    // The whole is the whole, whatever is drawn.
    const auto least =
        total > 0 && !is_whole(groups[g], counts.counted) ? wilson_at(shares[g], total) : point;
    // Where nothing is left to correct, the share has one interval.
    result.push_back({.value = shares[g],
                      .sampling = all_verified ? least : hull(sampling[g], least),
                      .classifier = hull(classifier[g], point),
                      .both = all_verified ? least : hull(both[g], least)});
  }
  return result;
}

}  // namespace cytocape
