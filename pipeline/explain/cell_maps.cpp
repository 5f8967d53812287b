#include "pipeline/explain/cell_maps.hpp"

#include "models/cape/explanation.hpp"
#include "models/engine/explanation_figures.hpp"

namespace cytocape {
namespace {

/// Where the views' maps go.
class Interleaving {
 public:
  Interleaving(const ClassMaps& one, int shifts)
      : classes_(static_cast<std::size_t>(one.classes)),
        height_(static_cast<std::size_t>(one.height)),
        width_(static_cast<std::size_t>(one.width)),
        shifts_(static_cast<std::size_t>(shifts)) {}

  template <typename Value>
  void put(std::vector<Value>& fine, const std::vector<Value>& view, std::size_t index,
           Value factor) const {
    if (view.empty()) return;
    fine.resize(view.size() * shifts_ * shifts_);
    const auto row = index / shifts_;
    const auto column = index % shifts_;
    std::size_t from = 0;
    for (std::size_t c = 0; c < classes_; ++c)
      for (std::size_t y = 0; y < height_; ++y)
        for (std::size_t x = 0; x < width_; ++x, ++from)
          fine[((c * height_ + y) * shifts_ + row) * width_ * shifts_ + x * shifts_ + column] =
              factor * view[from];
  }

 private:
  std::size_t classes_;
  std::size_t height_;
  std::size_t width_;
  std::size_t shifts_;
};

void add(std::vector<double>& sum, const std::vector<double>& own, double factor) {
  sum.resize(own.size());
  for (std::size_t i = 0; i < own.size(); ++i) sum[i] += factor * own[i];
}

}  // namespace

CellMaps look_at(const Classifier& classifier, std::span<const std::uint8_t> crop) {
  CellMaps cell{.maps = classifier.classify(crop, 1),
                .logits = classifier.logits(crop, 1),
                .scales = map_scales(classifier),
                .learned_map = {},
                .learned_probability = {}};
  if (!cell.scales.calibrated()) return cell;
  cell.learned_map = cape_of(cell.logits, 0, cell.scales.learned);
  cell.learned_probability = cape_probability_of(cell.logits, 0, cell.scales.learned);
  return cell;
}

CellMaps interleave(std::span<const CellMaps> views, int shifts) {
  const auto& first = views.front();
  const Interleaving place(first.maps, shifts);
  const double share = 1.0 / static_cast<double>(views.size());
  CellMaps fine{.maps = {.count = 1,
                         .classes = first.maps.classes,
                         .height = first.maps.height * shifts,
                         .width = first.maps.width * shifts,
                         .map = {},
                         .probability = {},
                         .ordinary = {},
                         .strangeness = first.maps.strangeness},
                .logits = {.count = 1,
                           .classes = first.maps.classes,
                           .height = first.maps.height * shifts,
                           .width = first.maps.width * shifts,
                           .ordinary = {},
                           .cape = {}},
                .scales = first.scales,
                .learned_map = {},
                .learned_probability = {}};
  for (std::size_t i = 0; i < views.size(); ++i) {
    const auto& view = views[i];
    place.put(fine.maps.map, view.maps.map, i, share);
    place.put(fine.learned_map, view.learned_map, i, share);
    place.put(fine.logits.ordinary, view.logits.ordinary, i, 1.0F);
    place.put(fine.logits.cape, view.logits.cape, i, 1.0F);
    add(fine.maps.probability, view.maps.probability, share);
    add(fine.maps.ordinary, view.maps.ordinary, share);
    add(fine.learned_probability, view.learned_probability, share);
  }
  return fine;
}

}  // namespace cytocape
