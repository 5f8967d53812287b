#pragma once

/// How often people left cells in the class that the model called them, by month: whether the model
/// still fits the laboratory. Pure.

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>

#include "pipeline/review/review.hpp"

namespace cytocape {

struct Agreement {
  std::uint64_t seen = 0;  ///< cells that the model called so and a person looked at
  std::uint64_t kept = 0;  ///< of these, that the person called so too
};

/// By month ("2026-11", of the row that counts) and called class (taxonomy code). `rows` are those
/// that `review` is of: the first row of a cell says what the model called it. Cells without a
/// class of the model are not in it.
using AgreementByMonth = std::map<std::pair<std::string, std::string>, Agreement>;
[[nodiscard]] AgreementByMonth agreement_of_model(std::span<const LedgerEntry> rows,
                                                  const Review& review);

}  // namespace cytocape
