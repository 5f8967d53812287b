#pragma once

/// The worklist's rows. Internal to pipeline/serve.

#include <mutex>

#include "pipeline/night/cohort.hpp"
#include "pipeline/serve/station.hpp"

namespace cytocape {

/// Read anew no more often than every few seconds: a thousand records take as long. Thread-safe.
struct Station::Night {
  explicit Night(std::filesystem::path folder) : out(std::move(folder)) {}
  [[nodiscard]] std::shared_ptr<const Cohort> now();
  /// Taken once of a file that stays as it is. Throws StorageError.
  [[nodiscard]] std::string record_sha256(const std::filesystem::path& record);

  std::filesystem::path out;
  std::mutex mutex;
  std::shared_ptr<const Cohort> cohort;
  std::map<std::string, std::pair<std::string, std::string>> digests;  ///< path -> state, SHA-256
  Sessions::Clock::time_point read_at;
};

/// Whether two tokens are the same, both not empty.
[[nodiscard]] bool same_token(const std::string& given, const std::string& right);

}  // namespace cytocape
