#pragma once

/// Tells whole deflated data from damaged: libtiff stops once it has the pixels it wants and does
/// not always read the checksum behind them.

#include <cstdint>
#include <span>
#include <string>

namespace cytocape {

/// In zlib's words; empty when `stream` inflates to its end and its checksum holds. The data are
/// thrown away; more than `most` bytes of them are a fault as well, for a megabyte can inflate to
/// a thousand. Thread-safe.
[[nodiscard]] std::string deflate_fault(std::span<const std::uint8_t> stream, std::uint64_t most);

}  // namespace cytocape
