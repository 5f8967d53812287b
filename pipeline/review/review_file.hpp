#pragma once

/// review.sqlite, which lies beside the record that it is of, and goes with it where a later run
/// sets the report aside.

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "io/ledger.hpp"
#include "io/report_folder.hpp"
#include "pipeline/review/review.hpp"

namespace cytocape {

/// A person, as a row names them.
struct Reviewer {
  std::string name;
};

/// The review of one record, open for decisions. Safe for many threads; other processes may write
/// into the same file. Members throw StorageError.
class ReviewFile {
 public:
  /// Of `<folder>/report.h5`, whose SHA-256 is `record_sha256`. Makes the file with the first
  /// decision, not here. Throws for a review of another record.
  ReviewFile(const std::filesystem::path& folder, std::string record_sha256);

  /// What stands there now, with what other processes have added.
  [[nodiscard]] Review now();
  /// The same once there is a row behind `seq`, or after `most`.
  [[nodiscard]] Review now_or_behind(std::int64_t seq, std::chrono::milliseconds most);
  /// All rows behind `seq`.
  [[nodiscard]] std::vector<LedgerEntry> rows_after(std::int64_t seq);

  struct Answer {
    std::optional<LedgerEntry> row;  ///< on the disk; none where it was refused
    std::string why;                 ///< it was refused
    bool conflict = false;           ///< for another person decided on a cell meanwhile
  };
  /// Adds `decision`, made by somebody who had seen the rows up to `seen`, and says what stands
  /// there of each cell. Refuses what why_refused does, a decision on cells or an item of
  /// morphology that another person decided on behind `seen`, taking such a row back likewise, and
  /// a signature where there is any row behind it: they have not seen that. Checks the whole chain
  /// first.
  Answer decide(Decision decision, const Reviewer& who, std::int64_t seen, const CellIndex& index);

 private:
  void refresh();
  void read_all();
  void open_if_there();
  void begin();
  void forget();
  void take(std::vector<LedgerEntry> rows);
  [[nodiscard]] Answer refusal_of(const Decision& decision, const Reviewer& who, std::int64_t seen,
                                  const CellIndex& index) const;
  std::filesystem::path path_;
  std::string record_sha256_;
  std::mutex one_at_a_time_;
  std::condition_variable changed_;
  std::unique_ptr<Ledger> ledger_;  ///< null while there is no file
  std::string file_;                ///< which file that is: another may be put in its place
  std::vector<LedgerEntry> rows_;
  Review review_;
};

/// Of a folder that has a review; none where it has none. Throws StorageError also where the chain
/// is broken or the review is of another record than the folder's.
[[nodiscard]] std::optional<Review> read_review(const std::filesystem::path& folder,
                                                const std::string& record_sha256);

/// The same with all rows.
struct ReviewWithRows {
  Review review;
  std::vector<LedgerEntry> rows;
};
[[nodiscard]] std::optional<ReviewWithRows> read_review_rows(const std::filesystem::path& folder,
                                                             const std::string& record_sha256);

/// One ledger of a folder of reports, as `cytocape review verify` tells of it.
struct CheckedLedger {
  std::filesystem::path path;
  std::size_t rows = 0;
  std::string head;   ///< hash of the last row
  std::string fault;  ///< empty: whole and, of a review, of the record beside it
  std::vector<std::string> remarks;
};

/// The chain alone, whatever it is of.
[[nodiscard]] CheckedLedger checked_ledger(const std::filesystem::path& path);

/// Every review of `out`, a folder of reports or of one report, those set aside too, by path.
[[nodiscard]] std::vector<CheckedLedger> check_reviews(const std::filesystem::path& out);

}  // namespace cytocape
