#include "models/engine/explanation_figures.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "models/cape/explanation.hpp"

namespace cytocape {
namespace {

constexpr double kRegion = 0.2;  ///< of a map's maximum, for mIoU

/// The indices of the largest and the second largest value; the first where several are.
std::pair<int, int> top_two(std::span<const double> row) {
  const auto first = std::max_element(row.begin(), row.end()) - row.begin();
  std::ptrdiff_t second = first == 0 && row.size() > 1 ? 1 : 0;
  for (std::ptrdiff_t i = 0; i < std::ssize(row); ++i)
    if (i != first && row[static_cast<std::size_t>(i)] > row[static_cast<std::size_t>(second)])
      second = i;
  return {static_cast<int>(first), static_cast<int>(second)};
}

/// 0 everywhere for a map that is the same everywhere.
std::vector<double> normalised(std::vector<double> map) {
  const auto [low, high] = std::minmax_element(map.begin(), map.end());
  const double from = *low;
  const double range = *high - *low;
  for (double& value : map) value = range > 0 ? (value - from) / range : 0;
  return map;
}

/// Pearson's; 0 where either has no variance.
double correlation(std::span<const double> a, std::span<const double> b) {
  const auto n = static_cast<double>(a.size());
  const double mean_a = std::accumulate(a.begin(), a.end(), 0.0) / n;
  const double mean_b = std::accumulate(b.begin(), b.end(), 0.0) / n;
  double ab = 0;
  double aa = 0;
  double bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - mean_a) * (b[i] - mean_b);
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
  }
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0;
}

std::optional<double> overlap_of(std::span<const double> a, std::span<const double> b) {
  const double limit_a = kRegion * *std::max_element(a.begin(), a.end());
  const double limit_b = kRegion * *std::max_element(b.begin(), b.end());
  if (!(limit_a > 0 && limit_b > 0)) return std::nullopt;
  double both = 0;
  double either = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    both += a[i] > limit_a && b[i] > limit_b ? 1 : 0;
    either += a[i] > limit_a || b[i] > limit_b ? 1 : 0;
  }
  return both / either;
}

/// A batch under measurement: the crops and what the network says of them.
struct Batch {
  const Classifier& classifier;
  std::span<const std::uint8_t> crops;
  std::int64_t count;
  ClassLogits logits;

  [[nodiscard]] std::size_t crop_bytes() const {
    return crops.size() / static_cast<std::size_t>(count);
  }
};

/// Writes crop k with `map` multiplied in.
void multiply_in(const Batch& batch, std::size_t k, const cv::Mat& map, std::uint8_t* out) {
  const auto& mean = batch.classifier.card().mean;
  const auto crop = batch.crops.subspan(k * batch.crop_bytes(), batch.crop_bytes());
  for (int y = 0, i = 0; y < map.rows; ++y) {
    const auto* row = map.ptr<double>(y);
    for (int x = 0; x < map.cols; ++x) {
      for (std::size_t c = 0; c < 3; ++c, ++i) {
        const double colour = 255 * mean[c];
        const double pixel = crop[static_cast<std::size_t>(i)];
        out[i] = cv::saturate_cast<std::uint8_t>(colour + (pixel - colour) * row[x]);
      }
    }
  }
}

/// One kind of map of a whole batch: called classes, maps, and both masked batches.
struct Masked {
  std::vector<int> called;
  std::vector<std::vector<double>> maps;  ///< normalised
  std::vector<std::uint8_t> kept;
  std::vector<std::uint8_t> deleted;
};

Masked mask_batch(const Batch& batch, MapKind kind, std::vector<CropFigures>& figures) {
  const auto scales = batch.classifier.scales();
  const int px = batch.classifier.card().input_px;
  Masked masked;
  masked.kept.resize(batch.crops.size());
  masked.deleted.resize(batch.crops.size());
  for (std::int64_t k = 0; k < batch.count; ++k) {
    const auto at = static_cast<std::size_t>(k);
    auto& own = figures[at][static_cast<std::size_t>(kind)];
    const auto prediction = prediction_of(kind, batch.logits, k, scales);
    const auto [first, second] = top_two(prediction);
    const auto map = class_map_of(kind, batch.logits, k, first, scales);
    own.confidence = prediction[static_cast<std::size_t>(first)];
    own.overlap = overlap_of(map, class_map_of(kind, batch.logits, k, second, scales));
    masked.called.push_back(first);
    masked.maps.push_back(normalised(map));
    auto& shown = masked.maps.back();
    own.flat = std::all_of(shown.begin(), shown.end(), [](double value) { return value == 0; });
    const cv::Mat coarse(batch.logits.height, batch.logits.width, CV_64F, shown.data());
    cv::Mat fine;
    cv::resize(coarse, fine, cv::Size(px, px), 0, 0, cv::INTER_LINEAR);
    own.complexity = cv::mean(fine)[0];
    multiply_in(batch, at, fine, masked.kept.data() + at * batch.crop_bytes());
    multiply_in(batch, at, 1 - fine, masked.deleted.data() + at * batch.crop_bytes());
  }
  return masked;
}

