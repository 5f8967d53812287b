#include "models/engine/map_curves.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <opencv2/imgproc.hpp>

#include "io/random.hpp"
#include "models/cape/linear_imputation.hpp"
#include "models/engine/shown_crops.hpp"

namespace cytocape::detail {
namespace {

constexpr std::array kRemovedShares{0.2, 0.4, 0.6, 0.8};
/// ROAD's authors add noise of 0.01 to normalised pixels, whose deviation is 1: some 0.6 grey
/// levels at ImageNet's.
constexpr double kImputationNoise = 0.6;
constexpr double kBlur = 5.0 / 224;
constexpr std::uint64_t kTieSeed = 1;

using Bytes = std::vector<std::uint8_t>;

/// All crops of a batch with the pixel orders of one kind of map.
class OrderedPixels {
 public:
  OrderedPixels(const ShownCrops& shown, MapKind kind) : shown_(shown), kind_(kind) {
    for (std::int64_t k = 0; k < shown.count; ++k) {
      const int called = shown.top_two(kind, k).first;
      called_.push_back(called);
      order_.push_back(order_of(
          enlarged(normalised(class_map_of(kind, shown.logits, k, called, shown.scales)), shown)));
    }
  }

  [[nodiscard]] std::size_t pixels() const { return shown_.crop_bytes() / 3; }
  [[nodiscard]] const std::vector<std::uint32_t>& order(std::int64_t k) const {
    return order_[static_cast<std::size_t>(k)];
  }

  /// The called classes' probabilities on `crops`.
  [[nodiscard]] std::vector<double> opinion(const Bytes& crops) const {
    const auto logits = shown_.classifier.logits(crops, shown_.count);
    std::vector<double> p;
    for (std::int64_t k = 0; k < shown_.count; ++k)
      p.push_back(prediction_of(
          kind_, logits, k,
          shown_.scales)[static_cast<std::size_t>(called_[static_cast<std::size_t>(k)])]);
    return p;
  }

 private:
  static std::vector<std::uint32_t> order_of(const cv::Mat& map) {
    std::vector<std::uint32_t> order(map.total());
    std::iota(order.begin(), order.end(), 0U);
    SplitMix64 random(kTieSeed);
    shuffle(order, random);
    const auto* value = map.ptr<double>();
    std::stable_sort(order.begin(), order.end(),
                     [value](std::uint32_t a, std::uint32_t b) { return value[a] > value[b]; });
    return order;
  }

  const ShownCrops& shown_;
  MapKind kind_;
  std::vector<int> called_;
  std::vector<std::vector<std::uint32_t>> order_;
};

/// The area under each crop's curve while its pixels are replaced, from `from` to `to`.
std::vector<double> areas(const ShownCrops& shown, const OrderedPixels& ordered, Bytes from,
                          const Bytes& to) {
  std::vector<double> area(static_cast<std::size_t>(shown.count));
  std::size_t done = 0;
  for (int step = 0; step <= kCurveSteps; ++step) {
    const auto until = ordered.pixels() * static_cast<std::size_t>(step) / kCurveSteps;
    for (std::int64_t k = 0; k < shown.count; ++k) {
      const auto first = static_cast<std::size_t>(k) * shown.crop_bytes();
      for (std::size_t i = done; i < until; ++i) {
        const auto at = first + 3 * std::size_t{ordered.order(k)[i]};
        std::copy_n(to.begin() + static_cast<std::ptrdiff_t>(at), 3,
                    from.begin() + static_cast<std::ptrdiff_t>(at));
      }
    }
    done = until;
    const auto p = ordered.opinion(from);
    const double weight = step == 0 || step == kCurveSteps ? 0.5 : 1;
    for (std::size_t k = 0; k < p.size(); ++k) area[k] += weight * p[k] / kCurveSteps;
  }
  return area;
}

Bytes of_mean_colour(const ShownCrops& shown) {
  const auto& mean = shown.classifier.card().mean;
  Bytes all(shown.crops.size());
  for (std::size_t i = 0; i < all.size(); ++i)
    all[i] = static_cast<std::uint8_t>(std::lround(255 * mean[i % 3]));
  return all;
}

Bytes blurred(const ShownCrops& shown) {
  Bytes all(shown.crops.begin(), shown.crops.end());
  const int px = shown.classifier.card().input_px;
  for (std::int64_t k = 0; k < shown.count; ++k) {
    cv::Mat crop(px, px, CV_8UC3, all.data() + static_cast<std::size_t>(k) * shown.crop_bytes());
    cv::GaussianBlur(crop, crop, {}, std::max(0.5, kBlur * px));
  }
  return all;
}

/// The crops without `share` of their pixels, the most or the least important ones.
Bytes imputed(const ShownCrops& shown, const OrderedPixels& ordered, double share, bool most) {
  Bytes all(shown.crops.begin(), shown.crops.end());
  const int px = shown.classifier.card().input_px;
  const auto removed =
      static_cast<std::size_t>(std::lround(share * static_cast<double>(ordered.pixels())));
  for (std::int64_t k = 0; k < shown.count; ++k) {
    const auto& order = ordered.order(k);
    Bytes kept(ordered.pixels(), 1);
    for (std::size_t i = 0; i < removed; ++i)
      kept[most ? order[i] : order[order.size() - 1 - i]] = 0;
    impute_linearly(std::span(all).subspan(static_cast<std::size_t>(k) * shown.crop_bytes(),
                                           shown.crop_bytes()),
                    {px, px}, kept, kImputationNoise, kTieSeed);
  }
  return all;
}

}  // namespace

std::vector<MapCurves> curves_of(const ShownCrops& shown, MapKind kind) {
  const OrderedPixels ordered(shown, kind);
  const Bytes whole(shown.crops.begin(), shown.crops.end());
  const auto deletion = areas(shown, ordered, whole, of_mean_colour(shown));
  const auto insertion = areas(shown, ordered, blurred(shown), whole);
  std::vector<MapCurves> curves(static_cast<std::size_t>(shown.count));
  for (std::size_t k = 0; k < curves.size(); ++k)
    curves[k] = {.deletion = deletion[k], .insertion = insertion[k], .road = 0};
  for (const double share : kRemovedShares) {
    const auto without_least = ordered.opinion(imputed(shown, ordered, share, false));
    const auto without_most = ordered.opinion(imputed(shown, ordered, share, true));
    for (std::size_t k = 0; k < curves.size(); ++k)
      curves[k].road += (without_least[k] - without_most[k]) / 2 / kRemovedShares.size();
  }
  return curves;
}

}  // namespace cytocape::detail
