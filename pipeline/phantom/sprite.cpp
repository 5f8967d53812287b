#include "pipeline/phantom/sprite.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

namespace cytocape::phantom {
namespace {

constexpr bool flips_x(Turn turn) {
  return (turn & 1U) != 0;
}
constexpr bool flips_y(Turn turn) {
  return (turn & 2U) != 0;
}
constexpr bool swaps(Turn turn) {
  return (turn & 4U) != 0;
}

cv::Mat transmitted_light(const Drawing& drawing, const Density& strength) {
  cv::Mat light;
  cv::multiply(drawing.density, cv::Scalar(strength[0], strength[1], strength[2]), light,
               -std::log(10.0), CV_32F);
  cv::exp(light, light);
  return light;
}

cv::Mat resampled(const cv::Mat& image, double scale) {
  if (std::abs(scale - 1) < 1e-6) return image;
  const cv::Size size(std::max(1, static_cast<int>(std::lround(image.cols * scale))),
                      std::max(1, static_cast<int>(std::lround(image.rows * scale))));
  cv::Mat out;
  cv::resize(image, out, size, 0, 0, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
  return out;
}

cv::Rect used_area(const cv::Mat& bytes) {
  cv::Mat flat = bytes.reshape(1, bytes.rows);
  cv::Mat used = flat < 255;
  cv::Mat columns, rows;
  cv::reduce(used, columns, 0, cv::REDUCE_MAX);
  cv::reduce(used, rows, 1, cv::REDUCE_MAX);
  int left = bytes.cols, right = 0, top = bytes.rows, bottom = 0;
  for (int x = 0; x < bytes.cols; ++x) {
    const auto* c = columns.ptr<std::uint8_t>(0) + static_cast<std::ptrdiff_t>(x) * 3;
    if (c[0] != 0 || c[1] != 0 || c[2] != 0) left = std::min(left, x), right = x + 1;
  }
  for (int y = 0; y < bytes.rows; ++y) {
    if (rows.at<std::uint8_t>(y, 0) != 0) top = std::min(top, y), bottom = y + 1;
  }
  if (right <= left || bottom <= top) return {0, 0, 1, 1};
  return {left, top, right - left, bottom - top};
}

/// Distance from `centre` to the farthest pixel of `mask`.
double reach(const cv::Mat& mask, cv::Point2d centre) {
  double farthest = 0;
  for (int y = 0; y < mask.rows; ++y) {
    const auto* row = mask.ptr<std::uint8_t>(y);
    for (int x = 0; x < mask.cols; ++x) {
      if (row[x] == 0) continue;
      farthest = std::max(farthest, std::hypot(x + 0.5 - centre.x, y + 0.5 - centre.y));
    }
  }
  return farthest;
}

}  // namespace

TurnedSize turned_size(const Sprite& sprite, Turn turn) {
  if (swaps(turn)) return {sprite.height, sprite.width};
  return {sprite.width, sprite.height};
}

TurnedFrame turned_frame(const Sprite& sprite, Turn turn) {
  TurnedFrame frame{sprite.centre_x, sprite.centre_y, sprite.body};
  if (flips_x(turn)) {
    frame.centre_x = sprite.width - frame.centre_x;
    frame.body.x = sprite.width - frame.body.br().x;
  }
  if (flips_y(turn)) {
    frame.centre_y = sprite.height - frame.centre_y;
    frame.body.y = sprite.height - frame.body.br().y;
  }
  if (swaps(turn)) {
    std::swap(frame.centre_x, frame.centre_y);
    std::swap(frame.body.x, frame.body.y);
    std::swap(frame.body.width, frame.body.height);
  }
  return frame;
}

const std::uint8_t* turned_pixel(const Sprite& sprite, Turn turn, int x, int y) {
  if (swaps(turn)) std::swap(x, y);
  if (flips_x(turn)) x = sprite.width - 1 - x;
  if (flips_y(turn)) y = sprite.height - 1 - y;
  const auto index = static_cast<std::size_t>(y) * static_cast<std::size_t>(sprite.width) +
                     static_cast<std::size_t>(x);
  return sprite.transmitted.data() + index * 3;
}

Drawing rotated(const Drawing& drawing, double angle) {
  const cv::Size size = drawing.density.size();
  const cv::Point2f middle(static_cast<float>(size.width) * 0.5F,
                           static_cast<float>(size.height) * 0.5F);
  // OpenCV's positions are of pixel centres, half a pixel from this project's.
  const cv::Mat turn =
      cv::getRotationMatrix2D(middle - cv::Point2f(0.5F, 0.5F), angle * 180 / CV_PI, 1);
  // Not a copy of `drawing`: cv::Mat copies share their pixels, and these would be overwritten.
  Drawing out;
  out.um_per_px = drawing.um_per_px;
  out.scenery = drawing.scenery;
  cv::warpAffine(drawing.density, out.density, turn, size, cv::INTER_CUBIC);
  // Cubic interpolation overshoots at edges; stain cannot be negative.
  cv::max(out.density, cv::Scalar::all(0), out.density);
  cv::warpAffine(drawing.body, out.body, turn, size, cv::INTER_LINEAR);
  const auto* x = turn.ptr<double>(0);
  const auto* y = turn.ptr<double>(1);
  const double cx = drawing.centre.x - 0.5;
  const double cy = drawing.centre.y - 0.5;
  out.centre = {x[0] * cx + x[1] * cy + x[2] + 0.5, y[0] * cx + y[1] * cy + y[2] + 0.5};
  return out;
}

Sprite make_sprite(const Drawing& drawing, double mpp, const Density& strength) {
  const double scale = drawing.um_per_px / mpp;
  cv::Mat bytes;
  resampled(transmitted_light(drawing, strength), scale).convertTo(bytes, CV_8U, 255);
  const cv::Mat body_mask = resampled(drawing.body, scale) > 127;
  cv::Rect body = cv::boundingRect(body_mask);
  const cv::Rect used = used_area(bytes) | (body.empty() ? cv::Rect(0, 0, 1, 1) : body);

  Sprite sprite;
  sprite.width = used.width;
  sprite.height = used.height;
  const cv::Mat cut = bytes(used).clone();
  sprite.transmitted.assign(cut.data, cut.data + cut.total() * 3);
  // The resampled picture has a whole number of pixels, so its true scale differs a little per
  // axis.
  sprite.centre_x = drawing.centre.x * bytes.cols / drawing.density.cols - used.x;
  sprite.centre_y = drawing.centre.y * bytes.rows / drawing.density.rows - used.y;
  sprite.body = body - used.tl();
  sprite.radius = reach(body_mask, {sprite.centre_x + used.x, sprite.centre_y + used.y});
  sprite.scenery = drawing.scenery;
  return sprite;
}

}  // namespace cytocape::phantom
