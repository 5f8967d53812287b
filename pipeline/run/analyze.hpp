#pragma once

/// `analyze` without its command line: some slides in, a report for each out.

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/graph/slide_sink.hpp"
#include "pipeline/night/manifest.hpp"
#include "pipeline/settings/analyze_config.hpp"

namespace cytocape {

struct AnalyzeRequest {
  std::vector<GivenSlide> slides;
  /// Of the same list, done by other runs: their cases are known.
  std::vector<GivenSlide> of_other_shards;
  std::filesystem::path model;
  std::optional<Specimen> specimen;  ///< of slides that do not say; none: the model's only one
  std::filesystem::path labs;        ///< laboratory values by case; may be empty
  std::filesystem::path reference;   ///< counts to compare the folder's slides with; may be empty
  AnalyzeConfig config;
  std::filesystem::path out;
  bool overwrite = false;  ///< set aside reports that were made of something else
  bool anew = false;       ///< set aside all reports that are there
  bool quiet = false;      ///< no progress on stderr
  bool json_log = false;   ///< what is said on stderr as JSON, an object a line
  std::string command;     ///< for the report's provenance
  /// Told of each slide that ended or was up to date, one at a time; the results kept in the
  /// outcome then have neither differential nor assessment. May be empty. Must not throw.
  std::function<void(const SlideResult&, std::size_t done, std::size_t of)> told;
};

struct AnalyzeOutcome {
  /// Those that ended or were up to date, in the order of the request.
  std::vector<SlideResult> slides;
  bool interrupted = false;
  /// Slides that other runs held to the end: id -> who has it and what to do.
  std::map<std::string, std::string> held;
  /// Slides whose reports were made of something else and may not be replaced: id -> of what. Empty
  /// after `analyze`, which then does not start.
  std::map<std::string, std::string> refused;
  /// Why the tables of the folder could not be made, which was said on stderr. Empty where they
  /// are.
  std::string tables_fault;
  /// Which cases lack values and which values a slide; said on stderr at the start. May be empty.
  std::string warning;
  /// Slides that an interruption cut off: their ids, and where their earlier reports are.
  std::map<std::string, std::filesystem::path> cut_off;
  [[nodiscard]] int exit_code() const;  ///< the worst of the slides', or kExitHeld
};

/// The specimen that the command line names; none for an empty text. Throws ConfigError.
[[nodiscard]] std::optional<Specimen> parse_specimen(const std::string& code);

/// Checks everything that can be checked first (laboratory values and whose they are, model,
/// specimen, names, earlier reports, the output folder) and throws ConfigError or ModelError before
/// anything was written; after that no slide's failure ends the run. Slides whose reports are up to
/// date are passed over, and so are those that another run is working on. `stop` ends it early.
[[nodiscard]] AnalyzeOutcome analyze(const AnalyzeRequest& request, const std::atomic<bool>& stop);

}  // namespace cytocape
