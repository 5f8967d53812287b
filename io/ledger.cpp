#include "io/ledger.hpp"

#include <fmt/format.h>

#include <mutex>
#include <nlohmann/json.hpp>

#include "io/digest.hpp"
#include "io/durable_file.hpp"
#include "io/errors.hpp"
#include "io/text.hpp"

namespace cytocape {
namespace {

constexpr std::int64_t kVersion = 1;

/// A row that was added cannot be changed, and a new one stands behind the last. STRICT tables
/// hold what their columns say.
constexpr const char* kTables = R"(
CREATE TABLE entries (
  seq INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  author TEXT NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL CHECK (substr(body, 1, 1) = '{'),
  previous TEXT UNIQUE REFERENCES entries (hash),
  hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64)
) STRICT;
CREATE TRIGGER entries_do_not_change BEFORE UPDATE ON entries
  BEGIN SELECT RAISE(ABORT, 'entries are not changed; add one'); END;
CREATE TRIGGER entries_stay BEFORE DELETE ON entries
  BEGIN SELECT RAISE(ABORT, 'entries are not deleted; add one'); END;
CREATE TRIGGER entries_follow BEFORE INSERT ON entries
  WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM entries)
    OR NEW.previous IS NOT (SELECT hash FROM entries ORDER BY seq DESC LIMIT 1)
  BEGIN SELECT RAISE(ABORT, 'an entry stands behind the last one'); END;
)";

/// So that a writer waits for another one at the start, where waiting is possible, and an
/// acknowledged entry outlives a loss of power.
constexpr const char* kManners =
    "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF;";

std::string text_of(const SqlValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? "" : *text;
}

std::int64_t number_of(const SqlValue& value) {
  const auto* number = std::get_if<std::int64_t>(&value);
  return number == nullptr ? 0 : *number;
}

LedgerEntry entry_of(const SqlRow& row) {
  return {.seq = number_of(row[0]),
          .what = {.at = text_of(row[1]),
                   .author = text_of(row[2]),
                   .kind = text_of(row[3]),
                   .body = text_of(row[4])},
          .previous = text_of(row[5]),
          .hash = text_of(row[6])};
}

std::int64_t version_of(SqliteConnection& database) {
  std::int64_t version = 0;
  database.query("PRAGMA user_version", {},
                 [&](const SqlRow& row) { version = number_of(row[0]); });
  return version;
}

/// Of writing; gone back on an exception.
class Transaction {
 public:
  explicit Transaction(SqliteConnection& database) : database_(database) {
    database_.run("BEGIN IMMEDIATE");
  }
  ~Transaction() {
    if (done_) return;
    try {
      database_.run("ROLLBACK");
    } catch (const StorageError&) {  // NOLINT(bugprone-empty-catch): SQLite has gone back itself
    }
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit() {
    database_.run("COMMIT");
    done_ = true;
  }

 private:
  SqliteConnection& database_;
  bool done_ = false;
};

/// Within a transaction of writing.
LedgerEntry add(SqliteConnection& database, const LedgerDraft& draft) {
  LedgerEntry entry{.seq = 1, .what = draft, .previous = {}, .hash = {}};
  database.query("SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1", {},
                 [&](const SqlRow& row) {
                   entry.seq = number_of(row[0]) + 1;
                   entry.previous = text_of(row[1]);
                 });
  entry.hash = hash_of(entry);
  database.execute("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?)",
                   {entry.seq, draft.at, draft.author, draft.kind, draft.body,
                    entry.previous.empty() ? SqlValue() : SqlValue(entry.previous), entry.hash});
  return entry;
}

/// SQLite reads a journal beside a file only with an index beside that, which it cannot make in a
/// folder without the right to write; passing over it would lose what is in it in silence.
SqlAccess access_to_read(const std::filesystem::path& path) {
  const auto why = why_not_writable(folder_of(path));
  if (why.empty()) return SqlAccess::read;
  std::error_code error;
  const auto journal = std::filesystem::file_size(path.string() + "-wal", error);
  if (error || journal == 0) return SqlAccess::frozen;
  if (std::filesystem::exists(path.string() + "-shm", error)) return SqlAccess::read;
  throw StorageError(fmt::format(
      "{0}: cannot be read: the newest entries are in {0}-wal, and the folder cannot be written to "
      "({1}); copy both files to another folder and read them there",
      path.string(), why));
}

void require_version(SqliteConnection& database, const std::filesystem::path& path) {
  const auto version = version_of(database);
  if (version != kVersion)
    throw StorageError(fmt::format(
        "{}: is a database of version {}, this program knows {}; it is of something else, or of a "
        "newer program",
        path.string(), version, kVersion));
}

}  // namespace

