#include "tiling/focus.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace cytocape {
namespace {

constexpr double kPatchUm = 24;
// Patches of less contrast (variance of green, grey levels squared) are glass: noise looks sharp.
constexpr double kGlassVariance = 60;
constexpr double kSharpPercentile = 0.8;

struct Figures {
  double variance = 0;
  double detail = 0;
};

Figures figures_of(const Image& image, const FocusRect& rect) {
  const int left = std::max(1, rect.x);
  const int top = std::max(1, rect.y);
  const int right = std::min(image.width() - 1, rect.x + rect.width);
  const int bottom = std::min(image.height() - 1, rect.y + rect.height);
  if (left >= right || top >= bottom) return {};
  std::int64_t sum = 0;
  std::int64_t squares = 0;
  std::int64_t laplacians = 0;
  for (int y = top; y < bottom; ++y)
    for (int x = left; x < right; ++x) {
      const int v = image.at(x, y).g;
      const int laplacian = 4 * v - image.at(x - 1, y).g - image.at(x + 1, y).g -
                            image.at(x, y - 1).g - image.at(x, y + 1).g;
      sum += v;
      squares += v * v;
      laplacians += laplacian * laplacian;
    }
  const auto n = static_cast<std::int64_t>(right - left) * (bottom - top);
  // n * squares - sum^2 stays whole: one division, one rounding.
  const double variance = static_cast<double>(n * squares - sum * sum) /
                          (static_cast<double>(n) * static_cast<double>(n));
  return {variance, static_cast<double>(laplacians) / static_cast<double>(n)};
}

void add_patches(const Image& image, const FocusRect& rect, Mpp mpp, std::vector<double>& values) {
  const int width = std::max(4, static_cast<int>(std::lround(kPatchUm / mpp.x)));
  const int height = std::max(4, static_cast<int>(std::lround(kPatchUm / mpp.y)));
  for (int y = rect.y; y + height <= rect.y + rect.height; y += height)
    for (int x = rect.x; x + width <= rect.x + rect.width; x += width) {
      const Figures f = figures_of(image, {x, y, width, height});
      if (f.variance >= kGlassVariance) values.push_back(f.detail / f.variance);
    }
}

double percentile(std::vector<double>& values, double share, double none) {
  if (values.empty()) return none;
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

}  // namespace

double local_focus(const Image& image, const FocusRect& rect) {
  const Figures f = figures_of(image, rect);
  return f.variance > 0 ? f.detail / f.variance : 0;
}

double focus_percentile(const Image& image, const FocusRect& rect, Mpp mpp, double share) {
  std::vector<double> values;
  add_patches(image, rect, mpp, values);
  return percentile(values, share, std::numeric_limits<double>::quiet_NaN());
}

double focus_reference(std::span<const Image> samples, Mpp mpp) {
  std::vector<double> values;
  for (const Image& image : samples)
    add_patches(image, {0, 0, image.width(), image.height()}, mpp, values);
  return percentile(values, kSharpPercentile, 0);
}

}  // namespace cytocape
