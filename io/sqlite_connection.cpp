#include "io/sqlite_connection.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <map>

#include "io/errors.hpp"
#include "io/text.hpp"

namespace cytocape {
namespace {

using Database = std::unique_ptr<sqlite3, int (*)(sqlite3*)>;
using Statement = std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)>;

int bind(sqlite3_stmt* statement, int at, std::monostate) {
  return sqlite3_bind_null(statement, at);
}
int bind(sqlite3_stmt* statement, int at, std::int64_t value) {
  return sqlite3_bind_int64(statement, at, value);
}
int bind(sqlite3_stmt* statement, int at, double value) {
  return sqlite3_bind_double(statement, at, value);
}
// The values outlive the step that reads them: null asks for no copy, as SQLITE_STATIC does with
// a cast that this project's warnings refuse.
int bind(sqlite3_stmt* statement, int at, const std::string& value) {
  return sqlite3_bind_text(statement, at, value.data(), static_cast<int>(value.size()), nullptr);
}
int bind(sqlite3_stmt* statement, int at, const std::vector<std::uint8_t>& value) {
  return sqlite3_bind_blob(statement, at, value.data(), static_cast<int>(value.size()), nullptr);
}

SqlValue value_of(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return std::int64_t{sqlite3_column_int64(statement, column)};
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, column);
    case SQLITE_TEXT: {
      const auto* text = sqlite3_column_text(statement, column);
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
      return std::string(text, text + size);
    }
    case SQLITE_BLOB: {
      const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement, column));
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
      return std::vector<std::uint8_t>(bytes, bytes + size);
    }
    default:
      return std::monostate{};
  }
}

int flags_of(SqlAccess access) {
  switch (access) {
    case SqlAccess::make:
      return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    case SqlAccess::write:
      return SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    case SqlAccess::frozen:
      return SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI;
    case SqlAccess::read:
      break;
  }
  return SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
}

/// As a URI, in which a path's letters of other meaning are escaped.
std::string frozen_name(const std::filesystem::path& path) {
  std::string uri = "file:";
  for (const char c : path.string()) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("/._-").find(c) != std::string_view::npos;
    uri += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri + "?immutable=1";
}

/// A statement is left without its row and values, whatever happens.
class Reset {
 public:
  explicit Reset(sqlite3_stmt* statement) : statement_(statement) {}
  ~Reset() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
  Reset(const Reset&) = delete;
  Reset& operator=(const Reset&) = delete;

 private:
  sqlite3_stmt* statement_;
};

}  // namespace

struct SqliteConnection::State {
  std::string path;
  const char* doing = "write";
  Database database{nullptr, sqlite3_close};
  std::map<std::string, Statement> statements;  ///< destroyed before the database

  void check(int result) const {
    if (result == SQLITE_OK || result == SQLITE_DONE || result == SQLITE_ROW) return;
    throw StorageError(
        fmt::format("{}: cannot {}: {}", path, doing,
                    one_line(database ? sqlite3_errmsg(database.get()) : sqlite3_errstr(result))));
  }
  sqlite3_stmt* bound(const std::string& text, const SqlRow& values) {
    auto found = statements.find(text);
    if (found == statements.end()) {
      sqlite3_stmt* made = nullptr;
      const int result = sqlite3_prepare_v2(database.get(), text.c_str(), -1, &made, nullptr);
      Statement statement(made, sqlite3_finalize);
      check(result);
      found = statements.emplace(text, std::move(statement)).first;
    }
    int at = 0;
    for (const auto& value : values) {
      ++at;
      check(
          std::visit([&](const auto& held) { return bind(found->second.get(), at, held); }, value));
    }
    return found->second.get();
  }
};

SqliteConnection::SqliteConnection(const std::filesystem::path& path, SqlAccess access)
    : state_(std::make_unique<State>()) {
  state_->path = path.string();
  const bool frozen = access == SqlAccess::frozen;
  if (access == SqlAccess::read || frozen) state_->doing = "read";
  sqlite3* opened = nullptr;
  const auto name = frozen ? frozen_name(path) : path.string();
  const int result = sqlite3_open_v2(name.c_str(), &opened, flags_of(access), nullptr);
  state_->database.reset(opened);
  state_->check(result);
  state_->check(sqlite3_busy_timeout(opened, kSqlWaitMs));
}

SqliteConnection::~SqliteConnection() = default;

void SqliteConnection::run(const std::string& statements) {
  state_->check(
      sqlite3_exec(state_->database.get(), statements.c_str(), nullptr, nullptr, nullptr));
}

void SqliteConnection::execute(const std::string& statement, const SqlRow& values) {
  auto* bound = state_->bound(statement, values);
  const Reset reset(bound);
  state_->check(sqlite3_step(bound));
}

void SqliteConnection::query(const std::string& statement, const SqlRow& values,
                             const TakeRow& take) {
  auto* bound = state_->bound(statement, values);
  const Reset reset(bound);
  for (;;) {
    const int result = sqlite3_step(bound);
    state_->check(result);
    if (result != SQLITE_ROW) return;
    SqlRow row;
    for (int column = 0; column < sqlite3_column_count(bound); ++column)
      row.push_back(value_of(bound, column));
    take(row);
  }
}

void SqliteConnection::close() {
  state_->statements.clear();
  state_->check(sqlite3_close(state_->database.get()));
  static_cast<void>(state_->database.release());
}

}  // namespace cytocape
