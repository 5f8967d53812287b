#pragma once

/// What stands first under what is to be considered. Pure; thread-safe.

#include <cstdint>
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

/// A remark on earlier counts, and these: "25 % blasts in marrow (LIS, 2023-05-01)".
[[nodiscard]] Phrase with_earlier_counts(const Phrase& text,
                                         const std::vector<std::string>& counts);

// Of a row `resolved` that changes nothing:

/// "Row 9 (resolved, bcr_abl1) does not settle this: ..".
[[nodiscard]] Phrase settles_nothing(const std::string& code, const criteria::Provenance& from,
                                     const Phrase& why);
/// `count` is of `row`.
[[nodiscard]] Phrase earlier_count_stays(const std::string& count, std::uint64_t row);
/// `gap` says why the item is open.
[[nodiscard]] Phrase contradiction_stays(const Phrase& gap);
[[nodiscard]] Phrase nothing_to_settle(const std::string& code);

/// `oldest` and `newest` are items' codes with their days.
[[nodiscard]] Phrase counts_far_apart(std::int64_t days, const criteria::RowAnswer& oldest,
                                      const criteria::RowAnswer& newest);

}  // namespace cytocape::wording
