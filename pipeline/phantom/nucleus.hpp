#pragma once

/// Shapes of nuclei, as distances in um about the middle of the cell.

#include <opencv2/core.hpp>

#include "pipeline/phantom/shape.hpp"

namespace cytocape::phantom {

/// Draws one nucleus for a cell of `cell_radius` um.
using NucleusShape = cv::Mat (*)(const Ground& ground, Random& random, double cell_radius);

/// Three to five lobes, seldom two, strung on an arc by threads.
[[nodiscard]] cv::Mat segmented_nucleus(const Ground& ground, Random& random, double cell_radius);
/// A bent sausage of even width.
[[nodiscard]] cv::Mat band_nucleus(const Ground& ground, Random& random, double cell_radius);
/// Two plump lobes, seldom three, on a short bridge.
[[nodiscard]] cv::Mat two_lobed_nucleus(const Ground& ground, Random& random, double cell_radius);
/// Ill-defined, about half of the cell.
[[nodiscard]] cv::Mat blurred_nucleus(const Ground& ground, Random& random, double cell_radius);
/// Round, leaving a thin rim, sometimes notched.
[[nodiscard]] cv::Mat lymphoid_nucleus(const Ground& ground, Random& random, double cell_radius);
/// Large; folded, kidney- or horseshoe-shaped.
[[nodiscard]] cv::Mat folded_nucleus(const Ground& ground, Random& random, double cell_radius);
/// Round or oval, filling most of the cell.
[[nodiscard]] cv::Mat blast_nucleus(const Ground& ground, Random& random, double cell_radius);
/// Small, round, a little out of the middle.
[[nodiscard]] cv::Mat normoblast_nucleus(const Ground& ground, Random& random, double cell_radius);
/// Oval and out of the middle, about half of the cell.
[[nodiscard]] cv::Mat eccentric_nucleus(const Ground& ground, Random& random, double cell_radius);
/// Kidney-shaped: dented by less than half of its width.
[[nodiscard]] cv::Mat dented_nucleus(const Ground& ground, Random& random, double cell_radius);

}  // namespace cytocape::phantom
