#pragma once

/// A list of words of a table: "negative", "lab*" (any end), "*klinik" (any beginning).

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cytocape {
class TomlReader;
}

namespace cytocape::criteria {

/// Words in small letters, without accents. Plain data; thread-safe once it is read.
class WordList {
 public:
  WordList() = default;
  explicit WordList(std::vector<std::string> entries);
  /// Of the array `key`; what is wrong with it is a fault of the reader.
  [[nodiscard]] static WordList read(TomlReader& reader, const std::string& key);

  [[nodiscard]] bool holds(std::string_view word) const;

 private:
  std::set<std::string, std::less<>> words_;
  std::vector<std::string> beginnings_;
  std::vector<std::string> ends_;
};

}  // namespace cytocape::criteria
