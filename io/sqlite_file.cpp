#include "io/sqlite_file.hpp"

namespace cytocape {

SqliteFile::SqliteFile(const std::filesystem::path& path) : connection_(path, SqlAccess::make) {
  run("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;"
      "BEGIN;");
}

void SqliteFile::close() {
  run("COMMIT;");
  connection_.close();
}

}  // namespace cytocape
