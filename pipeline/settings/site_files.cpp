#include "pipeline/settings/site_files.hpp"

#include <cstdlib>

namespace cytocape {
namespace {

namespace fs = std::filesystem;

/// As the XDG base directory specification says: a path that is not absolute counts for nothing.
fs::path personal_folder() {
  const char* given = std::getenv("XDG_CONFIG_HOME");
  if (given != nullptr && fs::path(given).is_absolute()) return given;
  const char* home = std::getenv("HOME");
  return home != nullptr && fs::path(home).is_absolute() ? fs::path(home) / ".config" : fs::path();
}

}  // namespace

std::vector<SiteFile> site_files(const fs::path& etc) {
  std::vector<SiteFile> files;
  for (const auto& folder : {etc, personal_folder()}) {
    if (folder.empty()) continue;
    auto path = folder / "cytocape" / "config.toml";
    std::error_code absent;
    const bool there = fs::exists(path, absent);
    files.push_back({std::move(path), there});
  }
  return files;
}

}  // namespace cytocape
