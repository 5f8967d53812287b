#pragma once

/// The worklist's rows. Internal to pipeline/serve.

#include <map>
#include <mutex>

#include "io/digest.hpp"
#include "pipeline/night/cohort.hpp"
#include "pipeline/review/agreement.hpp"
#include "pipeline/serve/known_digests.hpp"
#include "pipeline/serve/station.hpp"

namespace cytocape {

/// Read anew no more often than every few seconds: a thousand records take as long. Thread-safe.
struct Station::Night {
  explicit Night(std::filesystem::path folder) : out(std::move(folder)) {}
  [[nodiscard]] std::shared_ptr<const Cohort> now();

  /// What the reviews of all slides tell beyond their own.
  struct Reviewed {
    std::string slide;
    std::string model;
    AgreementByMonth agreement;
    std::map<std::uint64_t, std::string> references;  ///< cell and its class
    std::optional<BlindReading> reading;              ///< one that goes on
  };
  /// Of each slide that has one, read anew where it was added to.
  [[nodiscard]] std::vector<std::shared_ptr<const Reviewed>> reviews();
  [[nodiscard]] static std::shared_ptr<const Reviewed> reviewed_of(
      const CohortRow& row, const std::optional<ReviewWithRows>& read);

  std::filesystem::path out;
  std::mutex mutex;
  std::shared_ptr<const Cohort> cohort;
  KnownDigests records{sha256_of_file};
  Sessions::Clock::time_point read_at;
  std::mutex reviewing;
  /// By folder: the state of its file, and what it told.
  std::map<std::filesystem::path, std::pair<std::string, std::shared_ptr<const Reviewed>>> reviewed;
};

/// Whether two tokens are the same, both not empty.
[[nodiscard]] bool same_token(const std::string& given, const std::string& right);

}  // namespace cytocape
