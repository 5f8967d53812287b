#pragma once

/// A picture that can be stamped onto the slide: light transmitted through one cell, 255 where
/// nothing is in the way. Stamping multiplies, as overlapping stain does.

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

namespace cytocape::phantom {

/// Optical density for each of R, G and B; additive where stain lies over stain.
using Density = cv::Vec3f;

struct Sprite {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> transmitted;  ///< RGB, rows without padding
  double centre_x = 0;                    ///< of the nucleus, sprite pixels
  double centre_y = 0;
  cv::Rect body;         ///< around the cell itself, sprite pixels
  double radius = 0;     ///< of the smallest disc about the centre that holds the body, pixels
  bool scenery = false;  ///< has pasted surroundings, which drawn red cells must keep away from
};

/// One of the eight ways to lay a sprite: bit 0 flips x, bit 1 flips y, bit 2 swaps the axes
/// (after the flips). 0 leaves it as it is.
using Turn = std::uint8_t;

struct TurnedSize {
  int width;
  int height;
};
[[nodiscard]] TurnedSize turned_size(const Sprite& sprite, Turn turn);

/// The sprite's centre and body as they lie after `turn`.
struct TurnedFrame {
  double centre_x;
  double centre_y;
  cv::Rect body;
};
[[nodiscard]] TurnedFrame turned_frame(const Sprite& sprite, Turn turn);

/// The three bytes at (x, y) of the turned sprite. Precondition: inside it.
[[nodiscard]] const std::uint8_t* turned_pixel(const Sprite& sprite, Turn turn, int x, int y);

/// A drawing at one scale, before it becomes a sprite.
struct Drawing {
  cv::Mat density;  ///< CV_32FC3
  double um_per_px = 0.1;
  cv::Point2d centre;  ///< of the nucleus, drawing pixels
  cv::Mat body;        ///< CV_8U, non-zero on the cell itself
  bool scenery = false;
};

/// The drawing turned about its middle; what leaves its square is lost.
[[nodiscard]] Drawing rotated(const Drawing& drawing, double angle);

/// Resamples to `mpp` by averaging the light (not the density, as a camera does), and cuts what
/// is empty on all sides. `strength` multiplies the density per channel.
[[nodiscard]] Sprite make_sprite(const Drawing& drawing, double mpp, const Density& strength);

}  // namespace cytocape::phantom
