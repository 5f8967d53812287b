#pragma once

/// Who computed what with which software, when.

#include <string>

namespace cytocape {

[[nodiscard]] std::string tool_version();
/// The commit that was built, "-dirty" behind it when the tree had changes; "unknown" outside git.
[[nodiscard]] std::string tool_commit();
/// As this process was started; arguments that a shell would divide are quoted.
[[nodiscard]] std::string command_line();
/// Now, ISO 8601, seconds, "Z".
[[nodiscard]] std::string utc_now();

}  // namespace cytocape
