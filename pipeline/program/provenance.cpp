#include "pipeline/program/provenance.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>
#include <filesystem>
#include <fstream>

#include "commit.hpp"

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

}  // namespace cytocape
