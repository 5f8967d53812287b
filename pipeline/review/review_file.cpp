#include "pipeline/review/review_file.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <set>

#include "io/digest.hpp"
#include "io/durable_file.hpp"
#include "io/errors.hpp"
#include "io/secrets.hpp"
#include "pipeline/program/provenance.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

LedgerDraft beginning(const std::string& record_sha256) {
  Decision begin;
  begin.kind = DecisionKind::begin;
  begin.subject = record_sha256;
  return {.at = utc_now(),
          .author = "cytocape " + tool_version(),
          .kind = to_string(DecisionKind::begin),
          .body = body_of(begin)};
}

void require_of(const Review& review, const fs::path& path, const std::string& record_sha256) {
  if (review.subject != record_sha256)
    throw StorageError(
        fmt::format("{}: is the review of another record ({:.12}..) than the one beside it "
                    "({:.12}..); put each back where it was",
                    path.string(), review.subject, record_sha256));
}

void require_chain(const std::vector<LedgerEntry>& rows, const fs::path& path,
                   const std::string& previous = "") {
  if (const auto fault = check_chain(rows, previous); !fault.empty())
    throw StorageError(
        fmt::format("{}: was changed by other means than this program: {}; take it from a backup",
                    path.string(), fault));
}

/// What a row is of: two people who have not seen each other's rows do not decide on the same. A
/// comment is of no consequence for others.
struct Touched {
  std::set<std::uint64_t> cells;
  std::set<std::uint64_t> spoken_of;  ///< these, and those of a comment or a reference
  std::string item;                   ///< of morphology

  [[nodiscard]] std::string shared_with(const Touched& other) const {
    for (const auto id : cells)
      if (other.cells.contains(id)) return fmt::format("cell {} was decided on", id);
    return !item.empty() && item == other.item ? item + " was entered" : "";
  }
};

bool touches_cells(DecisionKind kind) {
  return kind == DecisionKind::reclassify || kind == DecisionKind::confirm ||
         kind == DecisionKind::remove || kind == DecisionKind::split;
}

using Rows = std::vector<LedgerEntry>;

/// Of a row that takes another one back, what that one is of. `seq` is the row's; 0 of one to come.
Touched touched_by(Decision decision, std::int64_t seq, const Rows& rows) {
  while (decision.kind == DecisionKind::undo) {
    if (decision.of < 1 || decision.of > static_cast<std::int64_t>(rows.size())) return {};
    seq = decision.of;
    const auto& entry = rows[static_cast<std::size_t>(seq) - 1].what;
    decision = decision_of(entry.kind, entry.body);
  }
  Touched touched;
  if (touches_cells(decision.kind))
    touched.cells.insert(decision.cells.begin(), decision.cells.end());
  if (seq > 0)
    for (std::size_t i = 0; i < decision.parts.size(); ++i) touched.cells.insert(placed_id(seq, i));
  touched.spoken_of = touched.cells;
  if (!is_of_blind_reading(decision.kind))
    touched.spoken_of.insert(decision.cells.begin(), decision.cells.end());
  if (decision.kind == DecisionKind::morphology) touched.item = decision.item;
  return touched;
}

/// Whose row on the same the other person has not seen; empty where there is none.
std::string unseen(const Touched& touched, const Rows& rows, const std::string& who,
                   std::int64_t seen) {
  for (const auto& row : rows) {
    if (row.seq <= seen || row.what.author == who) continue;
    const auto shared =
        touched.shared_with(touched_by(decision_of(row.what.kind, row.what.body), row.seq, rows));
    if (!shared.empty())
      return fmt::format("{} by {} meanwhile; look at it again", shared, row.what.author);
  }
  return "";
}

/// A reader of a blind reading names its cells alone, and nobody else decides on them meanwhile:
/// that would tell the readers.
std::string against_blind_reading(const Decision& decision, const Touched& touched,
                                  const Review& review, const std::string& who) {
  const bool reads = decision.kind == DecisionKind::read || decision.kind == DecisionKind::finish;
  const auto* going_on = review.going_on();
  if (reads) {
    if (going_on == nullptr)
      return review.readings.empty() ? "there is no blind reading" : "the blind reading is over";
    const auto& blind = *going_on;
    const int reader = blind.reader(who);
    const auto of = static_cast<std::size_t>(reader);
    if (reader < 0) return fmt::format("{} and {} read", blind.readers[0], blind.readers[1]);
    if (blind.finished.at(of)) return "you have finished; what you named stays";
    for (const auto id : decision.cells)
      if (!blind.is_of(id)) return fmt::format("cell {} is not of the blind reading", id);
    const auto left = blind.cells.size() - blind.named.at(of).size();
    if (decision.kind == DecisionKind::finish && left > 0)
      return fmt::format("{} cells are not named yet", left);
    return "";
  }
  for (const auto id : touched.spoken_of)
    if (going_on != nullptr && going_on->is_of(id))
      return fmt::format("cell {} is of a blind reading; wait until both readers have finished",
                         id);
  for (const auto& blind : review.readings) {
    if (blind.reader(who) < 0) continue;
    for (const auto id : unsettled(review, blind))
      if (touched.cells.contains(id))
        return fmt::format("cell {}: its two readers differ; somebody else settles it", id);
  }
  return "";
}

