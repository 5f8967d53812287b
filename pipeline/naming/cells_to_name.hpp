#pragma once

/// Which cells of a slide a person should name first. Pure.

#include <cstddef>
#include <span>
#include <vector>

#include "io/report.hpp"

namespace cytocape {

/// Of each class as many as `each`, and as many that the program left unidentified: the least
/// certain first, then by turns the one that is least certain and least like those chosen (by its
/// CAPE p). Indices into `cells`, by class in the model's order, the unidentified last; in the
/// order in which they were chosen, so that a person who stops early has named the most telling
/// ones. The same for equal rows.
[[nodiscard]] std::vector<std::vector<std::size_t>> cells_to_name(std::span<const CellRow> cells,
                                                                  std::size_t classes,
                                                                  std::size_t each);

}  // namespace cytocape
