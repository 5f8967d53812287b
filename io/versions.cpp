#include "io/versions.hpp"

namespace cytocape {

std::map<std::string, std::string> io_library_versions() {
  return {{"openslide", openslide_library_version()},
          {"libvips", vips_library_version()},
          {"hdf5", hdf5_library_version()}};
}

}  // namespace cytocape
