#pragma once

/// Which found cell is which true one. Pure.
///
/// A found cell can match a true cell in whose box its centre lies. Pairs are taken by distance of
/// their centres, the nearest first, each cell once. Two true cells found as one leave one of them
/// without a match; one true cell found as two leaves a found cell without:
///
///     true cells   [   A   ][   B   ]          [   C   ]
///     found                x                     x   x
///     match        A or B, the nearer;         C with the nearer; the other lies_on C
///                  the other is merged
///                  if the found box holds its centre

#include <cstddef>
#include <optional>
#include <vector>

#include "io/report.hpp"
#include "pipeline/phantom/phantom.hpp"

namespace cytocape {

/// Indices into the cells that were compared.
struct CellMatches {
  std::vector<std::optional<std::size_t>> found_of;  ///< by true cell
  std::vector<std::optional<std::size_t>> truth_of;  ///< by found cell
  std::vector<bool> merged;                          ///< by true cell; never one with a match
  /// By found cell without a match: the true cell, matched to another, in whose box it lies.
  std::vector<std::optional<std::size_t>> lies_on;
};

[[nodiscard]] CellMatches match_cells(const std::vector<PhantomCell>& truth,
                                      const std::vector<CellRow>& found);

}  // namespace cytocape
