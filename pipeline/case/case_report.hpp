#pragma once

/// `report` without its command line: from finished records to the report of a case. No slide is
/// read.

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "io/assessment.hpp"
#include "io/report.hpp"

namespace cytocape {

struct CaseReportRequest {
  std::vector<std::filesystem::path> records;  ///< report.h5 of each slide, or their folders
  std::filesystem::path labs;  ///< laboratory values; empty: those that the records hold
  std::string case_id;         ///< empty: the records'
  std::filesystem::path out;   ///< folder; the case's id below it names the report's folder
  bool overwrite = false;
  /// Of each record what people decided on its cells, put into its report; empty: as the program
  /// counted (pipeline/review/reviewed_report.hpp).
  std::function<void(const std::filesystem::path& record, SlideReport& report)> revise = {};
};

struct CaseReportOutcome {
  std::filesystem::path folder;
  std::filesystem::path earlier;  ///< where the report is that was there before; may be empty
  criteria::CaseResult assessment;
  std::vector<SlideReport> slides;  ///< as reported
  Status status = Status::failed;   ///< the worst of the slides'
  bool any_usable = false;          ///< a slide is ok; without one there is no classification
};

/// Writes report.html, report.json and report.h5 (/criteria, and links to the slides' records) into
/// <out>/<case>, which appears whole or not at all. Throws ConfigError before anything is written:
/// records of different cases without `case_id`, a record that a manifest gave another case, one
/// slide twice, a slide that failed, a report that is there or that another run is writing;
/// StorageError for a record that cannot be read or a file that cannot be written.
[[nodiscard]] CaseReportOutcome report_case(const CaseReportRequest& request);

}  // namespace cytocape
