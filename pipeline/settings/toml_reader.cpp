#include "pipeline/settings/toml_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>
#include <sstream>
#include <toml.hpp>

#include "io/errors.hpp"
#include "io/text.hpp"
#include "io/text_file.hpp"
#include "pipeline/settings/toml_depth.hpp"

namespace cytocape {

struct TomlReader::Leaf {
  toml::value value;
  std::string source;
};

TomlReader::TomlReader() = default;
TomlReader::TomlReader(TomlReader&&) noexcept = default;
TomlReader& TomlReader::operator=(TomlReader&&) noexcept = default;
TomlReader::~TomlReader() = default;

namespace {

/// Keeps every blank within strings, as one_line() would not.
std::string without_breaks(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

/// As one would write it: the fewest digits that give the same number.
std::string printed(const toml::value& value) {
  if (value.is_floating()) {
    const auto text = fmt::format("{}", double{value.as_floating()});
    return text.find_first_not_of("-0123456789") == std::string::npos ? text + ".0" : text;
  }
  if (value.is_array()) {
    std::vector<std::string> items;
    for (const auto& item : value.as_array()) items.push_back(printed(item));
    return fmt::format("[{}]", fmt::join(items, ", "));
  }
  return without_breaks(toml::format(value, std::numeric_limits<std::size_t>::max()));
}

template <class Visit>
void for_each_leaf(const toml::value& value, const std::string& prefix, const Visit& visit) {
  if (!value.is_table()) {
    visit(prefix, value);
    return;
  }
  for (const auto& [name, child] : value.as_table())
    for_each_leaf(child, prefix.empty() ? name : prefix + "." + name, visit);
}

[[noreturn]] void refuse(const std::string& source, const std::string& key,
                         const toml::value& value, const std::string& expected) {
  throw ConfigError(fmt::format("{}: {} = {}: expected {}", source, shortened(key),
                                shortened(printed(value)), expected));
}

std::string describe(NumberRange range) {
  if (std::isfinite(range.low) && std::isfinite(range.high))
    return fmt::format(" from {} to {}", range.low, range.high);
  if (std::isfinite(range.low)) return fmt::format(" of at least {}", range.low);
  if (std::isfinite(range.high)) return fmt::format(" of at most {}", range.high);
  return "";
}

/// The parser takes a whole number that is too large for the largest there is.
bool is_beyond(const toml::value& value) {
  using Limits = std::numeric_limits<std::int64_t>;
  return value.is_integer() &&
         (value.as_integer() == Limits::max() || value.as_integer() == Limits::min());
}

bool is_number(const toml::value& value) {
  return value.is_floating() || (value.is_integer() && !is_beyond(value));
}

double as_number(const toml::value& value) {
  return value.is_integer() ? static_cast<double>(value.as_integer()) : value.as_floating();
}

std::size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> previous(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::vector<std::size_t> current(b.size() + 1, i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, replaced});
    }
    previous = std::move(current);
  }
  return previous.back();
}

constexpr const char* kAssignment = "--set";

/// The parser's message is its own name, what is wrong, and lines that show where.
std::string cause_of(const std::exception& error) {
  const std::string_view whole = error.what();
  auto first = whole.substr(0, whole.find('\n'));
  const auto name = first.find("toml::");
  const auto end = name == std::string_view::npos ? name : first.find(": ", name);
  if (end != std::string_view::npos) first.remove_prefix(end + 2);
  return shortened(one_line(first), 200);
}

[[noreturn]] void refuse_toml(const std::string& source, std::size_t line, const std::string& why) {
  if (source == kAssignment)
    throw ConfigError(
        fmt::format("{}: {}; give key=value, the value a number, a word or a text in "
                    "quotes, or several in brackets",
                    source, why));
  throw ConfigError(fmt::format("{}: line {}: {}", source, line, why));
}

