#include "models/data/augment.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numbers>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "io/random.hpp"

namespace cytocape {
namespace {

// OpenCV has no view of const data; nothing here writes through it.
cv::Mat view(const Image& image) {
  return {image.height(), image.width(), CV_8UC3, const_cast<std::uint8_t*>(image.row(0)),
          image.stride()};
}

Image to_image(const cv::Mat& mat) {
  Image image(mat.cols, mat.rows);
  for (int y = 0; y < mat.rows; ++y) std::memcpy(image.row(y), mat.ptr(y), image.stride());
  return image;
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
cv::Matx23d warp_of(const Variation& v, const CellPicture& picture, int input_px) {
  const double span = picture.crop_edge / v.scale;
  const double step = span / input_px;
  const double cosine = std::cos(v.angle);
  const double sine = std::sin(v.angle);
  const double mirror = v.flip ? -1 : 1;
  const double xx = cosine * mirror;
  const double xy = -sine;
  const double yx = sine * mirror;
  const double yy = cosine;
  const double u0 = (0.5 / input_px - 0.5 - v.shift_x) * span;
  const double v0 = (0.5 / input_px - 0.5 - v.shift_y) * span;
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
  cv::Mat reduced = whole(kept);
  if (reduction > 1) cv::resize(whole(kept), reduced, size, 0, 0, cv::INTER_AREA);
  // Half a pixel off where the cut leaves an odd rest: the centre is kept, not assumed.
  return {.pixels = to_image(reduced),
          .crop_edge = static_cast<double>(crop_px) / reduction,
          .centre_x = (0.5 * whole.cols - kept.x) / reduction,
          .centre_y = (0.5 * whole.rows - kept.y) / reduction};
}

void vary_crop(const CellPicture& picture, const AugmentOptions& options, std::uint64_t seed,
               int input_px, std::uint8_t* out) {
  const Variation variation = draw(options, seed);
  cv::Mat crop(input_px, input_px, CV_8UC3, out);
  cv::warpAffine(view(picture.pixels), crop, warp_of(variation, picture, input_px), crop.size(),
                 cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REFLECT_101);
  cv::transform(crop, crop, colours_of(variation, cv::mean(crop)));
}

Image cut_crop(const Image& image, int crop_px, int input_px, CropOffset moved) {
  const cv::Mat whole = view(image);
  const int left = (whole.cols - crop_px) / 2 - moved.x;
  const int top = (whole.rows - crop_px) / 2 - moved.y;
  const cv::Rect wanted(left, top, crop_px, crop_px);
  const int border =
      std::max({0, -left, -top, wanted.br().x - whole.cols, wanted.br().y - whole.rows});
  cv::Mat extended = whole;
  if (border > 0) {
    cv::copyMakeBorder(whole, extended, border, border, border, border, cv::BORDER_REFLECT_101);
  }
  cv::Mat crop;
  cv::resize(extended(wanted + cv::Point(border, border)), crop, cv::Size(input_px, input_px), 0, 0,
             crop_px >= input_px ? cv::INTER_AREA : cv::INTER_LINEAR);
  return to_image(crop);
}

}  // namespace cytocape
