#pragma once

/// What `cytocape export` does: files that other programs read, of finished slides' records.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/exports/export_format.hpp"

namespace cytocape {

struct ExportRequest {
  /// Records, folders of reports or folders of one report.
  std::vector<std::filesystem::path> given;
  const ExportFormat* format = nullptr;
  /// A folder, in which files are named by the slides' ids; or the file of the only slide, where
  /// it has the format's extension.
  std::filesystem::path out;
  bool compressed = false;
  /// Told which slide is at its turn, and how many of its cells are written; may be empty.
  std::function<void(const std::string& id, std::uint64_t cells)> progress{};
  bool overwrite = false;
};

/// What became of one record.
struct SlideExport {
  std::filesystem::path record;
  std::string id;                ///< of the slide; empty where the record cannot be read
  std::optional<Status> status;  ///< likewise none
  std::string status_words;      ///< with the first reason where it is not ok
  std::string withheld;          ///< why classes are not in the file
  std::filesystem::path file;    ///< empty where there is none
  std::string why_none;          ///< why not
  std::uint64_t cells = 0;       ///< located
};

struct ExportOutcome {
  std::vector<SlideExport> slides;
  std::size_t cases = 0;  ///< records of cases in folders, which are passed over
  /// The worst of all slides'; kExitFailed where a record gave no file that should.
  [[nodiscard]] int exit_code() const;
};

/// Each file appears whole or not at all; a record that cannot be read gives none and does not keep
/// the others from theirs. Throws ConfigError where nothing was started: nothing to export, two
/// slides for one file, a file that is there already.
[[nodiscard]] ExportOutcome export_slides(const ExportRequest& request,
                                          const std::function<void(const SlideExport&)>& tell);

}  // namespace cytocape
