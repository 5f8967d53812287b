#pragma once

/// SQLite databases that are written once, row after row.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace cytocape {

/// A database in the making, whole once it is closed; there is no journal beside it, and no way
/// back. Equal rows in an equal order give equal bytes. Not thread-safe. Every member throws
/// StorageError naming the file.
class SqliteFile {
 public:
  /// Bytes are a std::vector.
  using Value =
      std::variant<std::monostate, std::int64_t, double, std::string, std::vector<std::uint8_t>>;

  /// Makes `path` anew; it must not be there.
  explicit SqliteFile(const std::filesystem::path& path);
  ~SqliteFile();
  SqliteFile(const SqliteFile&) = delete;
  SqliteFile& operator=(const SqliteFile&) = delete;

  /// Statements that have no values, such as those that make tables.
  void run(const std::string& statements);
  /// One statement with a "?" for each value; compiled the first time that its text is seen.
  void insert(const std::string& statement, const std::vector<Value>& values);
  void close();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cytocape
