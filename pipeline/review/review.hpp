#pragma once

/// What the rows of a slide's review come to. Pure.

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "io/report.hpp"
#include "pipeline/review/decision.hpp"

namespace cytocape {

/// What a person says of a cell, located or placed.
struct ReviewedCell {
  std::string name;      ///< taxonomy code; empty: no cell
  bool renamed = false;  ///< else confirmed as it was called
  std::string by;
  std::int64_t seq = 0;  ///< the row that says so
};

struct ReviewComment {
  std::int64_t seq = 0;
  std::string by;
  std::string at;
  std::vector<std::uint64_t> cells;  ///< none: on the slide
  std::string text;
};

/// What stands of one item of morphology.
struct ReviewedItem {
  std::string text;
  std::string by;
  std::string at;
  std::int64_t seq = 0;  ///< the row that says so
};

/// Cells that two people name without seeing what the other says. Once both have finished, what
/// they agree on counts, and a third person settles the rest.
struct BlindReading {
  std::int64_t row = 0;              ///< that began it
  std::vector<std::uint64_t> cells;  ///< in the record's order
  std::vector<std::string> before;   ///< what each was when it began
  std::array<std::string, 2> readers;
  std::array<std::map<std::uint64_t, std::string>, 2> named;  ///< empty: no cell
  std::array<bool, 2> finished{};
  std::int64_t over = 0;  ///< the row with which both had finished; 0: it goes on

  /// 0 or 1; -1 for anybody else.
  [[nodiscard]] int reader(const std::string& name) const;
  [[nodiscard]] bool is_of(std::uint64_t cell) const;
  [[nodiscard]] bool agrees(std::uint64_t cell) const;
};

/// Rows that were taken back are not in it. Of several rows on a cell the last one counts.
struct Review {
  std::map<std::uint64_t, ReviewedCell> cells;  ///< of those that a person looked at
  std::map<std::uint64_t, Level0Point> placed;  ///< where cells of `cells` are that a person added
  std::set<std::uint64_t> references;           ///< ids of the site's examples
  std::map<std::string, ReviewedItem> morphology;  ///< by item
  /// Those that were finished, in their order, and one that goes on behind them. One that was ended
  /// is not among them, and stays ended.
  std::vector<BlindReading> readings;
  std::vector<ReviewComment> comments;
  std::set<std::string> opened;     ///< classes whose cells somebody was shown
  std::set<std::string> reviewers;  ///< who decided on cells
  std::set<std::int64_t> undone;    ///< rows that do not count
  std::int64_t version = 1;
  ReviewSummary::Step verified;    ///< none once something was decided after it
  ReviewSummary::Step signed_off;  ///< none once it was amended
  std::vector<ReviewSummary::Amendment> amendments;
  /// As the last version that was amended was signed: its cells, and nothing of what was taken back
  /// behind it. Null in version 1.
  std::shared_ptr<const Review> signed_before;
  std::string subject;                   ///< SHA-256 of the record
  std::vector<DecisionKind> kinds;       ///< of all rows, from row 1
  std::vector<std::int64_t> takes_back;  ///< of all rows: the row that each takes back, or 0
  std::int64_t seq = 0;                  ///< of the last row
  std::string head;                      ///< hash of the last row

  /// The reading that goes on; null where none does. Lives as long as the review is not changed.
  [[nodiscard]] const BlindReading* going_on() const {
    return readings.empty() || readings.back().over > 0 ? nullptr : &readings.back();
  }
};

/// `entries` are all of a ledger. Throws StorageError naming the row where one says what no
/// version of this program writes.
[[nodiscard]] Review reduce(std::span<const LedgerEntry> entries);

/// The cells of a record, by id. `cells` outlive it, and are in the record's order.
class CellIndex {
 public:
  CellIndex(std::span<const CellRow> cells, std::span<const std::string> classes)
      : cells_(cells), classes_(classes) {}
  /// Null where there is none.
  [[nodiscard]] const CellRow* find(std::uint64_t id) const;
  /// The class that the program called it, or why it has none.
  [[nodiscard]] std::string called(const CellRow& cell) const;
  [[nodiscard]] std::span<const CellRow> cells() const { return cells_; }

 private:
  std::span<const CellRow> cells_;
  std::span<const std::string> classes_;
};

/// What a cell is by record and review; none where there is no such cell.
[[nodiscard]] std::optional<std::string> name_now(std::uint64_t id, const Review& review,
                                                  const CellIndex& index);

/// Cells of a finished blind reading on which its readers differ and that nobody has named since. A
/// cell whose placing was taken back is none.
[[nodiscard]] std::vector<std::uint64_t> unsettled(const Review& review,
                                                   const BlindReading& reading);
/// The same of every reading.
[[nodiscard]] std::vector<std::uint64_t> unsettled(const Review& review);

/// The row of which `row` is the end: of one that takes back a row that takes back .., the last.
[[nodiscard]] std::int64_t taken_back_by(std::int64_t row, const Review& review);

/// Why `decision` cannot be a row of a review that stands so; empty where it can.
[[nodiscard]] std::string why_refused(const Decision& decision, const Review& review,
                                      const CellIndex& index);

}  // namespace cytocape
