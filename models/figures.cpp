#include "models/detail/figures.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace cytocape::detail {
namespace {

std::size_t called_class(std::span<const double> row) {
  return static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin());
}

double ratio(double part, double whole) {
  return whole > 0 ? part / whole : 0;
}

struct Totals {
  std::int64_t met = 0;
  std::int64_t called = 0;
  std::int64_t both = 0;
};

Totals totals_of(const Figures& figures, std::size_t label) {
  Totals totals;
  totals.both = figures.confusion[label][label];
  for (std::size_t i = 0; i < figures.confusion.size(); ++i) {
    totals.met += figures.confusion[label][i];
    totals.called += figures.confusion[i][label];
  }
  return totals;
}

/// Mean distance between the called class's probability and how often it is right.
class CalibrationBins {
 public:
  void add(double confidence, bool right) {
    const auto bin = std::min(kBins - 1, static_cast<std::size_t>(confidence * double{kBins}));
    confidence_[bin] += confidence;
    right_[bin] += right ? 1 : 0;
    ++count_;
  }
  [[nodiscard]] double error() const {
    double sum = 0;
    for (std::size_t i = 0; i < kBins; ++i) sum += std::abs(confidence_[i] - right_[i]);
    return ratio(sum, static_cast<double>(count_));
  }

 private:
  static constexpr std::size_t kBins = 15;
  std::array<double, kBins> confidence_{};
  std::array<double, kBins> right_{};
  std::size_t count_ = 0;
};

}  // namespace

Probabilities cape_probabilities(const LabelledMaps& maps, CapeScales scales) {
  Probabilities result{maps.classes, {}, maps.labels};
  const auto classes = static_cast<std::size_t>(maps.classes);
  result.value.resize(maps.labels.size() * classes);
  std::vector<double> logits(maps.map_size());
  std::vector<double> map(maps.map_size());
  for (std::size_t i = 0; i < maps.labels.size(); ++i) {
    std::copy_n(maps.logits.begin() + static_cast<std::ptrdiff_t>(i * maps.map_size()),
                maps.map_size(), logits.begin());
    cape_map(logits, maps.classes, maps.positions, scales, map,
             std::span(result.value).subspan(i * classes, classes));
  }
  return result;
}

Probabilities ordinary_probabilities(const LabelledMaps& maps) {
  Probabilities result{maps.classes, {}, maps.labels};
  const auto positions = static_cast<std::size_t>(maps.positions);
  const auto classes = static_cast<std::size_t>(maps.classes);
  for (std::size_t i = 0; i < maps.labels.size(); ++i) {
    std::vector<double> row(classes);
    for (std::size_t c = 0; c < classes; ++c) {
      const float* map = maps.logits.data() + i * maps.map_size() + c * positions;
      for (std::size_t p = 0; p < positions; ++p) row[c] += double{map[p]} / maps.positions;
    }
    const double top = *std::max_element(row.begin(), row.end());
    double sum = 0;
    for (double& value : row) sum += value = std::exp(value - top);
    for (const double value : row) result.value.push_back(value / sum);
  }
  return result;
}

Figures measure(const Probabilities& probabilities) {
  const auto classes = static_cast<std::size_t>(probabilities.classes);
  Figures figures;
  figures.confusion.assign(classes, std::vector<std::int64_t>(classes));
  CalibrationBins bins;
  for (std::size_t i = 0; i < probabilities.labels.size(); ++i) {
    const auto row = std::span(probabilities.value).subspan(i * classes, classes);
    const auto label = static_cast<std::size_t>(probabilities.labels[i]);
    const std::size_t called = called_class(row);
    ++figures.confusion[label][called];
    bins.add(row[called], called == label);
    figures.nll -= std::log(std::max(row[label], std::numeric_limits<double>::min()));
  }
  const auto count = static_cast<double>(probabilities.labels.size());
  for (std::size_t c = 0; c < classes; ++c) {
    const Totals totals = totals_of(figures, c);
    figures.accuracy += ratio(static_cast<double>(totals.both), count);
    figures.macro_f1 += ratio(2 * static_cast<double>(totals.both),
                              static_cast<double>(totals.met + totals.called)) /
                        static_cast<double>(classes);
  }
  figures.ece = bins.error();
  figures.nll = ratio(figures.nll, count);
  return figures;
}

double recall_of(const Figures& figures, std::size_t label) {
  const Totals totals = totals_of(figures, label);
  return ratio(static_cast<double>(totals.both), static_cast<double>(totals.met));
}

double precision_of(const Figures& figures, std::size_t label) {
  const Totals totals = totals_of(figures, label);
  return ratio(static_cast<double>(totals.both), static_cast<double>(totals.called));
}

}  // namespace cytocape::detail