void measure(const Batch& batch, MapKind kind, std::vector<CropFigures>& figures) {
  const auto scales = batch.classifier.scales();
  const auto masked = mask_batch(batch, kind, figures);
  const auto kept = batch.classifier.logits(masked.kept, batch.count);
  const auto deleted = batch.classifier.logits(masked.deleted, batch.count);
  for (std::int64_t k = 0; k < batch.count; ++k) {
    const auto at = static_cast<std::size_t>(k);
    auto& own = figures[at][static_cast<std::size_t>(kind)];
    const auto called = static_cast<std::size_t>(masked.called[at]);
    own.kept = prediction_of(kind, kept, k, scales)[called];
    own.deleted = prediction_of(kind, deleted, k, scales)[called];
    const auto again = normalised(class_map_of(kind, kept, k, masked.called[at], scales));
    own.coherency = (correlation(masked.maps[at], again) + 1) / 2;
  }
}

}  // namespace

const char* to_string(MapKind kind) {
  switch (kind) {
    case MapKind::cam:
      return "CAM";
    case MapKind::cape:
      return "CAPE";
    case MapKind::mu_cape:
      return "mu-CAPE";
  }
  return "";
}

std::vector<double> prediction_of(MapKind kind, const ClassLogits& logits, std::int64_t crop,
                                  CapeScales scales) {
  if (kind == MapKind::cam) return ordinary_of(logits, crop);
  const auto map = cape_of(logits, crop, scales);
  const auto classes = static_cast<std::size_t>(logits.classes);
  const auto positions = map.size() / classes;
  std::vector<double> row(classes);
  for (std::size_t c = 0; c < classes; ++c) {
    const auto begin = map.begin() + static_cast<std::ptrdiff_t>(c * positions);
    row[c] = std::accumulate(begin, begin + static_cast<std::ptrdiff_t>(positions), 0.0);
  }
  return row;
}

std::vector<double> class_map_of(MapKind kind, const ClassLogits& logits, std::int64_t crop,
                                 int label, CapeScales scales) {
  if (kind == MapKind::cam) return cam_of(logits, crop, label);
  if (kind == MapKind::mu_cape) return mu_cape_of(logits, crop, label, scales);
  const auto all = cape_of(logits, crop, scales);
  const auto positions = static_cast<std::ptrdiff_t>(all.size()) / logits.classes;
  return {all.begin() + label * positions, all.begin() + (label + 1) * positions};
}

std::vector<CropFigures> measure_maps(const Classifier& classifier,
                                      std::span<const std::uint8_t> crops, std::int64_t count) {
  const Batch batch{classifier, crops, count, classifier.logits(crops, count)};
  std::vector<CropFigures> figures(static_cast<std::size_t>(count));
  for (const MapKind kind : kMapKinds) measure(batch, kind, figures);
  return figures;
}

ExplanationFigures summarise(std::span<const CropFigures> crops, MapKind kind) {
  ExplanationFigures sum;
  for (const auto& crop : crops) {
    const auto& own = crop[static_cast<std::size_t>(kind)];
    ++sum.crops;
    sum.flat += own.flat ? 1 : 0;
    sum.average_drop += std::max(own.confidence - own.kept, 0.0) / own.confidence;
    sum.increase_in_confidence += own.kept > own.confidence ? 1 : 0;
    sum.average_drop_in_deletion += std::max(own.confidence - own.deleted, 0.0) / own.confidence;
    sum.coherency += own.coherency;
    sum.complexity += own.complexity;
    sum.overlaps += own.overlap ? 1 : 0;
    sum.miou += own.overlap.value_or(0);
  }
  if (sum.crops == 0) return sum;
  const auto n = static_cast<double>(sum.crops);
  for (double* mean : {&sum.average_drop, &sum.increase_in_confidence,
                       &sum.average_drop_in_deletion, &sum.coherency, &sum.complexity})
    *mean /= n;
  if (sum.overlaps > 0) sum.miou /= static_cast<double>(sum.overlaps);
  // A harmonic mean: 0 as soon as one of the three is.
  const double worst = std::min({sum.coherency, 1 - sum.complexity, 1 - sum.average_drop});
  if (worst > 0)
    sum.adcc = 3 / (1 / sum.coherency + 1 / (1 - sum.complexity) + 1 / (1 - sum.average_drop));
  return sum;
}

}  // namespace cytocape
