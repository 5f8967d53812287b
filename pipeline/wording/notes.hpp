#pragma once

/// What stands first under what is to be considered. Pure; thread-safe.

#include <string>
#include <vector>

#include "io/assessment.hpp"

namespace cytocape::wording {

/// A row that says that something is not known.
struct Unknown {
  std::string said;  ///< an item's code, or "mutation GENE"
  criteria::Provenance from;
};
/// "Said to be unknown, and left open until it is told: age in years (row 4, 2024-03-01)."
[[nodiscard]] Phrase left_open_as_unknown(const std::vector<Unknown>& unknown);

}  // namespace cytocape::wording
