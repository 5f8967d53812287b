#pragma once

/// /appearance of a record. Internal to io/.

#include "io/hdf5.hpp"
#include "io/hdf5_reader.hpp"
#include "io/report.hpp"

namespace cytocape {

void write_appearance(h5::File& file, const AppearanceUse& appearance);
/// Records of early builds have none: what they hold was classified without a map.
[[nodiscard]] AppearanceUse read_appearance(const h5::Reader& file);

}  // namespace cytocape
