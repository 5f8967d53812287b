#include "pipeline/case/gallery.hpp"

#include <algorithm>
#include <utility>

#include "io/image_codec.hpp"

namespace cytocape {
namespace {

constexpr int kCropQuality = 85;

double certainty(const std::vector<float>& probability) {
  return *std::max_element(probability.begin(), probability.end());
}

/// The part of a cell's map that is of its own class; empty of an unidentified one.
std::vector<float> map_of_class(const CellRow& cell) {
  if (cell.class_index < 0) return {};
  const auto positions = cell.map.size() / cell.probability.size();
  const auto begin = cell.map.begin() + static_cast<std::ptrdiff_t>(
                                            static_cast<std::size_t>(cell.class_index) * positions);
  return {begin, begin + static_cast<std::ptrdiff_t>(positions)};
}

}  // namespace

void Gallery::consider(const CellRow& cell, std::span<const std::uint8_t> crop) {
  auto& shown =
      cell.class_index < 0 ? shown_.back() : shown_[static_cast<std::size_t>(cell.class_index)];
  const auto own = certainty(cell.probability);
  const auto place = std::find_if(shown.begin(), shown.end(), [own](const Portrait& other) {
    return own < certainty(other.cell.probability);
  });
  if (place == shown.end() && shown.size() >= limit_) return;
  Portrait portrait{.cell = {.id = cell.id,
                             .class_index = cell.class_index,
                             .centre = cell.centre,
                             .probability = cell.probability,
                             .map = map_of_class(cell),
                             .jpeg = {}},
                    .crop = {crop.begin(), crop.end()}};
  shown.insert(place, std::move(portrait));
  if (shown.size() > limit_) shown.pop_back();
}

std::vector<GalleryCell> Gallery::pictured(int edge) const {
  std::vector<GalleryCell> cells;
  for (const auto& group : shown_) {
    for (const auto& portrait : group) {
      Image crop(edge, edge);
      std::copy(portrait.crop.begin(), portrait.crop.end(), crop.pixels().begin());
      cells.push_back(portrait.cell);
      cells.back().jpeg = encode_jpeg(crop, kCropQuality);
    }
  }
  return cells;
}

}  // namespace cytocape
