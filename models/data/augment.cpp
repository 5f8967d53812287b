#include "models/data/augment.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "io/random.hpp"
#include "tiling/resample.hpp"

namespace cytocape {
namespace {

// OpenCV has no view of const data; nothing here writes through it.
cv::Mat view(const Image& image) {
  return {image.height(), image.width(), CV_8UC3, const_cast<std::uint8_t*>(image.row(0)),
          image.stride()};
}

/// Where `places` counted from `first` lie on an axis of `length` pixels that is mirrored at its
/// ends.
std::vector<std::size_t> mirrored(std::int64_t first, std::int64_t places, int length) {
  std::vector<std::size_t> all;
  for (std::int64_t i = 0; i < places; ++i)
    all.push_back(static_cast<std::size_t>(
        cv::borderInterpolate(static_cast<int>(first + i), length, cv::BORDER_REFLECT_101)));
  return all;
}

/// A part of `image`, mirrored at its edges, resampled.
Image cut(const Image& image, const ResampleAxis& x, const ResampleAxis& y) {
  const Resampler resampler(x, y);
  const auto source = resampler.source();
  const bool whole = source.x == 0 && source.y == 0 && source.width == image.width() &&
                     source.height == image.height();
  if (whole) return resampler.apply(image);
  const auto columns = mirrored(source.x, source.width, image.width());
  const auto rows = mirrored(source.y, source.height, image.height());
  Image pixels(static_cast<int>(source.width), static_cast<int>(source.height));
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto* from = image.row(static_cast<int>(rows[row]));
    auto* to = pixels.row(static_cast<int>(row));
    for (const std::size_t column : columns) to = std::copy_n(from + 3 * column, 3, to);
  }
  return resampler.apply(pixels);
}

struct Variation {
  double angle = 0;  ///< radians
  bool flip = false;
  double scale = 1;
  double shift_x = 0;  ///< of the crop's edge
  double shift_y = 0;
  std::array<double, 3> gain{1, 1, 1};
  double contrast = 1;
  double saturation = 1;
};

// Every number is drawn whatever the options say: switching one variation off leaves the others
// as they were.
Variation draw(const AugmentOptions& options, std::uint64_t seed) {
  detail::SplitMix64 random(seed);
  Variation v;
  const double angle = random.uniform(0, 2 * std::numbers::pi);
  const bool flip = random.uniform() < 0.5;
  if (options.rotate) v.angle = angle;
  if (options.flip) v.flip = flip;
  v.scale = std::exp(random.uniform(std::log(options.scale_min), std::log(options.scale_max)));
  v.shift_x = random.uniform(-options.shift, options.shift);
  v.shift_y = random.uniform(-options.shift, options.shift);
  const auto around_one = [&random](double reach) { return 1 + random.uniform(-reach, reach); };
  const double brightness = around_one(options.brightness);
  for (double& gain : v.gain) gain = brightness * around_one(options.channel_gain);
  v.contrast = around_one(options.contrast);
  v.saturation = around_one(options.saturation);
  return v;
}

/// From crop pixels to picture pixels. With u in -0.5..0.5 across the crop and pixel centres at
/// whole coordinates: source = centre + R(angle) * flip * (u - shift) * edge / scale.
cv::Matx23d warp_of(const Variation& v, const CellPicture& picture, int edge_px) {
  const double span = picture.crop_edge / v.scale;
  const double step = span / edge_px;
  const double cosine = std::cos(v.angle);
  const double sine = std::sin(v.angle);
  const double mirror = v.flip ? -1 : 1;
  const double xx = cosine * mirror;
  const double xy = -sine;
  const double yx = sine * mirror;
  const double yy = cosine;
  const double u0 = (0.5 / edge_px - 0.5 - v.shift_x) * span;
  const double v0 = (0.5 / edge_px - 0.5 - v.shift_y) * span;
  const double centre_x = picture.centre_x - 0.5;
  const double centre_y = picture.centre_y - 0.5;
  return {xx * step, xy * step, centre_x + xx * u0 + xy * v0,
          yx * step, yy * step, centre_y + yx * u0 + yy * v0};
}

/// Gain, contrast and saturation are linear in RGB: one 3 x 4 matrix, applied and rounded once.
cv::Matx34d colours_of(const Variation& v, const cv::Scalar& mean) {
  // Rec. 601 luma, the usual grey of saturation changes.
  constexpr std::array<double, 3> kLuma{0.299, 0.587, 0.114};
  cv::Matx34d result;
  for (int row = 0; row < 3; ++row) {
    double offset = 0;
    for (int column = 0; column < 3; ++column) {
      const double mixed = (1 - v.saturation) * kLuma[static_cast<std::size_t>(column)] +
                           (row == column ? v.saturation : 0);
      const double gain = v.gain[static_cast<std::size_t>(column)];
      result(row, column) = mixed * v.contrast * gain;
      offset += mixed * (1 - v.contrast) * gain * mean[column];
    }
    result(row, 3) = offset;
  }
  return result;
}

}  // namespace

