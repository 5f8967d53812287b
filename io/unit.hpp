#pragma once

/// Units of the numbers that a report judges. Pure; thread-safe.

#include <optional>
#include <string_view>

namespace cytocape {

enum class Unit {
  none,
  percent,
  cells_per_volume,
  mass_per_volume,
  years,
  per_100_leukocytes,
  to_one,  ///< of a ratio
};

/// How records, JSON and the terminal spell it: "x 10^9/L"; empty for none.
[[nodiscard]] const char* plain(Unit unit);
/// How a page spells it: "× 10⁹/L", without a break within. Empty where the label of its numbers
/// says it already ("normoblasts per 100 leukocytes").
[[nodiscard]] const char* typeset(Unit unit);
/// The unit that is spelt so in a record; none where there is no such unit.
[[nodiscard]] std::optional<Unit> unit_of(std::string_view plain);

}  // namespace cytocape
