#pragma once

/// What happened to a folder of reports, run by run: <out>/journal/<time>-<host>-<process>.jsonl.
/// Each run writes a file of its own, so that two on one folder need no agreement, and each line is
/// one JSON object with `event` and `time` (docs/report-format.md). Reports never depend on it: it
/// tells of slides that have none, and saves reading slides again that have not changed.

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cytocape {

/// Thread-safe. What cannot be written is no failure of the work; `fault` tells of it.
class Journal {
 public:
  /// Starts a file in `out`, which exists.
  explicit Journal(const std::filesystem::path& out);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// Adds event and time, and writes at once.
  void write(std::string_view event, nlohmann::json line);
  void write_all(std::string_view event, std::vector<nlohmann::json> lines);
  /// Why the journal is incomplete; empty where it is whole.
  [[nodiscard]] std::string fault() const;

 private:
  void append(const std::string& text);
  std::filesystem::path path_;
  int file_ = -1;
  mutable std::mutex mutex_;
  std::string fault_;
};

/// What the journals say of one slide, the last word first.
struct SlideHistory {
  std::string slide;    ///< path
  std::string place;    ///< place_of, which may differ (earlier_slides.hpp)
  std::string series;   ///< SeriesInstanceUID of a DICOM slide
  std::string event;    ///< "planned", "started", "ended", ..
  std::string why;      ///< of that event
  std::string time;     ///< UTC, of that event
  std::string run;      ///< the journal that says so
  std::string files;    ///< files_state when it was last analysed; may be empty
  std::string content;  ///< SHA-256 of the slide then
  std::string status;   ///< of its report then; empty where that is not noted
  std::string inputs;   ///< inputs_digest of that (standing.hpp)
  std::string record;   ///< files_state of its record
};

/// A run, as its journal says.
struct RunHistory {
  std::string started;  ///< UTC
  std::string ended;    ///< empty while it runs, or where it was killed
  std::string host;
  std::string owner;  ///< io/process_owner.hpp
  std::string command;
  std::string model;
  std::string model_sha256;
  std::string config_sha256;
  std::string program;
  std::string interrupted;       ///< "yes" where it was stopped before its end
  std::set<std::string> slides;  ///< ids that it was given
};

struct Histories {
  std::map<std::string, SlideHistory> slides;  ///< by id
  std::map<std::string, RunHistory> runs;      ///< by journal, in the order of their starts
};

/// All journals of `out`; none where there are none. Lines that are cut or foreign are passed over.
[[nodiscard]] Histories read_journals(const std::filesystem::path& out);

}  // namespace cytocape
