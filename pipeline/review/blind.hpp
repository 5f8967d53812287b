#pragma once

/// Two readers blind to each other, as laboratories compare them: each names the same 200 cells
/// (CLSI H20-A2; ICSH, Palmer et al., Int J Lab Hematol 2015), and how well they agree is Cohen's
/// kappa. Pure.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/review/review.hpp"
#include "pipeline/statistics/method_comparison.hpp"

namespace cytocape {

inline constexpr std::size_t kCellsOfABlindReading = 200;

/// Cells that have a class now and were in no reading before, in the record's order: all, or as
/// many as asked, each as likely. Of the others everybody may know what was named. The seed says
/// which.
[[nodiscard]] std::vector<std::uint64_t> drawn_for_reading(const Review& review,
                                                           const CellIndex& index, std::size_t many,
                                                           std::uint64_t seed);

struct ReaderDifference {
  std::uint64_t cell = 0;
  std::array<std::string, 2> named;    ///< empty: no cell
  std::optional<std::string> settled;  ///< as a third person named it; empty: no cell
};

struct ReaderAgreement {
  std::size_t agreed = 0;
  std::optional<Kappa> kappa;  ///< none where both gave all one class, or of too few cells
  std::map<std::string, std::array<std::uint64_t, 2>> counts;  ///< by class; "": no cell
  std::vector<ReaderDifference> differences;
};

/// Precondition: `reading` is one of the review's that is over.
[[nodiscard]] ReaderAgreement agreement_of_readers(const Review& review,
                                                   const BlindReading& reading);

/// The same in a sentence.
[[nodiscard]] std::string reading_words(const Review& review, const BlindReading& reading);

/// Of all readings that are over, for the report; empty where there is none.
[[nodiscard]] std::string reading_words(const Review& review);

}  // namespace cytocape
