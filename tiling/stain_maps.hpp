#pragma once

/// The planes that the finder looks at, one value a pixel of the window. All values are whole
/// numbers held as float, below 2^24: exact, so equal in every window that holds their support.

#include <opencv2/core.hpp>

#include "io/geometry.hpp"
#include "io/image.hpp"
#include "tiling/locate.hpp"

namespace cytocape {

struct StainMaps {
  cv::Mat nuclear;   ///< CV_32F, nuclear channel in thousandths
  cv::Mat stain;     ///< CV_32F, 0 (none) .. 255 (surely nuclear), see kSoft in stain_maps.cpp
  cv::Mat material;  ///< CV_8U, 1 where it looks like nucleus or cytoplasm of a nucleated cell
  cv::Mat solid;     ///< CV_8U, 1 where anything is stained: neither glass nor a gap
  cv::Mat touch;     ///< CV_32F, stain smoothed just enough to forget noise
  cv::Mat fine;      ///< CV_32F, stain smoothed to the size of a lobe
  cv::Mat strength;  ///< CV_32F, twice fine plus stain smoothed to the size of a cell
  bool any_stain = false;  ///< the smoothed planes are empty where there is none
};

inline constexpr double kTouchSigmaUm = 0.7;
inline constexpr double kFineSigmaUm = 1.8;
inline constexpr double kCoarseSigmaUm = 3.8;
inline constexpr double kKernelReach = 2.5;  ///< sigmas, where the kernels are cut off
/// What a smoothed plane has in the middle of a wide nucleus.
inline constexpr float kFullStain = 255.0F * 128 * 128;

[[nodiscard]] StainMaps stain_maps(const Image& pixels, Mpp mpp, const StainProfile& profile);

}  // namespace cytocape
