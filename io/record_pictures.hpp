#pragma once

/// The pictures that a report shows: /pictures. Internal to io/.

#include "io/hdf5.hpp"
#include "io/hdf5_reader.hpp"
#include "io/report.hpp"

namespace cytocape {

/// Throws StorageError.
void write_pictures(h5::File& file, const SlideReport& report);
/// Fills overview and gallery. Throws StorageError where the parts contradict each other.
void read_pictures(const h5::Reader& file, SlideReport& report);
/// The slide's overview alone, a JPEG; may be empty. Throws StorageError.
[[nodiscard]] std::vector<std::uint8_t> read_overview_picture(const h5::Reader& file);

}  // namespace cytocape
