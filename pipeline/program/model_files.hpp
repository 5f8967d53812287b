#pragma once

/// Where models are found by name.

#include <filesystem>
#include <string>
#include <vector>

namespace cytocape {

/// Where the shipped models may be: CYTOCAPE_MODELS, beside the installed program, in the sources.
[[nodiscard]] std::vector<std::filesystem::path> model_folders();

/// Finds a model: a path, or the name of one that ships with the program ("pb", "demo"). Throws
/// ConfigError listing what there is and naming the `argument` of the command line that gave it.
[[nodiscard]] std::filesystem::path resolve_model(const std::string& name_or_path,
                                                  const std::string& argument = "--model");

}  // namespace cytocape
