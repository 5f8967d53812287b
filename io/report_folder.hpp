#pragma once

/// The folder of a report, which appears whole or not at all, and where earlier ones go.
///
///     <out>/<name>/                       the report
///     <out>/previous/<name>/<UTC time>/   what was there before
///     <out>/.<name>.<..>.partial/         while it is written

#include <filesystem>
#include <optional>
#include <string>

namespace cytocape {

/// What people decided on a record's cells lies beside it (pipeline/review/review_file.hpp).
inline constexpr const char* kReviewFile = "review.sqlite";

/// "previous", "journal" and the tables of a folder of reports (docs/report-format.md), in any
/// letter case.
[[nodiscard]] bool is_reserved_report_name(const std::string& name);

/// Of a name that no report can have, reserved or too long to stand in the names above: what is
/// wrong and what to do. Empty for any other name.
[[nodiscard]] std::string refused_report_name(const std::string& name);

/// Moves what is at `folder`, with all files in it, to where earlier reports go, and says where
/// that is; none where nothing is there. One rename: no reader finds a part. Throws StorageError
/// where it cannot be moved or is no folder; then it is where it was.
std::optional<std::filesystem::path> set_aside(const std::filesystem::path& folder);

/// A report in the making. Whoever makes it holds the lock on its name. Not thread-safe.
class ReportFolder {
 public:
  /// Makes the hidden folder. Throws StorageError.
  explicit ReportFolder(std::filesystem::path folder);
  /// Removes it with all in it, unless it was published.
  ~ReportFolder();
  ReportFolder(const ReportFolder&) = delete;
  ReportFolder& operator=(const ReportFolder&) = delete;

  /// Where its files are written, each whole and synced before `publish`.
  [[nodiscard]] const std::filesystem::path& making() const { return making_; }
  /// Puts it into place by one rename, after setting aside what is there, and says where that is
  /// now. Throws StorageError.
  std::optional<std::filesystem::path> publish();
  /// `text` with the report's place for the hidden folder's, for messages.
  [[nodiscard]] std::string shown(std::string text) const;

 private:
  std::filesystem::path folder_;
  std::filesystem::path making_;
  bool published_ = false;
};

}  // namespace cytocape
