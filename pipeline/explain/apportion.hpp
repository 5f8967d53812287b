#pragma once

/// Rounding that adds up as printed.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace cytocape {

/// Tenths of a percent: what the page prints.
inline constexpr std::int64_t kWhole = 1000;

/// Splits `total` units in proportion to `shares` by largest remainders (Hamilton's method; the
/// earlier share wins a tie): whole numbers that sum to `total` exactly, each less than one unit
/// from its exact value. All zero shares give all to the first. Preconditions: shares are finite
/// and not negative, at least one.
[[nodiscard]] std::vector<std::int64_t> apportion(std::span<const double> shares,
                                                  std::int64_t total);

/// "12.3" of 123 tenths of a percent.
[[nodiscard]] std::string tenths(std::int64_t units);
/// "+12.3", "-0.4", "0.0".
[[nodiscard]] std::string signed_tenths(std::int64_t units);

}  // namespace cytocape
