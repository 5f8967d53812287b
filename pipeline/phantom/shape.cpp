#include "pipeline/phantom/shape.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace cytocape::phantom {
namespace {

/// The polynomial smooth minimum (Quilez): equals min(a, b) where they differ by `melt` or more.
float smooth_min(float a, float b, float melt) {
  if (melt <= 0) return std::min(a, b);
  const float h = std::max(melt - std::abs(a - b), 0.0F) / melt;
  return std::min(a, b) - h * h * melt * 0.25F;
}

/// Fills a ground by a function of the position in um.
template <class Function>
cv::Mat filled(const Ground& ground, Function&& function) {
  const int n = ground.pixels();
  cv::Mat out(n, n, CV_32F);
  for (int y = 0; y < n; ++y) {
    auto* row = out.ptr<float>(y);
    for (int x = 0; x < n; ++x) {
      row[x] = static_cast<float>(
          function((x + 0.5 - n * 0.5) * ground.um_per_px, (y + 0.5 - n * 0.5) * ground.um_per_px));
    }
  }
  return out;
}

/// An outline with its angles' sines and cosines, so that a pixel costs no trigonometry.
struct PreparedOutline {
  explicit PreparedOutline(const Outline& shape)
      : outline(shape),
        c(std::cos(shape.angle)),
        s(std::sin(shape.angle)),
        stretch(std::sqrt(shape.elongation)) {
    for (std::size_t k = 0; k < shape.bend.size(); ++k) {
      even[k] = shape.bend[k] * std::cos(shape.phase[k]);
      odd[k] = -shape.bend[k] * std::sin(shape.phase[k]);
    }
  }
  Outline outline;
  double c, s, stretch;
  std::array<double, 4> even{}, odd{};
};

double distance_at(const PreparedOutline& shape, double x, double y) {
  const double dx = x - shape.outline.centre.x;
  const double dy = y - shape.outline.centre.y;
  const double u = (shape.c * dx + shape.s * dy) / shape.stretch;
  const double v = (shape.c * dy - shape.s * dx) * shape.stretch;
  const double away = std::sqrt(u * u + v * v);
  const double radius = shape.outline.radius;
  // Far from the outline its bends do not matter.
  if (std::abs(away - radius) > 0.5 * radius + 2) return away - radius;
  const double cos1 = away > 0 ? u / away : 1;
  const double sin1 = away > 0 ? v / away : 0;
  double cosk = cos1, sink = sin1, bend = 0;
  for (std::size_t k = 0; k < shape.even.size(); ++k) {
    const double next = cosk * cos1 - sink * sin1;
    sink = sink * cos1 + cosk * sin1;
    cosk = next;
    bend += shape.even[k] * cosk + shape.odd[k] * sink;
  }
  return away - radius * (1 + bend);
}

double distance_at(const Rod& rod, double x, double y) {
  const double ax = rod.to.x - rod.from.x;
  const double ay = rod.to.y - rod.from.y;
  const double length = ax * ax + ay * ay;
  const double along =
      length < 1e-12
          ? 0
          : std::clamp(((x - rod.from.x) * ax + (y - rod.from.y) * ay) / length, 0.0, 1.0);
  const double ex = x - rod.from.x - along * ax;
  const double ey = y - rod.from.y - along * ay;
  return std::sqrt(ex * ex + ey * ey) - rod.half_width;
}

template <class Shape>
cv::Mat distance_to_all(const Ground& ground, const std::vector<Shape>& shapes, double melt) {
  return filled(ground, [&](double x, double y) {
    float nearest = 1e3F;
    for (const auto& shape : shapes) {
      nearest = smooth_min(nearest, static_cast<float>(distance_at(shape, x, y)),
                           static_cast<float>(melt));
    }
    return nearest;
  });
}

}  // namespace

Outline random_outline(Random& random, double radius, double irregularity) {
  Outline outline;
  outline.radius = radius;
  outline.angle = random.angle();
  outline.elongation = 1 + std::abs(random.normal()) * irregularity * 2;
  for (std::size_t k = 0; k < outline.bend.size(); ++k) {
    outline.bend[k] = random.normal() * irregularity / static_cast<double>(k + 1);
    outline.phase[k] = random.angle();
  }
  return outline;
}

cv::Mat distance_to(const Ground& ground, const Outline& outline) {
  const PreparedOutline prepared(outline);
  return filled(ground, [&](double x, double y) { return distance_at(prepared, x, y); });
}

cv::Mat distance_to(const Ground& ground, const std::vector<Outline>& outlines, double melt) {
  const std::vector<PreparedOutline> prepared(outlines.begin(), outlines.end());
  return distance_to_all(ground, prepared, melt);
}

cv::Mat distance_to(const Ground& ground, const std::vector<Rod>& rods, double melt) {
  return distance_to_all(ground, rods, melt);
}

cv::Mat melted(const cv::Mat& a, const cv::Mat& b, double melt) {
  cv::Mat out(a.size(), CV_32F);
  for (int y = 0; y < a.rows; ++y) {
    for (int x = 0; x < a.cols; ++x) {
      out.at<float>(y, x) =
          smooth_min(a.at<float>(y, x), b.at<float>(y, x), static_cast<float>(melt));
    }
  }
  return out;
}

cv::Mat coverage(const cv::Mat& distance, double soft) {
  cv::Mat out = 0.5 - distance / soft;
  cv::min(out, 1.0, out);
  cv::max(out, 0.0, out);
  return out.mul(out).mul(3 - 2 * out);
}

cv::Mat noise(const Ground& ground, Random& random, double grain) {
  const int cells = std::max(2, static_cast<int>(std::ceil(ground.edge_um / grain)) + 1);
  cv::Mat coarse(cells, cells, CV_32F);
  for (int y = 0; y < cells; ++y) {
    for (int x = 0; x < cells; ++x) {
      // Uniform numbers of deviation 1.4: cubic interpolation takes about a third of it away.
      coarse.at<float>(y, x) = static_cast<float>(random.uniform(-2.4, 2.4));
    }
  }
  cv::Mat out;
  cv::resize(coarse, out, cv::Size(ground.pixels(), ground.pixels()), 0, 0, cv::INTER_CUBIC);
  return out;
}

}  // namespace cytocape::phantom
