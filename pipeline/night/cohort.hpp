#pragma once

/// All slides of one or more folders of reports, a row each: what `cytocape collect` and every run
/// write. Made of the records and of the journals beside them, of nothing else.

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/report.hpp"

namespace cytocape {

/// How a slide of a folder stands, worst first: what a person must look at comes first.
enum class CohortState : std::uint8_t {
  failed,
  damaged,      ///< its record cannot be read
  interrupted,  ///< begun by a run that ended or was killed before it was done
  not_done,     ///< planned by a run that ended before its turn
  gone,         ///< a journal says that it was done, and there is no report
  incomplete,
  insufficient,
  running,  ///< a run is working on it
  waiting,  ///< a run has it before it
  ok,
};

struct CohortStateLabels {
  const char* code = nullptr;
  const char* words = "";
  const char* remedy = "";  ///< what to do; empty where nothing is
};

[[nodiscard]] constexpr CohortStateLabels labels_of(CohortState state) {
  constexpr const char* kGoOn = "run the same command again";
  switch (state) {
    case CohortState::failed:
      return {"failed", "failed", "mend what is said and run the same command again"};
    case CohortState::damaged:
      return {"damaged", "report damaged", "run the same command again: it is made anew"};
    case CohortState::interrupted:
      return {"interrupted", "interrupted", kGoOn};
    case CohortState::not_done:
      return {"not done", "not done", kGoOn};
    case CohortState::gone:
      return {"gone", "report gone", "move its report back, or run the same command again"};
    case CohortState::incomplete:
      return {"incomplete", "incomplete", "see its report for what could not be read"};
    case CohortState::insufficient:
      return {"insufficient", "insufficient", "see its report for what is lacking"};
    case CohortState::running:
      return {"running", "being analyzed"};
    case CohortState::waiting:
      return {"waiting", "waiting"};
    case CohortState::ok:
      return {"ok", "analysis complete"};
  }
  return {};
}

/// A share of the counted cells, or a sum of classes.
struct CohortShare {
  std::string code;
  std::string label;
  std::uint64_t count = 0;
  std::optional<double> fraction;  ///< 0..1
  std::optional<Interval> wilson95;
  std::optional<double> absolute;  ///< x 10^9/L, where the laboratory gave the WBC of a blood
};

struct CohortEdition {
  std::string edition;
  std::string code;
  std::string state;
  std::string sentence;
  std::string criteria;  ///< "id=state; id=state": each in a text of its own would take much memory
};

struct CohortQuality {
  std::string code;
  std::string label;
  QualityCheck::Verdict verdict = QualityCheck::Verdict::not_measured;
  bool decides = false;
  std::optional<double> value;
  std::string unit;
};

/// Texts are as recorded. What a report withholds is absent here.
struct CohortRow {
  std::string id;
  std::filesystem::path folder;  ///< of its report
  std::string of_folder;         ///< which of several folders of reports; empty of the tables' own
  CohortState state = CohortState::ok;
  std::string reason;        ///< why it is not ok; of an ok slide a remark; may be empty
  std::string older;         ///< why it is not of the last run here; empty where it is
  std::string same_picture;  ///< slides of other names that are this picture; empty where none is
  std::string slide;         ///< path
  std::string case_id;
  std::string specimen;
  SlideIdentity identity;
  bool has_counts = false;
  std::uint64_t cells_located = 0;
  std::uint64_t cells_counted = 0;
  std::uint64_t cells_unidentified = 0;  ///< located, and the network was not certain of a class
  std::string withheld;                  ///< why classes and sums are absent
  std::vector<CohortShare> classes;      ///< in clinical order, as far as they are counted
  std::vector<CohortShare> sums;         ///< monocytes, blast equivalents ..
  std::optional<double> wbc;             ///< x 10^9/L
  std::optional<double> amc;             ///< x 10^9/L
  std::optional<Interval> amc95;
  std::vector<CohortEdition> editions;
  std::vector<CohortQuality> quality;
  std::string slide_sha256;
  std::string model;
  std::string model_sha256;
  std::string config_sha256;
  std::string labs_sha256;
  std::string program;
  std::string started_utc;
  std::string finished_utc;
  std::optional<double> seconds;
  std::vector<std::uint8_t> thumbnail;  ///< JPEG; may be empty
};

struct Cohort {
  std::vector<CohortRow> rows;  ///< by id, then in the order of the folders
  std::string made_utc;
  std::size_t cases = 0;  ///< records of cases, which are passed over
  /// Of each of these that counts of earlier records decided: its folder, and what was made anew
  /// since.
  std::vector<std::string> cases_behind;
  /// Of each picture that more than one case has: "a (case A), b (case B)".
  std::vector<std::string> of_two_cases;
};

/// What must be looked into before reports of these slides are used, a sentence each.
[[nodiscard]] std::vector<std::string> concerns_of(const Cohort& cohort);

inline constexpr std::array kCohortTables{"cohort.csv", "cells.csv.gz", "overview.html",
                                          "summary.json"};
/// With a reference.
inline constexpr std::array kComparisonTables{"comparison.html", "comparison.csv",
                                              "comparison_statistics.csv"};

/// How many of the records are read.
using CollectProgress = std::function<void(std::size_t done, std::size_t of)>;

struct CollectRequest {
  std::vector<std::filesystem::path> folders;  ///< of reports
  std::filesystem::path into;                  ///< which may be one of them
  bool if_changed = false;  ///< leave the tables where they are of the same reports already
  /// Counts to compare the slides with (pipeline/night/comparison.hpp); empty: none.
  std::filesystem::path reference{};
  CollectProgress progress{};  ///< may be empty
};

struct Collected {
  std::map<CohortState, std::size_t> states;
  std::size_t slides = 0;
  std::size_t older = 0;
  std::size_t cases = 0;
  std::vector<std::string> in_several_folders;  ///< ids that have a row of more than one
  std::vector<std::string> concerns;            ///< see concerns_of
  bool written = false;                         ///< false where they were there already
  /// A comparison of earlier reports was there, and there is no reference to make it anew.
  bool comparison_removed = false;
  /// Slides that were compared, and those with a reference count that were not; where there is one.
  std::optional<std::pair<std::size_t, std::size_t>> compared;
};

/// Writes cohort.csv, cells.csv.gz, overview.html and summary.json, each whole or not at all; with
/// a reference comparison.html, comparison.csv and comparison_statistics.csv as well, after these.
/// Memory grows by some kilobytes a slide, not with its cells. Throws ConfigError for a folder that
/// is none, StorageError where a table cannot be written; a record that cannot be read is a row
/// that says so.
[[nodiscard]] Collected collect(const CollectRequest& request);

/// The rows alone, without any table. Errors as of `collect`.
[[nodiscard]] Cohort cohort_of(const std::vector<std::filesystem::path>& folders);

/// The tables (docs/report-format.md), handed to `write` a row at a time.
using WriteText = std::function<void(std::string_view)>;
void write_cohort_csv(const Cohort& cohort, const WriteText& write);
void write_overview(const Cohort& cohort, const std::filesystem::path& into,
                    const WriteText& write);
void write_summary(const Cohort& cohort, const std::string& made_of, const WriteText& write);

}  // namespace cytocape
