#pragma once

/// The HDF5 record of one slide (docs/report-format.md). Rows are appended while the slide is
/// analysed, so memory does not grow with the number of cells; the summary is written at the end.

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "io/report.hpp"

namespace cytocape {

inline constexpr const char* kRecordSchema = "cytocape-report";
inline constexpr const char* kCaseSchema = "cytocape-case";
inline constexpr int kRecordSchemaVersion = 2;

/// Shapes that must be known before the first cell.
struct RecordShape {
  std::size_t classes = 0;
  int map_height = 0;
  int map_width = 0;
};

/// Writes under a hidden name (io/durable_file.hpp), and renames it to <path> in `commit`;
/// destroyed before that, it removes that file and leaves an earlier record untouched. Not
/// thread-safe: one owner. All HDF5 calls of the process are serialised by a lock inside, whatever
/// the library's build. Every member throws StorageError naming the file and the system's cause.
class RecordWriter {
 public:
  [[nodiscard]] static RecordWriter create(const std::filesystem::path& path, RecordShape shape);
  RecordWriter(RecordWriter&&) noexcept;
  RecordWriter& operator=(RecordWriter&&) noexcept;
  ~RecordWriter();

  void append(std::span<const BlockRow> rows);
  void append(std::span<const CellRow> rows);
  /// Writes everything but the rows, flushes, closes and fsyncs the partial file.
  void finish(const SlideReport& report);
  /// Renames the finished file into place. Precondition: finish() returned.
  void commit();

 private:
  struct State;
  explicit RecordWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Where a case's record finds a slide's.
struct SlideLink {
  std::string id;
  std::filesystem::path record;  ///< relative to the case's record
  std::string finished_utc;      ///< of that record, when the case was made of it
};

/// The record of a case over its slides: /criteria, and /slides/<n>, external links to the roots of
/// the slides' records. Appears whole or not at all. Throws StorageError.
void write_case_record(const std::filesystem::path& path, const criteria::CaseResult& assessment,
                       std::span<const SlideLink> slides);

/// A record read back. What follows from the counts and from what was given (groups, figures, the
/// criteria) is not read: pipeline/case/assess.hpp makes it anew.
struct Record {
  SlideReport report;
  std::vector<BlockRow> blocks;
  std::vector<CellRow> cells;
};

/// Throws StorageError for a file that is no record, is of a newer schema, or is damaged. The file
/// may come from anywhere; HDF5 reads it in a process of its own.
[[nodiscard]] Record read_record(const std::filesystem::path& path);

/// A record without its rows, which are read and checked all the same but a part at a time: memory
/// does not grow with their maps.
struct RecordOverview {
  SlideReport report;
  std::uint64_t blocks = 0;  ///< rows
  std::uint64_t cells = 0;   ///< rows
};

/// As read_record.
[[nodiscard]] RecordOverview read_overview(const std::filesystem::path& path);

}  // namespace cytocape