toml::value parse(std::string_view text, const std::string& source) {
  constexpr std::size_t kLevels = 32;
  if (const auto line = line_nested_deeper_than(text, kLevels))
    refuse_toml(source, *line, fmt::format("nested too deeply: more than {} levels", kLevels));
  // The parser looks at the whole line for each value in it, in case it has to show it.
  constexpr std::size_t kLineBytes = 8192;
  if (const auto line = line_longer_than(text, kLineBytes))
    refuse_toml(source, *line, fmt::format("longer than {} bytes; shorten it", kLineBytes));
  std::istringstream stream{std::string(text)};
  try {
    return toml::parse(stream, source);
  } catch (const toml::exception& error) {
    refuse_toml(source, error.location().line(), "not valid TOML: " + cause_of(error));
  } catch (const std::bad_alloc&) {
    throw ConfigError(source + ": it does not fit into memory; free some, or shorten it");
  } catch (const std::exception& error) {
    throw ConfigError(fmt::format("{}: not valid TOML: {}", source, cause_of(error)));
  }
}

/// Numbers as a hurried user types them, ".25" or "0.25,0.26", as TOML; empty for anything else.
/// What is TOML already stays as it is: 3 is a whole number, 3.0 is none.
std::string as_written_by_hand(std::string_view text) {
  std::vector<std::string> numbers;
  for (std::string_view rest = text; !rest.empty();) {
    const auto comma = std::min(rest.find(','), rest.size());
    auto one = trimmed(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    if (one.starts_with('+')) one.remove_prefix(1);
    const auto number = parse_number(one);
    if (!number) return "";
    const bool whole = one.find_first_not_of("-0123456789") == std::string_view::npos;
    numbers.push_back(whole ? std::string(one) : printed(toml::value(*number)));
  }
  if (numbers.empty()) return "";
  return numbers.size() == 1 ? numbers.front() : fmt::format("[{}]", fmt::join(numbers, ", "));
}

}  // namespace

std::string nearest_name(const std::string& name, const std::vector<std::string>& candidates) {
  // Names of this program are shorter; comparing a whole file with each would take minutes.
  constexpr std::size_t kLongest = 100;
  if (name.size() > kLongest) return "";
  std::string best;
  auto best_distance = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const auto& candidate : candidates) {
    if (candidate.size() >= name.size() + best_distance ||
        name.size() >= candidate.size() + best_distance)
      continue;
    const auto distance = edit_distance(name, candidate);
    if (distance >= best_distance) continue;
    best_distance = distance;
    best = candidate;
  }
  return best;
}

void TomlReader::add(std::string_view toml_text, const std::string& source) {
  const auto root = parse(toml_text, source);
  for_each_leaf(root, "", [&](const std::string& key, const toml::value& value) {
    leaves_.insert_or_assign(key, Leaf{value, source});
  });
}

void TomlReader::add_file(const std::string& path) {
  // The settings that there are take some kilobytes.
  constexpr std::uint64_t kMostBytes = 128ULL << 10U;
  const auto content = read_text_file(path, kMostBytes);
  if (content.find('\0') != std::string::npos)
    throw ConfigError(path + ": the file is UTF-16 or not text: save it as UTF-8");
  add(content, path);
}

void TomlReader::add_assignment(const std::string& assignment) {
  const auto equals = assignment.find('=');
  if (equals == std::string::npos || equals == 0)
    throw ConfigError(fmt::format("--set {}: expected key=value", shortened(assignment)));
  const auto key = assignment.substr(0, equals);
  const auto value = assignment.substr(equals + 1);
  if (const auto numbers = as_written_by_hand(value); !numbers.empty())
    return add(fmt::format("{} = {}", key, numbers), kAssignment);
  try {
    add(fmt::format("{} = {}", key, value), kAssignment);
  } catch (const ConfigError&) {
    if (value.find_first_of("\"\\\n") != std::string::npos) throw;
    add(fmt::format("{} = \"{}\"", key, value), kAssignment);
  }
}

bool TomlReader::has(const std::string& key) const {
  return leaves_.contains(key);
}

const TomlReader::Leaf& TomlReader::leaf(const std::string& key) {
  read_[key] = true;
  const auto found = leaves_.find(key);
  if (found == leaves_.end())
    throw ConfigError(
        fmt::format("configuration: {} is missing; give it in the file or by --set", key));
  return found->second;
}

