#pragma once

/// One connection to an SQLite database: all of the project's calls of that library.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace cytocape {

/// What a cell of a table holds; bytes are a std::vector.
using SqlValue =
    std::variant<std::monostate, std::int64_t, double, std::string, std::vector<std::uint8_t>>;
using SqlRow = std::vector<SqlValue>;

enum class SqlAccess : std::uint8_t {
  make,   ///< read and write; made where it is not there
  write,  ///< read and write what is there
  read,   ///< read what is there
  /// Read what nobody can write: neither locks nor the files beside it are used, which a folder
  /// without the right to write cannot have. What is not in the file itself yet is not seen.
  frozen,
};

/// Values reach a statement by its "?" alone, never as a part of its text. A database that another
/// program holds locked is waited for `kSqlWaitMs`. Not thread-safe. Every member throws
/// StorageError naming the file and the library's cause.
class SqliteConnection {
 public:
  static constexpr int kSqlWaitMs = 3000;

  SqliteConnection(const std::filesystem::path& path, SqlAccess access);
  ~SqliteConnection();
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  /// Statements that have no values, such as those that make tables.
  void run(const std::string& statements);
  /// One statement with a "?" for each value; compiled the first time that its text is seen.
  void execute(const std::string& statement, const SqlRow& values = {});
  using TakeRow = std::function<void(const SqlRow& row)>;
  /// Hands each row of the result to `take`.
  void query(const std::string& statement, const SqlRow& values, const TakeRow& take);
  /// Closes it whole; the destructor does so without telling of a failure.
  void close();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cytocape
