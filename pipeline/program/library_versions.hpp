#pragma once

/// The libraries in use, for doctor and every report.

#include <map>
#include <string>

namespace cytocape {

/// Name -> version.
[[nodiscard]] std::map<std::string, std::string> library_versions();

}  // namespace cytocape
