#pragma once

/// --out of `analyze` and `report`: which reports a run may write, and where earlier ones went.

#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "io/lock_file.hpp"

namespace cytocape {

/// Holds the locks on the reports of a run, each until it is released or to destruction.
/// Thread-safe.
class OutputFolder {
 public:
  struct Claim {
    /// Of the reports' folders that are held from the start, each once.
    std::vector<std::string> names;
    std::string started_utc;  ///< of the run
    bool overwrite = false;   ///< reports that are there may be set aside
  };
  /// `out` exists and can be written. Removes what dead runs left in it. Throws ConfigError, having
  /// changed nothing else and holding no lock: naming what other runs hold and by whom, or a report
  /// that is there, unless it is of a slide that failed.
  OutputFolder(std::filesystem::path out, const Claim& claim);

  /// Takes the lock on one more report. Empty where that is done, else who holds it and what to do.
  /// Throws StorageError.
  [[nodiscard]] std::string claim(const std::string& name);
  /// Gives it back. A name that is not held is none's fault.
  void release(const std::string& name);

  [[nodiscard]] std::filesystem::path folder_of(const std::string& name) const;
  /// Before work on a report starts: moves an earlier one away (io/report_folder.hpp). Throws
  /// StorageError.
  void set_aside(const std::string& name);
  void add_earlier(const std::string& name, const std::filesystem::path& place);
  /// Name -> where its earlier report is now, of those that were set aside.
  [[nodiscard]] std::map<std::string, std::filesystem::path> earlier() const;

 private:
  std::filesystem::path out_;
  std::string started_utc_;
  mutable std::mutex mutex_;
  std::map<std::string, LockFile> locks_;  ///< by name
  std::map<std::string, std::filesystem::path> earlier_;
};

/// Makes `out` where needed. Throws ConfigError where that fails or nothing can be written there.
void check_output_folder(const std::filesystem::path& out);

/// Throws ConfigError where a report in `folder` may not be replaced.
void check_replaceable(const std::filesystem::path& folder, bool overwrite);

}  // namespace cytocape
