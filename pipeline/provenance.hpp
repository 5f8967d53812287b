#pragma once

/// Who computed what with which software, when.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace cytocape {

[[nodiscard]] std::string tool_version();
/// The commit that was built, "-dirty" behind it when the tree had changes; "unknown" outside git.
[[nodiscard]] std::string tool_commit();
/// As this process was started; arguments that a shell would divide are quoted.
[[nodiscard]] std::string command_line();
/// Now, ISO 8601, seconds, "Z".
[[nodiscard]] std::string utc_now();
/// Name -> version of the libraries in use.
[[nodiscard]] std::map<std::string, std::string> library_versions();
/// Where the shipped models may be: CYTOCAPE_MODELS, beside the installed program, in the sources.
[[nodiscard]] std::vector<std::filesystem::path> model_folders();

}  // namespace cytocape
