#include "models/data/config_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

namespace cytocape::detail {
namespace {

using Lines = std::vector<std::pair<std::string, std::string>>;

Lines lines_of(const std::string& config) {
  Lines lines;
  std::istringstream stream(config);
  for (std::string line; std::getline(stream, line);) {
    const auto mark = line.find(" = ");
    if (mark != std::string::npos) lines.emplace_back(line.substr(0, mark), line.substr(mark + 3));
  }
  return lines;
}

/// The first value of each key: a card may have any number of lines.
std::map<std::string, std::string> by_key(const Lines& lines) {
  return {lines.begin(), lines.end()};
}

std::string value_in(const std::map<std::string, std::string>& values, const std::string& key) {
  const auto at = values.find(key);
  return at == values.end() ? std::string() : at->second;
}

/// A card's limits are a paragraph.
std::string shortened(const std::string& value) {
  constexpr std::size_t kShown = 40;
  if (value.empty()) return "not set";
  return value.size() <= kShown ? value : value.substr(0, kShown) + "...";
}

}  // namespace

std::vector<ConfigDifference> config_differences(const std::string& before,
                                                 const std::string& now) {
  const Lines old_lines = lines_of(before);
  const Lines new_lines = lines_of(now);
  const auto old_values = by_key(old_lines);
  const auto new_values = by_key(new_lines);
  std::vector<ConfigDifference> differences;
  for (const auto& [key, value] : new_lines) {
    const std::string old = value_in(old_values, key);
    if (old != value) differences.push_back({key, old, value});
  }
  for (const auto& [key, value] : old_lines) {
    if (value_in(new_values, key).empty()) differences.push_back({key, value, ""});
  }
  return differences;
}

std::string words_of(const std::vector<ConfigDifference>& differences) {
  constexpr std::size_t kShown = 3;
  std::string words;
  for (std::size_t i = 0; i < std::min(kShown, differences.size()); ++i) {
    const auto& [key, before, now] = differences[i];
    words += fmt::format("{}{} was {}, now {}", i > 0 ? "; " : "", key, shortened(before),
                         shortened(now));
  }
  if (differences.size() > kShown) {
    words += fmt::format("; and {} more", differences.size() - kShown);
  }
  return words;
}

}  // namespace cytocape::detail
