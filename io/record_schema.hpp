#pragma once

/// Which record an HDF5 file is. Internal to io/.

#include "io/hdf5_reader.hpp"

namespace cytocape {

/// Empty where the file says none.
[[nodiscard]] std::string schema_of(const h5::Reader& file);

/// Throws StorageError where the file's version is another than this program's.
void require_version(const h5::Reader& file);

/// Throws StorageError where the file is no slide's record of this version.
void require_slide_record(const h5::Reader& file);

}  // namespace cytocape
