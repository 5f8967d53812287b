#pragma once

/// From a slide's counts by the program and what people decided to the counts that they come to.
/// Pure.

#include <map>
#include <string>

#include "pipeline/review/review.hpp"

namespace cytocape {

/// Each cell that has a class, once: by the class that a person named it, or else by the model's.
struct ReviewedCounts {
  std::map<std::string, std::uint64_t> verified;  ///< by taxonomy code, by a person
  std::map<std::string, std::uint64_t> called;    ///< by taxonomy code, by the program alone
  std::uint64_t without_class = 0;  ///< located, not removed and not named: outside every count
  /// Of these, those that the network was not certain of; and those that a person named so.
  std::uint64_t unidentified = 0;
  std::uint64_t located = 0;  ///< located cells that remain, and placed ones
  std::uint64_t renamed = 0;
  std::uint64_t removed = 0;
  std::uint64_t added = 0;  ///< placed, and not removed

  [[nodiscard]] std::uint64_t verified_cells() const;
  [[nodiscard]] std::uint64_t named_cells() const;  ///< verified and called
};

[[nodiscard]] ReviewedCounts count(const Review& review, const CellIndex& index);

/// The report of the counts: the differential with its intervals, the rules of quality that count
/// cells, the status, the cells of the gallery and the map, and who reviewed. The expected
/// fractions and the evidence stay, which are the network's. Sums, figures and criteria follow by
/// `assess` (pipeline/case/assess.hpp). Precondition: the report has counts and is of the cells.
void revise(SlideReport& report, const Review& review, const CellIndex& index);

/// Part of `revise`: the differential alone, without its corrected fractions, which take longer.
void revise_differential(SlideReport& report, const ReviewedCounts& counts);

}  // namespace cytocape
