#pragma once

/// Text that a format writes as it comes, plain or compressed.

#include <memory>
#include <string>
#include <string_view>

#include "pipeline/exports/export_format.hpp"

namespace cytocape {

/// Not thread-safe. Every member throws StorageError naming the file.
class TextFile {
 public:
  explicit TextFile(const ExportTarget& target);
  ~TextFile();
  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;

  void write(std::string_view text);
  /// The file is whole only then.
  void close();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// `text` as a JSON string, quotes included; bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string json_string(const std::string& text);

/// What a file is of, as a JSON object, for people and for programs that read no record.
[[nodiscard]] std::string about_json(const ExportedSlide& slide);

}  // namespace cytocape
