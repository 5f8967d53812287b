#pragma once

/// Locks between runs that need nothing but a folder: a file that only one process can create, with
/// its owner inside. flock and its kin are absent from many network file systems.

#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>

#include "io/process_owner.hpp"

namespace cytocape {

/// Who has a lock, as its file says.
struct LockHolder {
  OwnerState state = OwnerState::unknown;
  std::string host;  ///< empty where the file is damaged or not of this program
  std::int64_t pid = 0;
  std::string started_utc;  ///< of the run, ISO 8601
};

/// A lock that is held until destruction. Movable; not thread-safe.
class LockFile {
 public:
  /// Takes the lock at `path`, in a folder that exists, for a run that started at `started_utc`; or
  /// says who holds it. A lock whose process is known to be dead is taken over, by one process
  /// alone however many try; one that cannot be judged from here never. Throws StorageError.
  [[nodiscard]] static std::variant<LockFile, LockHolder> take(const std::filesystem::path& path,
                                                               const std::string& started_utc);
  LockFile(LockFile&& other) noexcept;
  LockFile& operator=(LockFile&& other) noexcept;
  /// Removes the file, unless somebody removed it by hand and another process has the lock by now,
  /// or this is a fork of the process that took it.
  ~LockFile();

 private:
  LockFile(std::filesystem::path path, std::string text);
  std::filesystem::path path_;  ///< empty once moved from
  std::string text_;
  std::int64_t pid_ = 0;
};

}  // namespace cytocape
