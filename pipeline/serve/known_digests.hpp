#pragma once

/// Digests of files that are asked for again and again. Internal to pipeline/serve.

#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace cytocape {

/// Taken once of files that stay as they are: a slide has gigabytes, a night a thousand records.
/// Thread-safe.
class KnownDigests {
 public:
  using Take = std::string (*)(const std::filesystem::path&);
  explicit KnownDigests(Take take) : take_(take) {}
  /// Throws what `take` does.
  [[nodiscard]] std::string of(const std::filesystem::path& path);

 private:
  Take take_;
  std::mutex mutex_;
  std::map<std::filesystem::path, std::pair<std::string, std::string>> known_;  ///< state, digest
};

}  // namespace cytocape
