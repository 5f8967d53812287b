#include "pipeline/pages/evidence_picture.hpp"

#include <algorithm>
#include <cmath>

#include "pipeline/pages/colour_map.hpp"

namespace cytocape {

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
    // The square root keeps weak squares visible beside a strong one; the page says that darker is
    // more and names the peak, it does not promise proportion.
    const auto colour = share_colour(std::sqrt(value[i] / picture.peak));
    *pixel++ = colour.r;
    *pixel++ = colour.g;
    *pixel++ = colour.b;
  }
  return picture;
}

}  // namespace cytocape
