#pragma once

/// Strokes that the drawings of cells share.

#include <opencv2/core.hpp>

#include "pipeline/phantom/shape.hpp"
#include "pipeline/phantom/sprite.hpp"

namespace cytocape::phantom {

/// Replaces `density` by `paint` times `texture` where `cover` is 1.
void lay(cv::Mat& density, const cv::Mat& cover, const Density& paint, const cv::Mat& texture);

struct Granules {
  double per_um2 = 0;
  double radius_um = 0.15;  ///< of each, about
  double strength = 0.5;    ///< of `paint` at a granule's middle; varies by half of it
  Density paint{0, 0, 0};
};
/// Adds round spots where `cover` is above one half.
void sprinkle(cv::Mat& density, const cv::Mat& cover, const Granules& granules, Random& random);

/// Takes stain away in `count` round holes of 0.3 .. 0.7 um within `cover`.
void pierce(cv::Mat& density, const cv::Mat& cover, int count, Random& random);

/// The lens: blurs by about 0.13 um.
void soften(cv::Mat& density);

/// Centre of mass of `cover` in pixels; the drawing's middle when it is empty.
[[nodiscard]] cv::Point2d mass_centre(const cv::Mat& cover);

}  // namespace cytocape::phantom
