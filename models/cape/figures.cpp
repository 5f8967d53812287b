#include "models/cape/figures.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "io/random.hpp"

namespace cytocape {
namespace {

double ratio(double part, double whole) {
  return whole > 0 ? part / whole : 0;
}

double nll_of(std::span<const double> row, std::size_t label) {
  return -std::log(std::max(row[label], std::numeric_limits<double>::min()));
}

double brier_of(std::span<const double> row, std::size_t label) {
  double sum = 0;
  for (std::size_t c = 0; c < row.size(); ++c) {
    const double off = row[c] - (c == label ? 1 : 0);
    sum += off * off;
  }
  return sum;
}

/// Of a confusion matrix, row-major.
double macro_f1_of(std::span<const std::int64_t> confusion, std::size_t classes) {
  double sum = 0;
  double classes_met = 0;
  for (std::size_t c = 0; c < classes; ++c) {
    std::int64_t met = 0;
    std::int64_t called = 0;
    for (std::size_t i = 0; i < classes; ++i) {
      met += confusion[c * classes + i];
      called += confusion[i * classes + c];
    }
    if (met == 0) continue;
    classes_met += 1;
    sum += 2 * static_cast<double>(confusion[c * classes + c]) / static_cast<double>(met + called);
  }
  return ratio(sum, classes_met);
}

Interval middle95(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) {
    const double last = static_cast<double>(values.size() - 1);
    return values[static_cast<std::size_t>(std::lround(share * last))];
  };
  return {at(0.025), at(0.975)};
}

}  // namespace

std::size_t called_class(std::span<const double> row) {
  return static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin());
}

Figures measure(const Probabilities& probabilities) {
  const auto classes = static_cast<std::size_t>(probabilities.classes);
  Figures figures;
  figures.confusion.assign(classes, std::vector<std::int64_t>(classes));
  std::vector<std::int64_t> flat(classes * classes);
  std::int64_t right = 0;
  for (std::size_t i = 0; i < probabilities.cells(); ++i) {
    const auto row = probabilities.row(i);
    const auto label = static_cast<std::size_t>(probabilities.labels[i]);
    const std::size_t called = called_class(row);
    ++figures.confusion[label][called];
    ++flat[label * classes + called];
    right += called == label ? 1 : 0;
    figures.nll += nll_of(row, label);
    figures.brier += brier_of(row, label);
  }
  const auto count = static_cast<double>(probabilities.cells());
  figures.accuracy = ratio(static_cast<double>(right), count);
  figures.macro_f1 = macro_f1_of(flat, classes);
  for (const auto& bin : reliability(probabilities)) {
    const auto cells = static_cast<double>(bin.count);
    figures.ece += std::abs(cells * bin.mean_confidence - static_cast<double>(bin.right));
  }
  figures.ece = ratio(figures.ece, count);
  figures.nll = ratio(figures.nll, count);
  figures.brier = ratio(figures.brier, count);
  return figures;
}

ClassTally tally_of(const Figures& figures, std::size_t label) {
  ClassTally tally;
  tally.both = figures.confusion[label][label];
  for (std::size_t i = 0; i < figures.confusion.size(); ++i) {
    tally.met += figures.confusion[label][i];
    tally.called += figures.confusion[i][label];
  }
  return tally;
}

double recall_of(const Figures& figures, std::size_t label) {
  const auto tally = tally_of(figures, label);
  return ratio(static_cast<double>(tally.both), static_cast<double>(tally.met));
}

double precision_of(const Figures& figures, std::size_t label) {
  const auto tally = tally_of(figures, label);
  return ratio(static_cast<double>(tally.both), static_cast<double>(tally.called));
}

std::array<ReliabilityBin, kReliabilityBins> reliability(const Probabilities& probabilities) {
  std::array<ReliabilityBin, kReliabilityBins> bins;
  for (std::size_t i = 0; i < probabilities.cells(); ++i) {
    const auto row = probabilities.row(i);
    const std::size_t called = called_class(row);
    auto& bin = bins[std::min(kReliabilityBins - 1,
                              static_cast<std::size_t>(row[called] * double{kReliabilityBins}))];
    ++bin.count;
    bin.right += static_cast<std::int64_t>(called) == probabilities.labels[i] ? 1 : 0;
    bin.mean_confidence += row[called];
  }
  for (std::size_t b = 0; b < kReliabilityBins; ++b) {
    bins[b].low = static_cast<double>(b) / kReliabilityBins;
    bins[b].high = static_cast<double>(b + 1) / kReliabilityBins;
    bins[b].mean_confidence = ratio(bins[b].mean_confidence, static_cast<double>(bins[b].count));
  }
  return bins;
}

std::vector<CoveragePoint> risk_coverage(const Probabilities& probabilities) {
  const std::size_t cells = probabilities.cells();
  std::vector<double> confidence(cells);
  for (std::size_t i = 0; i < cells; ++i) {
    const auto row = probabilities.row(i);
    confidence[i] = row[called_class(row)];
  }
  std::vector<std::size_t> order(cells);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return confidence[a] > confidence[b]; });
  std::vector<CoveragePoint> curve;
  std::int64_t wrong = 0;
  for (std::size_t k = 0; k < cells; ++k) {
    const std::size_t cell = order[k];
    const auto called = static_cast<std::int64_t>(called_class(probabilities.row(cell)));
    wrong += called == probabilities.labels[cell] ? 0 : 1;
    if (k + 1 < cells && confidence[order[k + 1]] == confidence[cell]) continue;
    const auto kept = static_cast<double>(k + 1);
    curve.push_back({.coverage = kept / static_cast<double>(cells),
                     .risk = static_cast<double>(wrong) / kept,
                     .confidence = confidence[cell]});
  }
  return curve;
}

double area_under(std::span<const CoveragePoint> curve) {
  double sum = 0;
  double before = 0;
  for (const auto& point : curve) {
    sum += point.risk * (point.coverage - before);
    before = point.coverage;
  }
  return sum;
}

FigureIntervals bootstrap95(const Probabilities& probabilities, std::uint64_t seed, int draws) {
  const auto classes = static_cast<std::size_t>(probabilities.classes);
  const std::size_t cells = probabilities.cells();
  // What a drawn cell adds to each figure is worked out once.
  std::vector<std::size_t> place(cells);
  std::vector<double> nll(cells);
  std::vector<double> brier(cells);
  for (std::size_t i = 0; i < cells; ++i) {
    const auto row = probabilities.row(i);
    const auto label = static_cast<std::size_t>(probabilities.labels[i]);
    place[i] = label * classes + called_class(row);
    nll[i] = nll_of(row, label);
    brier[i] = brier_of(row, label);
  }
  detail::SplitMix64 random(seed);
  std::vector<double> drawn_f1;
  std::vector<double> drawn_nll;
  std::vector<double> drawn_brier;
  for (int draw = 0; draw < draws; ++draw) {
    std::vector<std::int64_t> confusion(classes * classes);
    double nll_sum = 0;
    double brier_sum = 0;
    for (std::size_t k = 0; k < cells; ++k) {
      const std::size_t i = random.below(cells);
      ++confusion[place[i]];
      nll_sum += nll[i];
      brier_sum += brier[i];
    }
    drawn_f1.push_back(macro_f1_of(confusion, classes));
    drawn_nll.push_back(nll_sum / static_cast<double>(cells));
    drawn_brier.push_back(brier_sum / static_cast<double>(cells));
  }
  return {middle95(drawn_f1), middle95(drawn_nll), middle95(drawn_brier)};
}

}  // namespace cytocape
