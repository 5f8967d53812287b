#include "tiling/crop.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace cytocape {
namespace {

// A level a hair coarser than the model (0.2501 for 0.25) is still the right one to read.
constexpr double kScaleTolerance = 1.01;

/// One axis of the crop on the level's pixel grid.
struct Span {
  double begin;  ///< level pixels, position of the crop's first edge
  double step;   ///< level pixels a crop pixel spans
  int count;     ///< crop pixels
};

/// What one output pixel takes from the source: weights of `first`, `first` + 1, ..
struct Taps {
  std::int64_t first = 0;
  std::vector<float> weight;
};

/// Shrinking: the share of the output pixel that each source pixel covers. Enlarging: the two
/// source pixels whose centres enclose the output pixel's centre.
Taps taps_of(const Span& span, int i) {
  Taps taps;
  if (span.step < 1) {
    const double centre = span.begin + (i + 0.5) * span.step - 0.5;
    taps.first = static_cast<std::int64_t>(std::floor(centre));
    const auto right = static_cast<float>(centre - std::floor(centre));
    taps.weight = {1 - right, right};
    return taps;
  }
  const double from = span.begin + i * span.step;
  const double to = from + span.step;
  taps.first = static_cast<std::int64_t>(std::floor(from));
  for (std::int64_t p = taps.first; static_cast<double>(p) < to - 1e-9; ++p) {
    const double covered =
        std::min(to, static_cast<double>(p) + 1) - std::max(from, static_cast<double>(p));
    taps.weight.push_back(static_cast<float>(std::max(0.0, covered) / span.step));
  }
  return taps;
}

std::vector<Taps> all_taps(const Span& span) {
  std::vector<Taps> all;
  all.reserve(static_cast<std::size_t>(span.count));
  for (int i = 0; i < span.count; ++i) all.push_back(taps_of(span, i));
  return all;
}

std::int64_t end_of(const std::vector<Taps>& taps) {
  return taps.back().first + static_cast<std::int64_t>(taps.back().weight.size());
}

std::vector<float> resample_rows(const Image& source, std::int64_t origin,
                                 const std::vector<Taps>& taps) {
  const std::size_t width = taps.size() * 3;
  std::vector<float> out(width * static_cast<std::size_t>(source.height()));
  for (int y = 0; y < source.height(); ++y) {
    float* to = out.data() + width * static_cast<std::size_t>(y);
    for (const Taps& t : taps) {
      const std::uint8_t* from = source.row(y) + (t.first - origin) * 3;
      for (const float w : t.weight)
        for (std::size_t c = 0; c < 3; ++c) to[c] += w * static_cast<float>(*from++);
      to += 3;
    }
  }
  return out;
}

Image resample_columns(const std::vector<float>& rows, std::int64_t origin,
                       const std::vector<Taps>& taps) {
  const int edge = static_cast<int>(taps.size());
  Image out(edge, edge);
  const std::size_t width = out.stride();
  std::vector<float> sum(width);
  for (int y = 0; y < edge; ++y) {
    const Taps& t = taps[static_cast<std::size_t>(y)];
    std::fill(sum.begin(), sum.end(), 0.5F);  // rounds to nearest below
    const float* from = rows.data() + static_cast<std::size_t>(t.first - origin) * width;
    for (const float w : t.weight)
      for (std::size_t i = 0; i < width; ++i) sum[i] += w * *from++;
    std::transform(sum.begin(), sum.end(), out.row(y),
                   [](float v) { return static_cast<std::uint8_t>(std::clamp(v, 0.0F, 255.0F)); });
  }
  return out;
}

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
  const auto xs = all_taps({centre.x / d.x - spec.input_px * step_x / 2, step_x, spec.input_px});
  const auto ys = all_taps({centre.y / d.y - spec.input_px * step_y / 2, step_y, spec.input_px});
  const LevelRect rect{xs.front().first, ys.front().first, end_of(xs) - xs.front().first,
                       end_of(ys) - ys.front().first};
  const Image source = slide.read(static_cast<int>(level), rect);
  return resample_columns(resample_rows(source, rect.x, xs), rect.y, ys);
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
