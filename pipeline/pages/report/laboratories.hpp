#pragma once

/// The colours of the laboratories that a model learnt from, out of its card in a record.

#include <optional>
#include <string>
#include <vector>

#include "io/report.hpp"

namespace cytocape::report_page {

struct LaboratoryColours {
  std::string name;
  LabStatistics lab;
};

/// In the card's order. A card that does not tell them, or not as it should, has none.
[[nodiscard]] std::vector<LaboratoryColours> laboratories_of(const ModelSummary& model);

/// A chart of mean a* and b*: the slide, and the first laboratories. Empty without both.
[[nodiscard]] std::string laboratory_plot(const std::vector<LaboratoryColours>& laboratories,
                                          const std::optional<LabStatistics>& own);

}  // namespace cytocape::report_page
