#pragma once

/// Where values come from, and what they are. Pure; thread-safe.

#include <string>

#include "io/assessment.hpp"

namespace cytocape::wording {

/// "LIS, 2024-03-01"; "source not given" where nothing is told.
[[nodiscard]] std::string describe(const criteria::Provenance& from);

/// "blood slide B-1".
[[nodiscard]] std::string slide_label(Specimen specimen, const std::string& id);

/// "FLT3-ITD 12 %", "TET2 (VAF unknown)".
[[nodiscard]] std::string mutation_words(const criteria::Mutation& mutation);

/// "no (row 3, 2023-01-01)".
[[nodiscard]] std::string row_words(const criteria::RowAnswer& answer);

/// "40 of 200 cells of blood slide B-1"; empty where nothing is known.
[[nodiscard]] Phrase source_words(const criteria::Source& source);

/// Number and source of a known quantity: "1 % (LIS, 2024-03-01)", "10 %, 6.6 to 15 (20 of 200
/// cells of blood slide B-1)". Its unit is `unit`.
[[nodiscard]] Phrase said(const criteria::Reading& reading, Unit unit);

}  // namespace cytocape::wording
