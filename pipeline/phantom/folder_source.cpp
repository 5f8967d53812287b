#include "pipeline/phantom/folder_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <sstream>

#include "io/errors.hpp"
#include "io/text.hpp"
#include "io/text_file.hpp"

namespace cytocape::phantom {
namespace {

namespace fs = std::filesystem;
using Listing = std::map<std::string, std::vector<fs::path>>;

bool is_picture(const fs::path& path) {
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return extension == ".jpg" || extension == ".jpeg" || extension == ".png";
}

std::string class_of(const std::string& folder_name) {
  return folder_name == "erythroblast" ? "normoblast" : folder_name;
}

Listing list_folder(const fs::path& folder) {
  Listing found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (!entry.is_directory()) continue;
    for (const auto& file : fs::directory_iterator(entry.path())) {
      if (is_picture(file.path())) {
        found[class_of(entry.path().filename().string())].push_back(file.path());
      }
    }
  }
  return found;
}

Listing list_allowed(const PhantomSource& source) {
  constexpr std::uint64_t kMostBytes = 64ULL << 20U;
  std::istringstream in(read_text_file(*source.list, kMostBytes));
  Listing found;
  std::string line;
  for (int row = 1; std::getline(in, line); ++row) {
    while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back())) != 0)
      line.pop_back();
    if (line.empty() || line.front() == '#') continue;
    const fs::path file = source.folder / line;
    if (!fs::is_regular_file(file)) {
      throw ConfigError(
          fmt::format("phantom: from-list: {} row {}: no file {}; give paths relative "
                      "to {}",
                      source.list->string(), row, shortened(line, 200), source.folder.string()));
    }
    found[class_of(file.parent_path().filename().string())].push_back(file);
  }
  return found;
}

}  // namespace

Listing list_source(const PhantomSource& source) {
  Listing found = source.list ? list_allowed(source) : list_folder(source.folder);
  bool nucleated = false;
  for (auto& [name, files] : found) {
    // The order a folder is read in differs between machines.
    std::sort(files.begin(), files.end());
    nucleated = nucleated || name != "platelet";
  }
  if (!nucleated) {
    throw ConfigError(
        fmt::format("phantom: from: {} has no pictures of nucleated cells; expected "
                    "<class>/*.jpg or *.png",
                    source.folder.string()));
  }
  return found;
}

}  // namespace cytocape::phantom
