#include "tiling/crop.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "tiling/resample.hpp"

namespace cytocape {
namespace {

// A level a hair coarser than the model (0.2501 for 0.25) is still the right one to read.
constexpr double kScaleTolerance = 1.01;

std::size_t level_for(const SlideInfo& slide, double mpp) {
  std::size_t chosen = 0;
  for (std::size_t i = 1; i < slide.levels.size(); ++i) {
    const Downsample d = slide.levels[i].downsample;
    if (std::max(slide.mpp.x * d.x, slide.mpp.y * d.y) <= mpp * kScaleTolerance) chosen = i;
  }
  return chosen;
}

}  // namespace

Level0Rect crop_extent(const SlideInfo& slide, const CropSpec& spec, Level0Point centre) {
  const double half_x = spec.input_px * spec.mpp / slide.mpp.x / 2;
  const double half_y = spec.input_px * spec.mpp / slide.mpp.y / 2;
  const auto left = static_cast<std::int64_t>(std::floor(centre.x - half_x));
  const auto top = static_cast<std::int64_t>(std::floor(centre.y - half_y));
  return {left, top, static_cast<std::int64_t>(std::ceil(centre.x + half_x)) - left,
          static_cast<std::int64_t>(std::ceil(centre.y + half_y)) - top};
}

Image read_crop(const Slide& slide, const CropSpec& spec, Level0Point centre) {
  const SlideInfo& info = slide.info();
  const std::size_t level = level_for(info, spec.mpp);
  const Downsample d = info.levels.at(level).downsample;
  const double step_x = spec.mpp / (info.mpp.x * d.x);
  const double step_y = spec.mpp / (info.mpp.y * d.y);
  const Resampler resampler({.begin = centre.x / d.x - spec.input_px * step_x / 2,
                             .step = step_x,
                             .count = spec.input_px},
                            {.begin = centre.y / d.y - spec.input_px * step_y / 2,
                             .step = step_y,
                             .count = spec.input_px});
  const auto source = resampler.source();
  return resampler.apply(
      slide.read(static_cast<int>(level), {source.x, source.y, source.width, source.height}));
}

double crop_focus(const Image& crop) {
  if (crop.empty()) return 0;
  // OpenCV has no const view; the pixels are only read.
  const cv::Mat rgb(crop.height(), crop.width(), CV_8UC3, const_cast<std::uint8_t*>(crop.row(0)),
                    crop.stride());
  cv::Mat luminance;
  cv::cvtColor(rgb, luminance, cv::COLOR_RGB2GRAY);
  cv::Mat laplacian;
  cv::Laplacian(luminance, laplacian, CV_16S, 1);
  cv::Scalar mean;
  cv::Scalar contrast;
  cv::Scalar detail;
  cv::meanStdDev(luminance, mean, contrast);
  cv::meanStdDev(laplacian, mean, detail);
  const double variance = contrast[0] * contrast[0];
  return variance > 0 ? detail[0] * detail[0] / variance : 0;
}

}  // namespace cytocape
