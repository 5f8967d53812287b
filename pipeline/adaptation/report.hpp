#pragma once

/// From what a fit measured to what is said of it. Internal to pipeline/adaptation/. Pure.

#include "pipeline/adaptation/adapt.hpp"

namespace cytocape {

/// Fills the figures of `report`. Throws ConfigError for a class that the taxonomy does not know.
void fill_figures(const Adapted& adapted, const SiteCells& site, AdaptReport& report);

/// The share of calls over groups that the model lost on what it knew, 0 where it gained.
[[nodiscard]] double lost_at_home(const AdaptReport& report);

}  // namespace cytocape
