#pragma once

/// What may be expected of a model on a slide of these colours. Pure.

#include <optional>
#include <string>

#include "io/appearance_map.hpp"
#include "models/data/known_laboratories.hpp"

namespace cytocape {

/// None where the slide's colours, or those of two laboratories of the model's, were not measured.
[[nodiscard]] std::optional<KnownLaboratories> laboratories_of(const ModelCard& card,
                                                               const AppearanceUse& appearance);

/// How often the model was right on laboratories that it had not seen; empty for a slide whose
/// colours it knows, for one beyond all of them, of which a quality rule speaks, and where there
/// is no measure.
[[nodiscard]] std::string expectation(const ModelCard& card,
                                      const std::optional<KnownLaboratories>& place);

}  // namespace cytocape
