#pragma once

/// The configuration of a site and of a person, which stand before what a command line says.

#include <filesystem>
#include <string>
#include <vector>

namespace cytocape {

struct SiteFile {
  std::filesystem::path path;
  bool there = false;  ///< a file that counts; else where one would
};

/// /etc/cytocape/config.toml, then $XDG_CONFIG_HOME/cytocape/config.toml ($HOME/.config without
/// that variable): later ones win. Settings of configs/analyze.toml.
[[nodiscard]] std::vector<SiteFile> site_files(const std::filesystem::path& etc = "/etc");

}  // namespace cytocape
