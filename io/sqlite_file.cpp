#include "io/sqlite_file.hpp"

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

}  // namespace

struct SqliteFile::State {
  std::string path;
  Database database{nullptr, sqlite3_close};
  std::map<std::string, Statement> statements;  ///< destroyed before the database

  void check(int result) const {
    if (result == SQLITE_OK || result == SQLITE_DONE) return;
    throw StorageError(
        fmt::format("{}: cannot write: {}", path,
                    one_line(database ? sqlite3_errmsg(database.get()) : sqlite3_errstr(result))));
  }
  sqlite3_stmt* compiled(const std::string& text) {
    const auto found = statements.find(text);
    if (found != statements.end()) return found->second.get();
    sqlite3_stmt* made = nullptr;
    const int result = sqlite3_prepare_v2(database.get(), text.c_str(), -1, &made, nullptr);
    Statement statement(made, sqlite3_finalize);
    check(result);
    return statements.emplace(text, std::move(statement)).first->second.get();
  }
};

SqliteFile::SqliteFile(const std::filesystem::path& path) : state_(std::make_unique<State>()) {
  state_->path = path.string();
  sqlite3* opened = nullptr;
  const int result =
      sqlite3_open_v2(path.c_str(), &opened,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  state_->database.reset(opened);
  state_->check(result);
  run("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;"
      "BEGIN;");
}

SqliteFile::~SqliteFile() = default;

void SqliteFile::run(const std::string& statements) {
  state_->check(
      sqlite3_exec(state_->database.get(), statements.c_str(), nullptr, nullptr, nullptr));
}

void SqliteFile::insert(const std::string& statement, const std::vector<Value>& values) {
  auto* compiled = state_->compiled(statement);
  int at = 0;
  for (const auto& value : values) {
    ++at;
    state_->check(std::visit([&](const auto& held) { return bind(compiled, at, held); }, value));
  }
  const int result = sqlite3_step(compiled);
  sqlite3_reset(compiled);
  state_->check(result);
}

void SqliteFile::close() {
  run("COMMIT;");
  state_->statements.clear();
  state_->check(sqlite3_close(state_->database.get()));
  static_cast<void>(state_->database.release());
}

}  // namespace cytocape
