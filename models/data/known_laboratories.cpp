#include "models/data/known_laboratories.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace cytocape {
namespace {

/// Of the smallest distance between two laboratories: slides of one differ by their cells.
constexpr double kKnownShare = 0.5;

double square(double value) {
  return value * value;
}

}  // namespace

double appearance_distance(const LabStatistics& a, const LabStatistics& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.mean.size(); ++i) {
    const double spread = square(a.deviation[i]) + square(b.deviation[i]);
    sum += square(a.mean[i] - b.mean[i]) / spread / 4 +
           std::log(spread / (2 * a.deviation[i] * b.deviation[i])) / 2;
  }
  return std::sqrt(std::max(0.0, sum));
}

std::optional<KnownLaboratories> place_among(const ModelCard& card, const LabStatistics& own) {
  std::vector<const TrainingSource*> known;
  for (const auto& source : card.training_data)
    if (source.lab) known.push_back(&source);
  if (known.size() < 2) return std::nullopt;
  KnownLaboratories place{.distance = std::numeric_limits<double>::infinity()};
  double closest = std::numeric_limits<double>::infinity();
  for (const auto* source : known) {
    if (const double away = appearance_distance(*source->lab, own); away < place.distance) {
      place.distance = away;
      place.nearest = source->name;
    }
    double nearest_other = std::numeric_limits<double>::infinity();
    for (const auto* other : known)
      if (other != source)
        nearest_other = std::min(nearest_other, appearance_distance(*source->lab, *other->lab));
    closest = std::min(closest, nearest_other);
    place.reach = std::max(place.reach, nearest_other);
  }
  place.familiarity = place.distance <= kKnownShare * closest ? Familiarity::known
                      : place.distance <= place.reach         ? Familiarity::between
                                                              : Familiarity::outside;
  return place;
}

}  // namespace cytocape
