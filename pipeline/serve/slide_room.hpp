#pragma once

/// One slide of the station: its record, its cells, its pixels and its review.

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "io/report.hpp"
#include "io/slide.hpp"
#include "pipeline/review/review_file.hpp"
#include "pipeline/serve/known_digests.hpp"

namespace cytocape {

/// Whose slides' pixels are where, and unchanged: a digest of some gigabytes is taken once.
/// Thread-safe.
class SlideFinder {
 public:
  /// `moved`: a folder in which slides are looked for that are not where they were analysed; may be
  /// empty.
  explicit SlideFinder(std::filesystem::path moved) : moved_(std::move(moved)) {}
  /// The file that was analysed, by its SHA-256. Throws SlideError with what to do.
  [[nodiscard]] std::unique_ptr<Slide> open(const SlideReport& report);

 private:
  std::filesystem::path moved_;
  KnownDigests digests_{slide_sha256};
};

/// Const but for the review, which is safe for many threads.
class SlideRoom {
 public:
  /// Of a report's folder. Throws StorageError. Without its slide it has a `why_no_pixels`.
  SlideRoom(std::filesystem::path folder, SlideFinder& finder);

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  /// As the program counted: differential, sums, quality, criteria; no pictures, no rows.
  [[nodiscard]] const SlideReport& report() const { return report_; }
  [[nodiscard]] const std::vector<CellRow>& cells() const { return cells_; }
  [[nodiscard]] CellIndex index() const { return {cells_, report_.model.classes}; }
  [[nodiscard]] const std::string& record_sha256() const { return record_sha256_; }
  [[nodiscard]] ReviewFile& review() const { return *review_; }
  /// Null where the pixels are not there.
  [[nodiscard]] const Slide* slide() const { return slide_.get(); }
  [[nodiscard]] const std::string& why_no_pixels() const { return why_no_pixels_; }
  /// False once the folder holds another record: the slide was analysed again.
  [[nodiscard]] bool is_current() const;
  /// The cells as JSON columns (docs/report-format.md), made once.
  [[nodiscard]] const std::string& cells_json() const { return cells_json_; }

 private:
  std::filesystem::path folder_;
  std::string record_state_;
  std::string record_sha256_;
  SlideReport report_;
  std::vector<CellRow> cells_;
  std::unique_ptr<ReviewFile> review_;
  std::unique_ptr<Slide> slide_;
  std::string why_no_pixels_;
  std::string cells_json_;
};

/// The slides of a folder of reports, opened as they are asked for; the one that was not asked for
/// longest is closed for the next. Thread-safe.
class SlideRooms {
 public:
  static constexpr std::size_t kMostOpen = 12;
  SlideRooms(std::filesystem::path out, std::filesystem::path moved)
      : out_(std::move(out)), finder_(std::move(moved)) {}

  /// Null where there is no report of that id. `id` is looked up among the names that are there,
  /// and is no path. Throws StorageError for a record that cannot be read.
  [[nodiscard]] std::shared_ptr<const SlideRoom> find(const std::string& id);
  [[nodiscard]] const std::filesystem::path& out() const { return out_; }

 private:
  std::filesystem::path out_;
  SlideFinder finder_;
  std::mutex mutex_;
  std::vector<std::pair<std::string, std::shared_ptr<const SlideRoom>>> open_;  ///< the last first
};

}  // namespace cytocape
