#pragma once

/// Shapes of cells and nuclei as signed distances in um (negative inside), and the noise that
/// roughens and mottles them. Approximate distances: true near the outline, where they matter.

#include <array>
#include <cmath>
#include <opencv2/core.hpp>
#include <vector>

#include "pipeline/phantom/random.hpp"

namespace cytocape::phantom {

/// The square a cell is drawn on; its middle is the origin of all shapes.
struct Ground {
  double edge_um = 24;
  double um_per_px = 0.1;
  [[nodiscard]] int pixels() const { return static_cast<int>(std::lround(edge_um / um_per_px)); }
};

/// A closed outline about `centre`: an ellipse bent by a few low harmonics.
struct Outline {
  cv::Point2d centre;            ///< um
  double radius = 4;             ///< um, mean
  double elongation = 1;         ///< long axis over short axis
  double angle = 0;              ///< of the long axis
  std::array<double, 4> bend{};  ///< share of the radius, harmonics 2..5
  std::array<double, 4> phase{};
};

/// `irregularity` is the typical bend: 0.01 a red cell, 0.05 a monocyte.
[[nodiscard]] Outline random_outline(Random& random, double radius, double irregularity);

/// A rod with round ends; a disc when both ends are one point.
struct Rod {
  cv::Point2d from;  ///< um
  cv::Point2d to;
  double half_width = 0.3;  ///< um
};

[[nodiscard]] cv::Mat distance_to(const Ground& ground, const Outline& outline);
/// The union of all, melted together over about `melt` um.
[[nodiscard]] cv::Mat distance_to(const Ground& ground, const std::vector<Outline>& outlines,
                                  double melt);
[[nodiscard]] cv::Mat distance_to(const Ground& ground, const std::vector<Rod>& rods, double melt);
/// Melts two distances into the distance of the union. With a negated `b` and result: cuts b out.
[[nodiscard]] cv::Mat melted(const cv::Mat& a, const cv::Mat& b, double melt);

/// 1 inside, 0 outside, a smooth step of `soft` um between. CV_32F.
[[nodiscard]] cv::Mat coverage(const cv::Mat& distance, double soft);

/// Smooth noise with mean 0 and deviation near 1; features of about `grain` um. CV_32F.
[[nodiscard]] cv::Mat noise(const Ground& ground, Random& random, double grain);

}  // namespace cytocape::phantom
