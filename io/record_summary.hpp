#pragma once

/// The part of the record that is not rows: attributes, /differential and /evidence/slide. One
/// file writes and reads it, so that a name stands side by side with itself. Internal to io/.

#include "io/hdf5.hpp"
#include "io/hdf5_reader.hpp"
#include "io/report.hpp"

namespace cytocape {

/// Groups must exist. Throws StorageError.
void write_summary(h5::File& file, const SlideReport& report);

/// Throws StorageError.
[[nodiscard]] SlideReport read_summary(const h5::Reader& file);

/// The parts of io/record_scan.hpp, but for the cells. Throws StorageError.
[[nodiscard]] SlideReport read_origin(const h5::Reader& file);
[[nodiscard]] SlideReport read_scanned(const h5::Reader& file);

}  // namespace cytocape
