#pragma once

/// The samples of a tile whose codec is one of libtiff's. Internal to io/tiff_*.

#include <cstdint>
#include <span>
#include <string>

#include "io/tiff_file.hpp"

namespace cytocape {

/// Whether this libtiff was built with the codec.
[[nodiscard]] bool libtiff_decodes(std::uint64_t compression);

/// Decodes `data`, one tile of `page` of a file of this byte order, into `samples`, which has room
/// for the whole tile and gets numbers in this machine's order. libtiff
/// sees a file of this one tile, in memory: nothing of the real file's directories, and no state
/// that threads would share. What went wrong or was warned of, in libtiff's words; empty when all
/// is well. Thread-safe.
[[nodiscard]] std::string decode_tiff_samples(const TiffPage& page, bool big_endian,
                                              std::span<const std::uint8_t> data,
                                              std::span<std::uint8_t> samples);

}  // namespace cytocape
