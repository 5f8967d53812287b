#pragma once

/// SQLite databases that are written once, row after row.

#include <filesystem>
#include <string>

#include "io/sqlite_connection.hpp"

namespace cytocape {

/// A database in the making, whole once it is closed; there is no journal beside it, and no way
/// back. Equal rows in an equal order give equal bytes. Not thread-safe. Every member throws
/// StorageError naming the file.
class SqliteFile {
 public:
  using Value = SqlValue;

  /// Makes `path` anew; it must not be there.
  explicit SqliteFile(const std::filesystem::path& path);

  /// Statements that have no values, such as those that make tables.
  void run(const std::string& statements) { connection_.run(statements); }
  /// One statement with a "?" for each value; compiled the first time that its text is seen.
  void insert(const std::string& statement, const SqlRow& values) {
    connection_.execute(statement, values);
  }
  void close();

 private:
  SqliteConnection connection_;
};

}  // namespace cytocape
