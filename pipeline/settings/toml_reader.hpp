#pragma once

/// A strict reader of TOML settings in layers: later layers win, every key must be read by someone,
/// and every complaint names the layer, the key, the value and what would be right.

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cytocape {

struct NumberRange {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};

/// Not thread-safe. All members throw ConfigError.
class TomlReader {
 public:
  TomlReader();
  TomlReader(TomlReader&&) noexcept;
  TomlReader& operator=(TomlReader&&) noexcept;
  ~TomlReader();

  /// Adds a layer; `source` names it in messages (a file name, "--set").
  void add(std::string_view toml, const std::string& source);
  /// Adds the layer that a file holds.
  void add_file(const std::string& path);
  /// Adds "key=value" from the command line. The value is TOML; a bare word is taken as a string.
  void add_assignment(const std::string& assignment);

  [[nodiscard]] bool has(const std::string& key) const;

  // Each reads a key that must be present in some layer.
  [[nodiscard]] std::int64_t integer(const std::string& key, NumberRange range = {});
  [[nodiscard]] double number(const std::string& key, NumberRange range = {});
  [[nodiscard]] bool boolean(const std::string& key);
  [[nodiscard]] std::string text(const std::string& key);
  /// A text that must be one of `allowed`.
  [[nodiscard]] std::string choice(const std::string& key, const std::vector<std::string>& allowed);
  /// An array, or a single value as an array of one.
  [[nodiscard]] std::vector<double> numbers(const std::string& key, NumberRange range = {});
  [[nodiscard]] std::vector<std::string> texts(const std::string& key);

  /// Names below `prefix` that are tables, e.g. the classes in "class.<name>.label".
  [[nodiscard]] std::vector<std::string> tables_below(const std::string& prefix) const;
  /// Names below `prefix` that are values, e.g. the keys of a table, sorted.
  [[nodiscard]] std::vector<std::string> keys_below(const std::string& prefix) const;

  /// Refuses keys that nobody read, naming the nearest known one.
  void refuse_unread() const;

  /// "key = value" lines of everything that was read, sorted by key: the values in force.
  [[nodiscard]] std::string in_force() const;

 private:
  struct Leaf;
  [[nodiscard]] const Leaf& leaf(const std::string& key);
  std::map<std::string, Leaf> leaves_;
  std::map<std::string, bool> read_;
};

/// The candidate with the smallest edit distance, or "" where none is near.
[[nodiscard]] std::string nearest_name(const std::string& name,
                                       const std::vector<std::string>& candidates);

}  // namespace cytocape
