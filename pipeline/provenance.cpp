#include "pipeline/provenance.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <oneapi/tbb/version.h>

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <opencv2/core/version.hpp>

#include "commit.hpp"
#include "io/versions.hpp"
#include "models/classifier.hpp"

namespace cytocape {

std::string tool_version() {
  return CYTOCAPE_VERSION;
}

std::string tool_commit() {
  return kBuiltCommit;
}

namespace {

/// As a shell takes it: within '..' nothing can stand for a quote.
std::string shell_quoted(const std::string& argument) {
  std::string text = "'";
  for (const char c : argument) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

}  // namespace

std::string command_line() {
  std::ifstream arguments("/proc/self/cmdline", std::ios::binary);
  std::string line;
  for (std::string one; std::getline(arguments, one, '\0');) {
    if (line.empty()) one = std::filesystem::path(one).filename().string();
    const bool divided = one.empty() || one.find_first_of(" \t\n\"'\\$*?;&|<>()[]{}") != one.npos;
    if (!line.empty()) line += ' ';
    line += divided ? shell_quoted(one) : one;
  }
  return line;
}

std::string utc_now() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

std::map<std::string, std::string> library_versions() {
  auto versions = io_library_versions();
  versions["libtorch"] = torch_version();
  versions["onetbb"] = TBB_runtime_version();
  versions["opencv"] = CV_VERSION;
  return versions;
}

std::vector<std::filesystem::path> model_folders() {
  std::vector<std::filesystem::path> folders;
  if (const char* given = std::getenv("CYTOCAPE_MODELS")) folders.emplace_back(given);
  std::error_code ignored;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
  if (!ignored) folders.push_back(program.parent_path().parent_path() / "share/cytocape/models");
  folders.emplace_back(std::filesystem::path(CYTOCAPE_SOURCE_DIR) / "configs" / "models");
  return folders;
}

}  // namespace cytocape