int crop_begin(int length, int crop_px) {
  return static_cast<int>(std::floor(0.5 * (length - crop_px)));
}

CellPicture prepare_picture(const Image& image, int crop_px, int input_px,
                            const AugmentOptions& options) {
  const cv::Mat whole = view(image);
  // The farthest a rotated, moved and diminished crop reaches from the centre.
  const double reach =
      crop_px / options.scale_min * (std::numbers::sqrt2 / 2 + std::numbers::sqrt2 * options.shift);
  const int edge = 2 * static_cast<int>(std::ceil(reach));
  const int reduction = std::max(1, crop_px / input_px);
  // Whole multiples of the reduction: resize would stretch an odd row and with it the cell.
  const cv::Size size(std::max(1, std::min(whole.cols, edge) / reduction),
                      std::max(1, std::min(whole.rows, edge) / reduction));
  const cv::Rect kept = cv::Rect((whole.cols - size.width * reduction) / 2,
                                 (whole.rows - size.height * reduction) / 2, size.width * reduction,
                                 size.height * reduction) &
                        cv::Rect(0, 0, whole.cols, whole.rows);
  // Of the classifier's crop, which begins at a whole pixel: half a pixel beside the image's own
  // where an odd number of pixels is left over.
  const auto centre = [crop_px](int length) { return crop_begin(length, crop_px) + 0.5 * crop_px; };
  return {.pixels =
              cut(image, {.begin = double(kept.x), .step = double(reduction), .count = size.width},
                  {.begin = double(kept.y), .step = double(reduction), .count = size.height}),
          .crop_edge = static_cast<double>(crop_px) / reduction,
          .centre_x = (centre(whole.cols) - kept.x) / reduction,
          .centre_y = (centre(whole.rows) - kept.y) / reduction};
}

void vary_crop(const CellPicture& picture, const AugmentOptions& options, std::uint64_t seed,
               int input_px, std::uint8_t* out) {
  const Variation variation = draw(options, seed);
  // Turned at the picture's own scale, where cubic interpolation keeps what is sharp, and then
  // brought to the crop's as every crop is: a warp straight to it takes single pixels of a finer
  // picture and is a quarter sharper than what the network will see.
  const int edge = std::max(1, static_cast<int>(std::lround(picture.crop_edge)));
  Image turned(edge, edge);
  cv::Mat warped(edge, edge, CV_8UC3, turned.row(0));
  cv::warpAffine(view(picture.pixels), warped, warp_of(variation, picture, edge), warped.size(),
                 cv::INTER_CUBIC | cv::WARP_INVERSE_MAP, cv::BORDER_REFLECT_101);
  const ResampleAxis axis{
      .begin = 0, .step = static_cast<double>(edge) / input_px, .count = input_px};
  const Image resampled = cut(turned, axis, axis);
  std::copy(resampled.pixels().begin(), resampled.pixels().end(), out);
  cv::Mat crop(input_px, input_px, CV_8UC3, out);
  cv::transform(crop, crop, colours_of(variation, cv::mean(crop)));
}

Image cut_crop(const Image& image, int crop_px, int input_px, CropOffset moved) {
  const double step = static_cast<double>(crop_px) / input_px;
  const auto axis = [&](int length, double offset) {
    return ResampleAxis{
        .begin = crop_begin(length, crop_px) - offset, .step = step, .count = input_px};
  };
  return cut(image, axis(image.width(), moved.x), axis(image.height(), moved.y));
}

}  // namespace cytocape