struct Ledger::State {
  State(std::filesystem::path file, SqlAccess how)
      : path(std::move(file)),
        access(how),
        database(std::make_unique<SqliteConnection>(path, access)) {}
  std::filesystem::path path;
  SqlAccess access;
  std::unique_ptr<SqliteConnection> database;
  std::mutex one_at_a_time;

  [[nodiscard]] SqliteConnection& to_write() const {
    if (access != SqlAccess::make)
      throw StorageError(
          fmt::format("{}: is open to be read alone: {}; make its folder writable and try again",
                      path.string(), why_not_writable(folder_of(path))));
    return *database;
  }
};

Ledger::Ledger(std::unique_ptr<State> state) : state_(std::move(state)) {}
Ledger::~Ledger() = default;

std::string hash_of(const LedgerEntry& entry) {
  const auto& what = entry.what;
  const auto line = nlohmann::json::array({entry.seq, what.at, what.author, what.kind, what.body})
                        .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return sha256_of(entry.previous + "\n" + line);
}

std::unique_ptr<Ledger> Ledger::open(const std::filesystem::path& path, const LedgerDraft& first) {
  if (const auto why = why_not_writable(folder_of(path)); !why.empty()) {
    if (std::error_code error; std::filesystem::exists(path, error)) return read(path);
    throw StorageError(fmt::format("{}: cannot be made: {}", path.string(), why));
  }
  auto state = std::make_unique<State>(path, SqlAccess::make);
  auto& database = *state->database;
  database.run(std::string("PRAGMA journal_mode = WAL;") + kManners);
  if (version_of(database) == 0) {
    Transaction making(database);
    // Another process may have been quicker.
    if (version_of(database) == 0) {
      database.run(kTables);
      database.run(fmt::format("PRAGMA user_version = {}", kVersion));
      add(database, first);
    }
    making.commit();
    sync_path(folder_of(path));
  }
  require_version(database, path);
  return std::unique_ptr<Ledger>(new Ledger(std::move(state)));
}

std::unique_ptr<Ledger> Ledger::read(const std::filesystem::path& path) {
  auto state = std::make_unique<State>(path, access_to_read(path));
  require_version(*state->database, path);
  return std::unique_ptr<Ledger>(new Ledger(std::move(state)));
}

bool Ledger::is_read_only() const {
  return state_->access != SqlAccess::make;
}

LedgerEntry Ledger::append(const LedgerDraft& draft) {
  const std::lock_guard lock(state_->one_at_a_time);
  auto& database = state_->to_write();
  Transaction writing(database);
  auto entry = add(database, draft);
  writing.commit();
  return entry;
}

std::optional<LedgerEntry> Ledger::append_behind(std::int64_t seq, const LedgerDraft& draft) {
  const std::lock_guard lock(state_->one_at_a_time);
  auto& database = state_->to_write();
  Transaction writing(database);
  auto entry = add(database, draft);
  if (entry.seq != seq + 1) return std::nullopt;  // gone back on
  writing.commit();
  return entry;
}

std::vector<LedgerEntry> Ledger::after(std::int64_t seq) const {
  const std::lock_guard lock(state_->one_at_a_time);
  std::vector<LedgerEntry> entries;
  // What SQLite takes for frozen it does not look at again.
  if (state_->access == SqlAccess::frozen)
    state_->database = std::make_unique<SqliteConnection>(state_->path, state_->access);
  state_->database->query(
      "SELECT seq, at, author, kind, body, previous, hash FROM entries WHERE seq > ? ORDER BY seq",
      {seq}, [&](const SqlRow& row) { entries.push_back(entry_of(row)); });
  return entries;
}

std::string check_chain(const std::vector<LedgerEntry>& entries, std::string previous) {
  if (entries.empty()) return "holds no entry";
  auto seq = previous.empty() ? 0 : entries.front().seq - 1;
  for (const auto& entry : entries) {
    if (entry.seq != seq + 1)
      return fmt::format("entry {} stands behind entry {}: entries are missing", entry.seq, seq);
    if (entry.previous != previous)
      return fmt::format("entry {} does not hold the hash of the entry before it", entry.seq);
    if (entry.hash != hash_of(entry))
      return fmt::format("entry {} ({} by {}) is not what was written", entry.seq,
                         shortened(entry.what.kind), shortened(entry.what.author));
    previous = entry.hash;
    seq = entry.seq;
  }
  return "";
}

}  // namespace cytocape
