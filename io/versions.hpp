#pragma once

/// Versions of the libraries in use, for provenance and `doctor`: what was loaded, not what was
/// compiled against.

#include <map>
#include <string>

namespace cytocape {

[[nodiscard]] std::string openslide_library_version();
[[nodiscard]] std::string vips_library_version();
[[nodiscard]] std::string hdf5_library_version();

/// "openslide", "libvips", "hdf5" -> version.
[[nodiscard]] std::map<std::string, std::string> io_library_versions();

}  // namespace cytocape
