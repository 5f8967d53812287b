#include "pipeline/wording/appearance.hpp"

#include <fmt/format.h>

namespace cytocape::wording {

std::string appearance_sentence(const AppearanceUse& appearance) {
  switch (appearance.outcome) {
    case AppearanceOutcome::applied:
      return fmt::format(
          "Colours were mapped to those of the model's training cells before classification (mean "
          "and deviation of L*, a* and b*, measured on {} cells).",
          appearance.cells);
    case AppearanceOutcome::too_few_cells:
      return fmt::format(
          "Colours were not mapped: they were measured on {} {}, and at least {} are required.",
          appearance.cells, appearance.cells == 1 ? "cell" : "cells", kLeastAppearanceCells);
    case AppearanceOutcome::model_unknown:
      return "Colours were not mapped: the model does not say what its training cells look like.";
    case AppearanceOutcome::not_asked:
      break;
  }
  return "Colours were not mapped: the settings ask for no map.";
}

std::string lab_figures(const LabStatistics& statistics, std::size_t channel) {
  return fmt::format("{:.1f} ({:.1f})", statistics.mean.at(channel),
                     statistics.deviation.at(channel));
}

std::string lab_figures(const LabStatistics& statistics) {
  return fmt::format("L* {}, a* {}, b* {}", lab_figures(statistics, 0), lab_figures(statistics, 1),
                     lab_figures(statistics, 2));
}

}  // namespace cytocape::wording