bool has_nothing(const fs::path& path) {
  const fs::path journal = path.string() + "-wal";
  std::error_code error, none;
  const bool empty = fs::file_size(path, error) == 0 && !error;
  return empty && (!fs::exists(journal, none) || fs::file_size(journal, none) == 0);
}

/// Not a moment ago: another program may be making it.
bool was_emptied(const fs::path& path) {
  constexpr auto kMaking = std::chrono::seconds(10);
  std::error_code error;
  return has_nothing(path) &&
         fs::file_time_type::clock::now() - fs::last_write_time(path, error) > kMaking;
}

/// Empty where there is none.
std::string file_at(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return "";
  return fmt::format("{} {}", status.st_dev, status.st_ino);
}

/// The clock may have been set back; the order is that of the rows.
std::vector<std::string> clock_remarks(const std::vector<LedgerEntry>& rows) {
  std::vector<std::string> remarks;
  for (std::size_t i = 1; i < rows.size(); ++i)
    if (rows[i].what.at < rows[i - 1].what.at)
      remarks.push_back(
          fmt::format("row {} has an earlier time than the row before it: the clock "
                      "was set back",
                      rows[i].seq));
  return remarks;
}

CheckedLedger checked(const fs::path& path,
                      const std::function<std::string(const std::vector<LedgerEntry>&)>& fault_of) {
  CheckedLedger result{.path = path, .rows = 0, .head = {}, .fault = {}, .remarks = {}};
  try {
    const auto rows = Ledger::read(path)->after(0);
    result.rows = rows.size();
    result.fault = check_chain(rows);
    if (!result.fault.empty()) return result;
    result.head = rows.back().hash;
    result.remarks = clock_remarks(rows);
    result.fault = fault_of(rows);
  } catch (const StorageError& error) {
    result.fault = error.what();
  }
  return result;
}

CheckedLedger checked_review(const fs::path& path) {
  return checked(path, [&](const auto& rows) -> std::string {
    const auto review = reduce(rows);
    const auto record = folder_of(path) / "report.h5";
    if (!fs::exists(record)) return "its record, report.h5, is not beside it";
    if (sha256_of_file(record) != review.subject)
      return "is of another record than the report.h5 beside it, or that was changed";
    return "";
  });
}

}  // namespace

ReviewFile::ReviewFile(const fs::path& folder, std::string record_sha256)
    : path_(folder / kReviewFile), record_sha256_(std::move(record_sha256)) {
  refresh();
}

void ReviewFile::forget() {
  ledger_ = nullptr;
  rows_.clear();
  review_ = {};
}

/// Another file may have been put in the place of the one that is open: what is written into that
/// is lost.
void ReviewFile::open_if_there() {
  const auto file = file_at(path_);
  if (ledger_ != nullptr && file.empty())
    throw StorageError(
        fmt::format("{}: was taken away while it was open; put it back, or start again without it",
                    path_.string()));
  if (ledger_ != nullptr && file != file_) forget();
  if (ledger_ == nullptr && !file.empty()) {
    if (was_emptied(path_))
      throw StorageError(fmt::format(
          "{}: is empty: what was in it is lost; take it from a backup, or remove it where "
          "there was no review yet",
          path_.string()));
    ledger_ = Ledger::open(path_, beginning(record_sha256_));
    file_ = file;
  }
}

/// Behind those that are there. Nothing is kept of rows that are not of this record.
void ReviewFile::take(std::vector<LedgerEntry> more) {
  require_chain(more, path_, review_.head);
  auto rows = rows_;
  rows.insert(rows.end(), std::make_move_iterator(more.begin()),
              std::make_move_iterator(more.end()));
  auto review = reduce(rows);
  require_of(review, path_, record_sha256_);
  rows_ = std::move(rows);
  review_ = std::move(review);
}

void ReviewFile::refresh() {
  open_if_there();
  if (ledger_ == nullptr) return;
  if (auto more = ledger_->after(review_.seq); !more.empty()) take(std::move(more));
}

Review ReviewFile::now() {
  const std::lock_guard lock(one_at_a_time_);
  refresh();
  return review_;
}

