#pragma once

/// Where a slide's colours lie among those of the laboratories that a model learnt from. Pure. No
/// LibTorch here.

#include <cstdint>
#include <optional>
#include <string>

#include "models/data/model_card.hpp"

namespace cytocape {

/// Of the two normal distributions of each channel the Bhattacharyya distance, summed, and its
/// root: 0 where all six numbers agree, some 0.4 to 0.9 between laboratories.
[[nodiscard]] double appearance_distance(const LabStatistics& a, const LabStatistics& b);

enum class Familiarity : std::uint8_t {
  known,    ///< much nearer to one of them than they are to each other
  between,  ///< no farther from one than each of them is from its nearest other
  outside,  ///< farther than anything that the model learnt to bridge
};

struct KnownLaboratories {
  Familiarity familiarity = Familiarity::outside;
  std::string nearest;  ///< TrainingSource::name
  double distance = 0;  ///< appearance_distance from it
  double reach = 0;     ///< the largest distance that is not outside
};

/// None where the card has the colours of fewer than two laboratories: there is then no measure.
[[nodiscard]] std::optional<KnownLaboratories> place_among(const ModelCard& card,
                                                           const LabStatistics& own);

}  // namespace cytocape
