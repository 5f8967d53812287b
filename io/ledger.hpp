#pragma once

/// A file of entries that are added and never changed: what people decided, when, and in which
/// order. SQLite keeps them, in a journal that is on the disk before `append` returns.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/sqlite_connection.hpp"

namespace cytocape {

struct LedgerDraft {
  std::string at;      ///< ISO 8601, UTC, as the clock said
  std::string author;  ///< name of the account
  std::string kind;    ///< "reclassify"
  std::string body;    ///< JSON object
};

struct LedgerEntry {
  std::int64_t seq = 0;  ///< 1, 2, 3 .. without a gap
  LedgerDraft what;
  std::string previous;  ///< hash of the entry before; empty of the first
  /// SHA-256 of `previous`, a line break and the JSON array [seq, at, author, kind, body].
  std::string hash;
};

[[nodiscard]] std::string hash_of(const LedgerEntry& entry);

/// The file refuses changes by triggers, and each entry holds the hash of the one before: what was
/// changed by other means is found by `check_chain`. That entries were cut off at the end, or all
/// made anew, is found by whoever has noted the hash of the last one. Safe for many threads and
/// processes on one computer; not on a network file system, whose locks SQLite cannot trust. Every
/// member throws StorageError naming the file.
class Ledger {
 public:
  /// Makes the file where there is none. `first` is its first entry then, which says what the
  /// ledger is of. A file in a folder that cannot be written to is read alone. Throws for a file of
  /// something else or of a newer version.
  [[nodiscard]] static std::unique_ptr<Ledger> open(const std::filesystem::path& path,
                                                    const LedgerDraft& first);
  /// Of a file that is there, to be read alone; also where the folder cannot be written to.
  [[nodiscard]] static std::unique_ptr<Ledger> read(const std::filesystem::path& path);
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  /// Nothing can be added.
  [[nodiscard]] bool is_read_only() const;
  /// On the disk when it returns; on an exception it is not there.
  LedgerEntry append(const LedgerDraft& draft);
  /// The same, unless entry `seq` is not the last one any more: nothing is added then.
  std::optional<LedgerEntry> append_behind(std::int64_t seq, const LedgerDraft& draft);
  /// Those behind `seq`, in order.
  [[nodiscard]] std::vector<LedgerEntry> after(std::int64_t seq) const;

 private:
  struct State;
  explicit Ledger(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Why the entries are no chain behind the entry whose hash is `previous`, or from the first one on
/// where that is empty; empty where they are.
[[nodiscard]] std::string check_chain(const std::vector<LedgerEntry>& entries,
                                      std::string previous = {});

}  // namespace cytocape