Review ReviewFile::now_or_behind(std::int64_t seq, std::chrono::milliseconds most) {
  std::unique_lock lock(one_at_a_time_);
  refresh();
  if (review_.seq == seq) changed_.wait_for(lock, most);
  refresh();
  return review_;
}

std::vector<LedgerEntry> ReviewFile::rows_after(std::int64_t seq) {
  const std::lock_guard lock(one_at_a_time_);
  refresh();
  std::vector<LedgerEntry> rows;
  for (const auto& row : rows_)
    if (row.seq > seq) rows.push_back(row);
  return rows;
}

/// Makes the file. Nothing stays of one that could not be made, of a full disk: it would look like
/// one that was emptied.
void ReviewFile::begin() {
  const bool was_there = fs::exists(path_);
  try {
    ledger_ = Ledger::open(path_, beginning(record_sha256_));
    file_ = file_at(path_);
    refresh();
  } catch (...) {
    forget();
    std::error_code error;
    if (!was_there && has_nothing(path_)) fs::remove(path_, error);
    throw;
  }
}

/// From the first row on: what was changed by other means must not be built upon.
void ReviewFile::read_all() {
  open_if_there();
  rows_.clear();
  review_ = {};
  refresh();
}

ReviewFile::Answer ReviewFile::refusal_of(const Decision& decision, const Reviewer& who,
                                          std::int64_t seen, const CellIndex& index) const {
  if (is_signature(decision.kind) && seen != review_.seq)
    return {.row = {},
            .why = "something was decided meanwhile; look at the page again",
            .conflict = true};
  if (auto why = why_refused(decision, review_, index); !why.empty())
    return {.row = {}, .why = std::move(why)};
  const auto touched = touched_by(decision, 0, rows_);
  if (auto why = unseen(touched, rows_, who.name, seen); !why.empty())
    return {.row = {}, .why = std::move(why), .conflict = true};
  if (auto why = against_blind_reading(decision, touched, review_, who.name); !why.empty())
    return {.row = {}, .why = std::move(why)};
  return {};
}

ReviewFile::Answer ReviewFile::decide(Decision decision, const Reviewer& who, std::int64_t seen,
                                      const CellIndex& index) {
  constexpr int kTries = 20;  // another process may always be quicker
  const std::lock_guard lock(one_at_a_time_);
  for (int i = 0; i < kTries; ++i) {
    read_all();
    if (auto refused = refusal_of(decision, who, seen, index); !refused.why.empty()) return refused;
    decision.salt = decision.kind == DecisionKind::read ? random_token() : "";
    decision.from.clear();
    for (const auto id : decision.cells)
      decision.from.push_back(name_now(id, review_, index).value_or(""));
    const LedgerDraft draft{.at = utc_now(),
                            .author = who.name,
                            .kind = to_string(decision.kind),
                            .body = body_of(decision)};
    // A row that could not be read again would end the review for ever.
    (void)decision_of(draft.kind, draft.body);
    if (ledger_ == nullptr) begin();
    auto row = ledger_->append_behind(review_.seq, draft);
    if (!row) continue;
    refresh();
    changed_.notify_all();
    return {.row = std::move(row), .why = {}};
  }
  throw StorageError(
      fmt::format("{}: other programs write into it without a pause", path_.string()));
}

std::optional<ReviewWithRows> read_review_rows(const fs::path& folder,
                                               const std::string& record_sha256) {
  const auto path = folder / kReviewFile;
  if (!fs::exists(path)) return std::nullopt;
  auto rows = Ledger::read(path)->after(0);
  require_chain(rows, path);
  auto review = reduce(rows);
  require_of(review, path, record_sha256);
  return ReviewWithRows{std::move(review), std::move(rows)};
}

std::optional<Review> read_review(const fs::path& folder, const std::string& record_sha256) {
  auto read = read_review_rows(folder, record_sha256);
  if (!read) return std::nullopt;
  return std::move(read->review);
}

CheckedLedger checked_ledger(const fs::path& path) {
  return checked(path, [](const auto&) { return std::string(); });
}

std::vector<CheckedLedger> check_reviews(const fs::path& out) {
  std::error_code error;
  if (!fs::is_directory(out, error))
    throw ConfigError(fmt::format("{}: is no folder; give a folder of reports", out.string()));
  std::vector<fs::path> paths;
  for (const auto& entry :
       fs::recursive_directory_iterator(out, fs::directory_options::skip_permission_denied))
    if (entry.path().filename() == kReviewFile) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<CheckedLedger> reviews;
  for (const auto& path : paths) reviews.push_back(checked_review(path));
  return reviews;
}

}  // namespace cytocape
