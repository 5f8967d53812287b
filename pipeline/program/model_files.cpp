#include "pipeline/program/model_files.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>

#include "io/errors.hpp"

namespace cytocape {

namespace fs = std::filesystem;

std::vector<std::filesystem::path> model_folders() {
  std::vector<std::filesystem::path> folders;
  if (const char* given = std::getenv("CYTOCAPE_MODELS")) folders.emplace_back(given);
  std::error_code ignored;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
  if (!ignored) folders.push_back(program.parent_path().parent_path() / "share/cytocape/models");
  folders.emplace_back(std::filesystem::path(CYTOCAPE_SOURCE_DIR) / "configs" / "models");
  return folders;
}

fs::path resolve_model(const std::string& name_or_path, const std::string& argument) {
  if (fs::is_regular_file(name_or_path)) return name_or_path;
  std::vector<std::string> shipped;
  for (const auto& folder : model_folders()) {
    auto candidate = folder / (name_or_path + ".safetensors");
    if (fs::exists(candidate)) return candidate;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored))
      if (entry.path().extension() == ".safetensors")
        shipped.push_back(entry.path().stem().string());
  }
  std::sort(shipped.begin(), shipped.end());
  shipped.erase(std::unique(shipped.begin(), shipped.end()), shipped.end());
  throw ConfigError(fmt::format(
      "{} {}: no such file, and no model of that name is shipped with cytocape (shipped: {})",
      argument, name_or_path, fmt::join(shipped, ", ")));
}

}  // namespace cytocape