std::int64_t TomlReader::integer(const std::string& key, NumberRange range) {
  const auto& [value, source] = leaf(key);
  if (!value.is_integer() || !is_number(value) || as_number(value) < range.low ||
      as_number(value) > range.high)
    refuse(source, key, value, "a whole number" + describe(range));
  return value.as_integer();
}

double TomlReader::number(const std::string& key, NumberRange range) {
  const auto& [value, source] = leaf(key);
  if (!is_number(value) || !(as_number(value) >= range.low && as_number(value) <= range.high))
    refuse(source, key, value, "a number" + describe(range));
  return as_number(value);
}

bool TomlReader::boolean(const std::string& key) {
  const auto& [value, source] = leaf(key);
  if (!value.is_boolean()) refuse(source, key, value, "true or false");
  return value.as_boolean();
}

std::string TomlReader::text(const std::string& key) {
  const auto& [value, source] = leaf(key);
  if (!value.is_string()) refuse(source, key, value, "a text in quotes");
  return value.as_string().str;
}

std::string TomlReader::choice(const std::string& key, const std::vector<std::string>& allowed) {
  auto chosen = text(key);
  if (std::find(allowed.begin(), allowed.end(), chosen) == allowed.end()) {
    const auto& [value, source] = leaf(key);
    refuse(source, key, value, fmt::format("one of {}", fmt::join(allowed, ", ")));
  }
  return chosen;
}

std::vector<double> TomlReader::numbers(const std::string& key, NumberRange range) {
  const auto& [value, source] = leaf(key);
  if (is_number(value)) return {number(key, range)};
  if (!value.is_array())
    refuse(source, key, value, "a number" + describe(range) + ", or several in brackets");
  std::vector<double> result;
  for (const auto& item : value.as_array()) {
    if (!is_number(item) || !(as_number(item) >= range.low && as_number(item) <= range.high))
      refuse(source, key, value, "numbers in brackets, each" + describe(range));
    result.push_back(as_number(item));
  }
  return result;
}

std::vector<std::string> TomlReader::texts(const std::string& key) {
  const auto& [value, source] = leaf(key);
  if (value.is_string()) return {value.as_string().str};
  if (!value.is_array()) refuse(source, key, value, "a text, or several in brackets");
  std::vector<std::string> result;
  for (const auto& item : value.as_array()) {
    if (!item.is_string()) refuse(source, key, value, "a text, or several in brackets");
    result.push_back(item.as_string().str);
  }
  return result;
}

std::vector<std::string> TomlReader::tables_below(const std::string& prefix) const {
  std::vector<std::string> names;
  const auto start = prefix + ".";
  for (const auto& [key, value] : leaves_) {
    if (!key.starts_with(start)) continue;
    const auto end = key.find('.', start.size());
    if (end == std::string::npos) continue;
    auto name = key.substr(start.size(), end - start.size());
    if (names.empty() || names.back() != name) names.push_back(std::move(name));
  }
  return names;
}

std::vector<std::string> TomlReader::keys_below(const std::string& prefix) const {
  std::vector<std::string> names;
  const auto start = prefix + ".";
  for (const auto& [key, value] : leaves_)
    if (key.starts_with(start) && key.find('.', start.size()) == std::string::npos)
      names.push_back(key.substr(start.size()));
  return names;
}

void TomlReader::refuse_unread() const {
  std::vector<std::string> known;
  for (const auto& [key, unused] : read_) known.push_back(key);
  for (const auto& [key, item] : leaves_) {
    if (read_.contains(key)) continue;
    const auto nearest = nearest_name(key, known);
    throw ConfigError(fmt::format(
        "{}: unknown key {} = {}{}", item.source, shortened(key), shortened(printed(item.value)),
        nearest.empty() ? "" : fmt::format("; did you mean {}?", nearest)));
  }
}

std::string TomlReader::in_force() const {
  std::string lines;
  for (const auto& [key, unused] : read_) {
    const auto found = leaves_.find(key);
    if (found != leaves_.end())
      lines += fmt::format("{} = {}\n", key, printed(found->second.value));
  }
  return lines;
}

}  // namespace cytocape
