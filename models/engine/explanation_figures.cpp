#include "models/engine/explanation_figures.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "models/engine/shown_crops.hpp"

namespace cytocape {
namespace detail {

ShownCrops::ShownCrops(const Classifier& network, std::span<const std::uint8_t> all,
                       std::int64_t many)
    : classifier(network),
      crops(all),
      count(many),
      logits(network.logits(all, many)),
      scales(map_scales(network)) {}

std::pair<int, int> ShownCrops::top_two(MapKind kind, std::int64_t k) const {
  const auto row = prediction_of(kind, logits, k, scales);
  const auto first = std::max_element(row.begin(), row.end()) - row.begin();
  std::ptrdiff_t second = first == 0 && row.size() > 1 ? 1 : 0;
  for (std::ptrdiff_t i = 0; i < std::ssize(row); ++i)
    if (i != first && row[static_cast<std::size_t>(i)] > row[static_cast<std::size_t>(second)])
      second = i;
  return {static_cast<int>(first), static_cast<int>(second)};
}

std::vector<double> normalised(std::vector<double> map) {
  const auto [low, high] = std::minmax_element(map.begin(), map.end());
  const double from = *low;
  const double range = *high - *low;
  for (double& value : map) value = range > 0 ? (value - from) / range : 0;
  return map;
}

cv::Mat enlarged(const std::vector<double>& map, const ShownCrops& shown) {
  // OpenCV has no view of const data; nothing here writes through it.
  const cv::Mat coarse(shown.logits.height, shown.logits.width, CV_64F,
                       const_cast<double*>(map.data()));
  const int px = shown.classifier.card().input_px;
  cv::Mat fine;
  cv::resize(coarse, fine, cv::Size(px, px), 0, 0, cv::INTER_LINEAR);
  return fine;
}

}  // namespace detail

namespace {

using detail::enlarged;
using detail::normalised;
using detail::ShownCrops;

constexpr double kRegion = 0.2;  ///< of a map's maximum, for mIoU

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

bool is_flat(std::span<const double> normalised_map) {
  return std::all_of(normalised_map.begin(), normalised_map.end(),
                     [](double value) { return value == 0; });
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

/// Writes crop k with `map` multiplied in.
void multiply_in(const ShownCrops& shown, std::int64_t k, const cv::Mat& map, std::uint8_t* out) {
  const auto& mean = shown.classifier.card().mean;
  const auto crop = shown.crop(k);
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

/// One kind of map of a whole batch: maps, and both masked batches.
struct Masked {
  std::vector<std::vector<double>> maps;  ///< normalised
  std::vector<std::uint8_t> kept;
  std::vector<std::uint8_t> deleted;
};

Masked mask_batch(const ShownCrops& shown, MapKind kind, std::vector<CropFigures>& figures) {
  Masked masked;
  masked.kept.resize(shown.crops.size());
  masked.deleted.resize(shown.crops.size());
  for (std::int64_t k = 0; k < shown.count; ++k) {
    const auto at = static_cast<std::size_t>(k);
    auto& own = figures[at][static_cast<std::size_t>(kind)];
    const auto [first, second] = shown.top_two(kind, k);
    const auto map = class_map_of(kind, shown.logits, k, first, shown.scales);
    own.called = first;
    own.confidence =
        prediction_of(kind, shown.logits, k, shown.scales)[static_cast<std::size_t>(first)];
    own.overlap = overlap_of(map, class_map_of(kind, shown.logits, k, second, shown.scales));
    masked.maps.push_back(normalised(map));
    own.flat = is_flat(masked.maps.back());
    const cv::Mat fine = enlarged(masked.maps.back(), shown);
    own.complexity = cv::mean(fine)[0];
    multiply_in(shown, k, fine, masked.kept.data() + at * shown.crop_bytes());
    multiply_in(shown, k, 1 - fine, masked.deleted.data() + at * shown.crop_bytes());
  }
  return masked;
}

std::span<const double> values_of(const cv::Mat& map) {
  return {map.ptr<double>(), map.total()};
}

void measure(const ShownCrops& shown, MapKind kind, bool curves,
             std::vector<CropFigures>& figures) {
  const auto masked = mask_batch(shown, kind, figures);
  const auto kept = shown.classifier.logits(masked.kept, shown.count);
  const auto deleted = shown.classifier.logits(masked.deleted, shown.count);
  const auto all_curves = curves ? detail::curves_of(shown, kind) : std::vector<MapCurves>();
  for (std::int64_t k = 0; k < shown.count; ++k) {
    const auto at = static_cast<std::size_t>(k);
    auto& own = figures[at][static_cast<std::size_t>(kind)];
    const auto called = static_cast<std::size_t>(own.called);
    own.kept = prediction_of(kind, kept, k, shown.scales)[called];
    own.deleted = prediction_of(kind, deleted, k, shown.scales)[called];
    const auto again = normalised(class_map_of(kind, kept, k, own.called, shown.scales));
    own.coherency = (correlation(masked.maps[at], again) + 1) / 2;
    if (!own.flat && !is_flat(again)) {
      const auto before = enlarged(masked.maps[at], shown);
      const auto after = enlarged(again, shown);
      own.coherency_enlarged = (correlation(values_of(before), values_of(after)) + 1) / 2;
    }
    if (curves) own.curves = all_curves[at];
  }
}

/// 0 as soon as one of the three is.
double harmonic_mean(double coherency, double complexity, double drop) {
  const double worst = std::min({coherency, 1 - complexity, 1 - drop});
  return worst > 0 ? 3 / (1 / coherency + 1 / (1 - complexity) + 1 / (1 - drop)) : 0;
}

void add_curves(std::optional<MapCurves>& sum, const MapCurves& own) {
  if (!sum) sum.emplace();
  sum->deletion += own.deletion;
  sum->insertion += own.insertion;
  sum->road += own.road;
}

}  // namespace

MapScales map_scales(const Classifier& classifier) {
  const auto used = classifier.scales();
  const auto& card = classifier.card();
  return {.used = used,
          .learned = {.t1 = used.t1 - card.calibration_a, .t2 = used.t2 - card.calibration_w}};
}

double MapFigures::drop() const {
  return std::max(confidence - kept, 0.0) / confidence;
}

double MapFigures::drop_in_deletion() const {
  return std::max(confidence - deleted, 0.0) / confidence;
}

double MapFigures::adcc() const {
  return harmonic_mean(coherency_enlarged, complexity, drop());
}

std::vector<CropFigures> measure_maps(const Classifier& classifier,
                                      std::span<const std::uint8_t> crops, std::int64_t count,
                                      bool curves) {
  const ShownCrops shown(classifier, crops, count);
  std::vector<CropFigures> figures(static_cast<std::size_t>(count));
  const bool calibrated = shown.scales.calibrated();
  for (const MapKind kind : distinct_kinds(calibrated)) measure(shown, kind, curves, figures);
  if (calibrated) return figures;
  const auto at = [](MapKind kind) { return static_cast<std::size_t>(kind); };
  for (auto& own : figures) {
    own[at(MapKind::cape_learned)] = own[at(MapKind::cape)];
    own[at(MapKind::mu_cape_learned)] = own[at(MapKind::mu_cape)];
  }
  return figures;
}

ExplanationFigures summarise(std::span<const CropFigures> crops, MapKind kind) {
  ExplanationFigures sum;
  for (const auto& crop : crops) {
    const auto& own = crop[static_cast<std::size_t>(kind)];
    ++sum.crops;
    sum.flat += own.flat ? 1 : 0;
    sum.average_drop += own.drop();
    sum.increase_in_confidence += own.kept > own.confidence ? 1 : 0;
    sum.average_drop_in_deletion += own.drop_in_deletion();
    sum.coherency += own.coherency;
    sum.complexity += own.complexity;
    sum.overlaps += own.overlap ? 1 : 0;
    sum.miou += own.overlap.value_or(0);
    sum.coherency_enlarged += own.coherency_enlarged;
    sum.adcc_per_image += own.adcc();
    if (own.curves) add_curves(sum.curves, *own.curves);
  }
  if (sum.crops == 0) return sum;
  const auto n = static_cast<double>(sum.crops);
  for (double* mean :
       {&sum.average_drop, &sum.increase_in_confidence, &sum.average_drop_in_deletion,
        &sum.coherency, &sum.complexity, &sum.coherency_enlarged, &sum.adcc_per_image})
    *mean /= n;
  if (sum.curves)
    for (double* mean : {&sum.curves->deletion, &sum.curves->insertion, &sum.curves->road})
      *mean /= n;
  if (sum.overlaps > 0) sum.miou /= static_cast<double>(sum.overlaps);
  sum.adcc = harmonic_mean(sum.coherency, sum.complexity, sum.average_drop);
  return sum;
}

}  // namespace cytocape
