#include "io/evidence_picture.hpp"

#include <algorithm>
#include <cmath>

namespace cytocape {
namespace {

/// White to dark violet. The square root keeps weak squares visible beside a strong one; the page
/// says that darker is more and names the peak, it does not promise proportion.
Rgb ramp(double share) {
  const double t = std::sqrt(std::clamp(share, 0.0, 1.0));
  const auto mix = [&](double dark) { return static_cast<std::uint8_t>(255 + t * (dark - 255)); };
  return {mix(74), mix(20), mix(140)};
}

}  // namespace

EvidencePicture evidence_picture(const EvidenceGrid& grid, std::size_t class_index) {
  EvidencePicture picture;
  const auto squares = static_cast<std::size_t>(grid.width) * static_cast<std::size_t>(grid.height);
  if (squares == 0 || grid.value.size() < (class_index + 1) * squares) return picture;
  const auto* value = grid.value.data() + class_index * squares;
  picture.image = Image(grid.width, grid.height);
  for (std::size_t i = 0; i < squares; ++i) {
    picture.sum += value[i];
    picture.peak = std::max(picture.peak, value[i]);
  }
  auto* pixel = picture.image.pixels().data();
  for (std::size_t i = 0; i < squares && picture.peak > 0; ++i) {
    const auto colour = ramp(value[i] / picture.peak);
    *pixel++ = colour.r;
    *pixel++ = colour.g;
    *pixel++ = colour.b;
  }
  return picture;
}

}  // namespace cytocape
