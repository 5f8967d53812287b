#include "pipeline/program/library_versions.hpp"

#include <oneapi/tbb/version.h>

#include <opencv2/core/version.hpp>

#include "io/versions.hpp"
#include "models/engine/classifier.hpp"

namespace cytocape {

std::map<std::string, std::string> library_versions() {
  auto versions = io_library_versions();
  versions["libtorch"] = torch_version();
  versions["onetbb"] = TBB_runtime_version();
  versions["opencv"] = CV_VERSION;
  return versions;
}

}  // namespace cytocape
