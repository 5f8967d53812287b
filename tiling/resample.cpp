#include "tiling/resample.hpp"

#include <algorithm>
#include <cmath>

namespace cytocape {
namespace {

using Taps = Resampler::Taps;

/// Shrinking: the share of the output pixel that each source pixel covers. Enlarging: the two
/// source pixels whose centres enclose the output pixel's centre.
Taps taps_of(const ResampleAxis& axis, int i) {
  Taps taps;
  if (axis.step < 1) {
    const double centre = axis.begin + (i + 0.5) * axis.step - 0.5;
    taps.first = static_cast<std::int64_t>(std::floor(centre));
    const auto right = static_cast<float>(centre - std::floor(centre));
    taps.weight = {1 - right, right};
    return taps;
  }
  const double from = axis.begin + i * axis.step;
  const double to = from + axis.step;
  taps.first = static_cast<std::int64_t>(std::floor(from));
  for (std::int64_t p = taps.first; static_cast<double>(p) < to - 1e-9; ++p) {
    const double covered =
        std::min(to, static_cast<double>(p) + 1) - std::max(from, static_cast<double>(p));
    taps.weight.push_back(static_cast<float>(std::max(0.0, covered) / axis.step));
  }
  return taps;
}

std::vector<Taps> all_taps(const ResampleAxis& axis) {
  std::vector<Taps> all;
  all.reserve(static_cast<std::size_t>(axis.count));
  for (int i = 0; i < axis.count; ++i) all.push_back(taps_of(axis, i));
  return all;
}

std::int64_t end_of(const std::vector<Taps>& taps) {
  return taps.back().first + static_cast<std::int64_t>(taps.back().weight.size());
}

std::vector<float> resample_rows(const Image& source, const std::vector<Taps>& taps) {
  const std::int64_t origin = taps.front().first;
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

Image resample_columns(const std::vector<float>& rows, int columns, const std::vector<Taps>& taps) {
  const std::int64_t origin = taps.front().first;
  Image out(columns, static_cast<int>(taps.size()));
  const std::size_t width = out.stride();
  std::vector<float> sum(width);
  for (int y = 0; y < out.height(); ++y) {
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

}  // namespace

Resampler::Resampler(const ResampleAxis& x, const ResampleAxis& y)
    : columns_(all_taps(x)), rows_(all_taps(y)) {}

Resampler::Source Resampler::source() const {
  const auto left = columns_.front().first;
  const auto top = rows_.front().first;
  return {.x = left, .y = top, .width = end_of(columns_) - left, .height = end_of(rows_) - top};
}

Image Resampler::apply(const Image& pixels) const {
  return resample_columns(resample_rows(pixels, columns_), static_cast<int>(columns_.size()),
                          rows_);
}

}  // namespace cytocape
