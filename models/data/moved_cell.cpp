#include "models/data/moved_cell.hpp"

#include <algorithm>
#include <cmath>

#include "io/random.hpp"
#include "tiling/cell_mask.hpp"

namespace cytocape {
namespace {

/// One axis. `room` is how far the crop can be moved within the picture, image pixels.
int draw_offset(detail::SplitMix64& random, int crop_px, int room) {
  const double least = kLeastMove * crop_px;
  const double most = room >= least ? std::min(kMostMove * crop_px, static_cast<double>(room))
                                    : kMostMove * crop_px;
  const auto size = static_cast<int>(std::floor(random.uniform(least, most)));
  return random.uniform() < 0.5 ? -size : size;
}

struct Side {
  int low = 0;  ///< first and last pixel of the cell on an axis of the centred crop
  int high = 0;
};

/// The mirrored strip shows the picture's outer `strip` pixels again, at the end that the crop
/// leaves: a cell moved to the right shows what lies beyond the picture's left edge.
bool shown_twice(const Side& cell, double offset, int strip, int edge) {
  if (strip <= 0) return false;
  return offset > 0 ? cell.low <= strip : cell.high >= edge - 1 - strip;
}

/// Whether a strip mirrored for `moved` would hold a part of the cell.
bool cell_in_strip(const Image& image, const CropScale& scale, CropOffset moved) {
  // The whole picture at the classifier's scale, so that the cell's sides are picture coordinates.
  const int edge = std::min(image.width(), image.height());
  const int small =
      std::max(1, static_cast<int>(std::lround(double(edge) * scale.input_px / scale.crop_px)));
  const Image picture = cut_crop(image, edge, small);
  const auto cell = cell_mask_of(find_cell_regions(picture, middle_of(picture, scale.mpp),
                                                   stain_of_picture(image, scale.image_mpp)));
  if (!cell) return false;
  Side x{small, 0};
  Side y{small, 0};
  for (int row = 0; row < small; ++row) {
    for (int column = 0; column < small; ++column) {
      const auto at = static_cast<std::size_t>(row) * static_cast<std::size_t>(small) +
                      static_cast<std::size_t>(column);
      if (cell->inside[at] == 0) continue;
      x = {std::min(x.low, column), std::max(x.high, column)};
      y = {std::min(y.low, row), std::max(y.high, row)};
    }
  }
  const auto strip = [&](int length, double offset) {
    const double beyond = (scale.crop_px - length) / 2.0 + std::abs(offset);
    return static_cast<int>(std::ceil(beyond * small / edge));
  };
  return shown_twice(x, moved.x, strip(image.width(), moved.x), small) ||
         shown_twice(y, moved.y, strip(image.height(), moved.y), small);
}

}  // namespace

std::optional<MovedCell> move_cell(const Image& image, const CropScale& scale, std::uint64_t seed) {
  detail::SplitMix64 random(seed);
  const int room_x = (image.width() - scale.crop_px) / 2;
  const int room_y = (image.height() - scale.crop_px) / 2;
  MovedCell result;
  result.moved.x = draw_offset(random, scale.crop_px, room_x);
  result.moved.y = draw_offset(random, scale.crop_px, room_y);
  result.mirrored = std::abs(result.moved.x) > room_x || std::abs(result.moved.y) > room_y;
  if (result.mirrored && cell_in_strip(image, scale, result.moved)) return std::nullopt;
  result.crop = cut_crop(image, scale.crop_px, scale.input_px, result.moved);
  const double smaller = static_cast<double>(scale.input_px) / scale.crop_px;
  result.place = middle_of(result.crop, scale.mpp);
  result.place.x += result.moved.x * smaller;
  result.place.y += result.moved.y * smaller;
  return result;
}

}  // namespace cytocape
