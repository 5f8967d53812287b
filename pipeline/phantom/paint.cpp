#include "pipeline/phantom/paint.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "pipeline/phantom/draw.hpp"

namespace cytocape::phantom {
namespace {

/// Adds `amount` of `paint`, falling off as a bell of width `radius` (pixels).
void add_spot(cv::Mat& density, cv::Point2d at, double radius, const Density& paint) {
  const int reach = static_cast<int>(std::ceil(radius * 2.2));
  const auto cx = static_cast<int>(at.x);
  const auto cy = static_cast<int>(at.y);
  for (int y = std::max(0, cy - reach); y <= std::min(density.rows - 1, cy + reach); ++y) {
    auto* row = density.ptr<Density>(y);
    for (int x = std::max(0, cx - reach); x <= std::min(density.cols - 1, cx + reach); ++x) {
      const double dx = (x + 0.5 - at.x) / radius;
      const double dy = (y + 0.5 - at.y) / radius;
      // The fourth power gives a flat middle and an edge: a granule, not a haze.
      const double d2 = dx * dx + dy * dy;
      row[x] += paint * static_cast<float>(std::exp(-0.7 * d2 * d2));
    }
  }
}

cv::Point2d random_point(const cv::Mat& cover, Random& random) {
  return {random.uniform(0, cover.cols), random.uniform(0, cover.rows)};
}

bool covered(const cv::Mat& cover, cv::Point2d at) {
  return cover.at<float>(std::min(cover.rows - 1, static_cast<int>(at.y)),
                         std::min(cover.cols - 1, static_cast<int>(at.x))) > 0.5F;
}

}  // namespace

void lay(cv::Mat& density, const cv::Mat& cover, const Density& paint, const cv::Mat& texture) {
  for (int y = 0; y < density.rows; ++y) {
    auto* row = density.ptr<Density>(y);
    const auto* c = cover.ptr<float>(y);
    const auto* t = texture.ptr<float>(y);
    for (int x = 0; x < density.cols; ++x) {
      if (c[x] > 0) row[x] = row[x] * (1 - c[x]) + paint * (c[x] * std::max(0.0F, t[x]));
    }
  }
}

void sprinkle(cv::Mat& density, const cv::Mat& cover, const Granules& granules, Random& random) {
  const double ground_um2 = cover.cols * cover.rows * kDrawingMpp * kDrawingMpp;
  const int tries = static_cast<int>(granules.per_um2 * ground_um2);
  for (int i = 0; i < tries; ++i) {
    const auto at = random_point(cover, random);
    const double radius = granules.radius_um * random.uniform(0.7, 1.35) / kDrawingMpp;
    const auto strength = static_cast<float>(granules.strength * random.uniform(0.5, 1.5));
    if (covered(cover, at)) add_spot(density, at, radius, granules.paint * strength);
  }
}

void pierce(cv::Mat& density, const cv::Mat& cover, int count, Random& random) {
  for (int tries = 0; count > 0 && tries < 4000; ++tries) {
    const auto at = random_point(cover, random);
    const double radius = random.uniform(0.3, 0.7) / kDrawingMpp;
    if (!covered(cover, at)) continue;
    --count;
    const auto here = density.at<Density>(static_cast<int>(at.y), static_cast<int>(at.x));
    add_spot(density, at, radius, here * -0.8F);
  }
  cv::max(density, cv::Scalar::all(0), density);
}

void soften(cv::Mat& density) {
  cv::GaussianBlur(density, density, cv::Size(), 0.13 / kDrawingMpp);
}

cv::Point2d mass_centre(const cv::Mat& cover) {
  const auto moments = cv::moments(cover);
  if (moments.m00 <= 0) return {cover.cols * 0.5, cover.rows * 0.5};
  return {moments.m10 / moments.m00 + 0.5, moments.m01 / moments.m00 + 0.5};
}

}  // namespace cytocape::phantom
