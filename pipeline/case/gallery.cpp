#include "pipeline/case/gallery.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "io/image_codec.hpp"
#include "tiling/resample.hpp"

namespace cytocape {
namespace {

constexpr int kCropQuality = 85;
constexpr int kSmallQuality = 80;
constexpr std::size_t kExtremes = 6;  ///< largest, and strangest cells

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

Image reduced(const Image& image) {
  if (image.width() <= Gallery::kSmallEdge) return image;
  const ResampleAxis axis{.begin = 0,
                          .step = static_cast<double>(image.width()) / Gallery::kSmallEdge,
                          .count = Gallery::kSmallEdge};
  return Resampler(axis, axis).apply(image);
}

GalleryCell portrait_of(const CellRow& cell, const Image& picture, int quality) {
  return {.id = cell.id,
          .class_index = cell.class_index,
          .centre = cell.centre,
          .probability = cell.probability,
          .map = map_of_class(cell),
          .jpeg = encode_jpeg(picture, quality),
          .nucleus_um2 = cell.nucleus_um2,
          .strangeness = cell.strangeness};
}

}  // namespace

bool Gallery::Ranking::takes(double measure) const {
  if (limit == 0 || std::isnan(measure)) return false;
  return cells.size() < limit || measure > cells.back().first;
}

void Gallery::Ranking::add(double measure, const Portrait& portrait) {
  if (!takes(measure)) return;
  const auto place =
      std::upper_bound(cells.begin(), cells.end(), measure,
                       [](double own, const auto& other) { return own > other.first; });
  cells.insert(place, {measure, portrait});
  if (cells.size() > limit) cells.pop_back();
}

Gallery::Gallery(std::size_t classes, std::size_t limit, int edge, std::size_t most_of_a_class)
    : edge_(edge),
      small_(classes + 1, Ranking{.limit = limit == 0 ? 0 : most_of_a_class, .cells = {}}),
      of_class_(classes + 1, Ranking{.limit = limit, .cells = {}}),
      largest_{.limit = std::min(limit, kExtremes), .cells = {}},
      strangest_{.limit = std::min(limit, kExtremes), .cells = {}} {}

void Gallery::consider(const CellRow& cell, std::span<const std::uint8_t> crop) {
  const auto group =
      cell.class_index < 0 ? of_class_.size() - 1 : static_cast<std::size_t>(cell.class_index);
  const auto uncertainty = -static_cast<double>(certainty(cell.probability));
  const auto size = cell.nucleus_um2 > 0 ? cell.nucleus_um2 : std::nan("");  // a region has none
  const bool whole = of_class_[group].takes(uncertainty) || largest_.takes(size) ||
                     strangest_.takes(cell.strangeness);
  if (!whole && !small_[group].takes(uncertainty)) return;
  Image image(edge_, edge_);
  std::copy(crop.begin(), crop.end(), image.pixels().begin());
  small_[group].add(uncertainty, std::make_shared<const GalleryCell>(
                                     portrait_of(cell, reduced(image), kSmallQuality)));
  if (!whole) return;
  const auto portrait = std::make_shared<const GalleryCell>(portrait_of(cell, image, kCropQuality));
  of_class_[group].add(uncertainty, portrait);
  largest_.add(size, portrait);
  strangest_.add(cell.strangeness, portrait);
}

std::vector<GalleryCell> Gallery::pictured() const {
  std::map<std::uint64_t, Portrait> whole;
  for (const auto& group : of_class_)
    for (const auto& [unused, portrait] : group.cells) whole[portrait->id] = portrait;
  // Each class with those of the largest and strangest that are of it.
  std::vector<Ranking> groups = small_;
  for (auto& group : groups) group.limit = std::numeric_limits<std::size_t>::max();
  for (const auto* extremes : {&largest_, &strangest_}) {
    for (const auto& ranked : extremes->cells) {
      const auto& portrait = ranked.second;
      whole[portrait->id] = portrait;
      auto& group = portrait->class_index < 0
                        ? groups.back()
                        : groups[static_cast<std::size_t>(portrait->class_index)];
      const bool there = std::any_of(group.cells.begin(), group.cells.end(), [&](const auto& one) {
        return one.second->id == portrait->id;
      });
      if (!there) group.add(-static_cast<double>(certainty(portrait->probability)), portrait);
    }
  }
  std::vector<GalleryCell> cells;
  for (const auto& group : groups)
    for (const auto& [unused, portrait] : group.cells) {
      const auto found = whole.find(portrait->id);
      cells.push_back(found == whole.end() ? *portrait : *found->second);
    }
  return cells;
}

}  // namespace cytocape
