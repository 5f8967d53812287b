#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <new>
#include <span>

#include "io/errors.hpp"
#include "io/record.hpp"
#include "io/record_scan.hpp"
#include "io/record_schema.hpp"
#include "io/record_summary.hpp"
#include "io/text.hpp"

namespace cytocape {
namespace {

/// Rows are read so many at a time, or fewer where their maps are large.
constexpr std::uint64_t kRowsAtOnce = 8192;
constexpr std::uint64_t kMapBytesAtOnce = std::uint64_t{8} << 20;

using Rows = h5::Reader::Rows;

std::uint64_t rows_of(const h5::Reader& file, const std::string& path) {
  const auto shape = file.shape(path);
  if (shape.size() != 1) file.fail(path, "is no column");
  return shape[0];
}

/// Texts behind an index column.
class ReasonColumn {
 public:
  ReasonColumn(const h5::Reader& file, const std::string& group, std::uint64_t rows)
      : file_(file),
        index_(file, group + "/reason_index", {rows}),
        texts_(file.read_texts(group + "/reasons")) {}
  [[nodiscard]] std::vector<std::string> rows(Rows wanted) const {
    std::vector<std::string> found;
    for (const auto index : index_.rows(wanted)) {
      if (index < -1 || (index >= 0 && static_cast<std::size_t>(index) >= texts_.size()))
        file_.fail(index_.path(), fmt::format("row {} points at reason {} of {}",
                                              wanted.first + found.size(), index, texts_.size()));
      found.push_back(index == -1 ? "" : texts_[static_cast<std::size_t>(index)]);
    }
    return found;
  }

 private:
  const h5::Reader& file_;
  h5::Column<std::int32_t> index_;
  std::vector<std::string> texts_;
};

/// What fails names the row in the file.
class RowCheck {
 public:
  RowCheck(const h5::Reader& file, std::string group, std::uint64_t row)
      : file_(file), group_(std::move(group)), row_(row) {}
  void require(bool right, const char* column, const std::string& what) const {
    if (!right) file_.fail(group_ + "/" + column, fmt::format("row {} {}", row_, what));
  }
  /// NaN where there is none.
  void require_number(double value, const char* column) const {
    require(!std::isinf(value), column, "is infinite");
  }
  template <class Outcome>
  [[nodiscard]] Outcome outcome(std::uint8_t value) const {
    require(value < value_count<Outcome>(), "outcome", fmt::format("is {}", value));
    return static_cast<Outcome>(value);
  }
  /// Where the outcome is one that has a reason of few kinds.
  template <class Reason>
  [[nodiscard]] std::optional<Reason> reason(const std::string& code) const {
    const auto known = value_named<Reason>(code);
    if (!known)
      require(false, "reason_index", fmt::format("gives the unknown reason '{}'", shortened(code)));
    return known;
  }
  /// Areas lie where sums of their edges stay whole numbers.
  [[nodiscard]] Level0Rect rect(const std::vector<std::int64_t>& edges, std::size_t row,
                                const char* column) const {
    constexpr std::int64_t most = std::int64_t{1} << 40;
    const auto* e = edges.data() + 4 * row;
    require(e[2] >= 0 && e[3] >= 0 &&
                std::all_of(e, e + 4, [](auto edge) { return edge >= -most && edge <= most; }),
            column, "is not an area");
    return {e[0], e[1], e[2], e[3]};
  }

 private:
  const h5::Reader& file_;
  std::string group_;
  std::uint64_t row_;
};

void take_reason(const RowCheck& check, std::string reason, BlockRow& row) {
  switch (row.outcome) {
    case BlockOutcome::analysed:
      return check.require(reason.empty(), "reason_index",
                           "is a reason, but the block is analysed");
    case BlockOutcome::rejected:
      row.rejection = check.reason<Rejection>(reason);
      return;
    case BlockOutcome::failed:
      row.failure = std::move(reason);
      return;
  }
}

void take_reason(const RowCheck& check, std::string reason, CellRow& row) {
  switch (row.outcome) {
    case CellOutcome::classified:
      return check.require(reason.empty(), "reason_index",
                           "is a reason, but the cell is classified");
    case CellOutcome::excluded:
      row.exclusion = check.reason<Exclusion>(reason);
      return;
    case CellOutcome::failed:
      row.failure = std::move(reason);
      return;
  }
}

class BlockReader {
 public:
  explicit BlockReader(const h5::Reader& file)
      : file_(file),
        count_(rows_of(file, "/blocks/index")),
        index_(file, "/blocks/index", {count_}),
        core_(file, "/blocks/core", {count_, 4}),
        outcome_(file, "/blocks/outcome", {count_}),
        foreground_(file, "/blocks/foreground_share", {count_}),
        focus_(file, "/blocks/focus", {count_}),
        cells_(file, "/blocks/cells", {count_}),
        reason_(file, "/blocks", count_) {}
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::vector<BlockRow> rows(Rows wanted) const;

 private:
  const h5::Reader& file_;
  std::uint64_t count_;
  h5::Column<std::uint64_t> index_;
  h5::Column<std::int64_t> core_;
  h5::Column<std::uint8_t> outcome_;
  h5::Column<double> foreground_;
  h5::Column<double> focus_;
  h5::Column<std::uint32_t> cells_;
  ReasonColumn reason_;
};

std::vector<BlockRow> BlockReader::rows(Rows wanted) const {
  const auto index = index_.rows(wanted);
  const auto core = core_.rows(wanted);
  const auto outcome = outcome_.rows(wanted);
  const auto foreground = foreground_.rows(wanted), focus = focus_.rows(wanted);
  const auto cells = cells_.rows(wanted);
  auto reason = reason_.rows(wanted);
  std::vector<BlockRow> rows;
  for (std::size_t i = 0; i < index.size(); ++i) {
    const RowCheck row(file_, "/blocks", wanted.first + i);
    row.require(index[i] == wanted.first + i, "index", fmt::format("is block {}", index[i]));
    row.require(foreground[i] >= 0 && foreground[i] <= 1 + 1e-9, "foreground_share",
                "is not a share from 0 to 1");
    row.require_number(focus[i], "focus");
    rows.push_back({.index = index[i],
                    .core = row.rect(core, i, "core"),
                    .outcome = row.outcome<BlockOutcome>(outcome[i]),
                    .rejection = std::nullopt,
                    .failure = {},
                    .foreground_share = foreground[i],
                    .focus = focus[i],
                    .cells = cells[i]});
    take_reason(row, std::move(reason[i]), rows.back());
  }
  return rows;
}

enum class Maps : std::uint8_t { read, left_out };

/// Cells in the file's order; the maps, which only classified ones have, follow along.
class CellReader {
 public:
  CellReader(const h5::Reader& file, const ModelSummary& model, std::uint64_t blocks,
             Maps maps = Maps::read)
      : file_(file),
        with_maps_(maps),
        classes_(model.classes.size()),
        blocks_(blocks),
        count_(rows_of(file, "/cells/id")),
        maps_(rows_of(file, "/evidence/cell_id")),
        map_shape_{maps_, classes_, static_cast<std::uint64_t>(model.map_height),
                   static_cast<std::uint64_t>(model.map_width)},
        id_(file, "/cells/id", {count_}),
        block_(file, "/cells/block", {count_}),
        x_(file, "/cells/x", {count_}),
        y_(file, "/cells/y", {count_}),
        box_(file, "/cells/box", {count_, 4}),
        nucleus_(file, "/cells/nucleus_um2", {count_}),
        focus_(file, "/cells/focus", {count_}),
        strangeness_(file, "/cells/strangeness", {count_}),
        outcome_(file, "/cells/outcome", {count_}),
        called_(file, "/cells/class", {count_}),
        probability_(file, "/cells/probability", {count_, classes_}),
        map_cell_(file, "/evidence/cell_id", {maps_}),
        map_(file, "/evidence/cells", map_shape_),
        reason_(file, "/cells", count_) {
    if (count_ + maps_ > 0 && map_values() == 0)
      file.fail("/model", "names no classes or no map, but there are cells");
  }
  [[nodiscard]] std::uint64_t count() const { return count_; }
  /// How many rows to read at once.
  [[nodiscard]] std::uint64_t step() const {
    if (with_maps_ == Maps::left_out) return kRowsAtOnce;
    const auto map_bytes = std::max<std::uint64_t>(1, map_values() * sizeof(float));
    return std::clamp<std::uint64_t>(kMapBytesAtOnce / map_bytes, 1, kRowsAtOnce);
  }
  /// The rows that follow the last ones, up to `step()`; none at the end.
  [[nodiscard]] std::vector<CellRow> next();

 private:
  [[nodiscard]] std::size_t map_values() const {
    return static_cast<std::size_t>(map_shape_[1] * map_shape_[2] * map_shape_[3]);
  }
  [[nodiscard]] std::vector<CellRow> located(Rows wanted) const;
  void add_calls(Rows wanted, std::vector<CellRow>& cells) const;
  void add_reasons(Rows wanted, std::vector<CellRow>& cells) const;
  void add_maps(std::vector<CellRow>& cells);

  const h5::Reader& file_;
  Maps with_maps_;
  std::uint64_t classes_;
  std::uint64_t blocks_;
  std::uint64_t count_;
  std::uint64_t maps_;
  h5::Shape map_shape_;
  h5::Column<std::uint64_t> id_;
  h5::Column<std::uint64_t> block_;
  h5::Column<double> x_;
  h5::Column<double> y_;
  h5::Column<std::int64_t> box_;
  h5::Column<double> nucleus_;
  h5::Column<double> focus_;
  h5::Column<double> strangeness_;
  h5::Column<std::uint8_t> outcome_;
  h5::Column<std::int16_t> called_;
  h5::Column<float> probability_;
  h5::Column<std::uint64_t> map_cell_;
  h5::Column<float> map_;
  ReasonColumn reason_;
  std::uint64_t row_ = 0;
  std::uint64_t map_row_ = 0;
  std::uint64_t next_id_ = 0;
};

/// Without class, probabilities, reasons and maps.
std::vector<CellRow> CellReader::located(Rows wanted) const {
  const auto id = id_.rows(wanted), block = block_.rows(wanted);
  const auto x = x_.rows(wanted), y = y_.rows(wanted);
  const auto box = box_.rows(wanted);
  const auto nucleus = nucleus_.rows(wanted), focus = focus_.rows(wanted);
  const auto strangeness = strangeness_.rows(wanted);
  const auto outcome = outcome_.rows(wanted);
  std::vector<CellRow> rows(id.size());
  auto least_id = next_id_;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const RowCheck check(file_, "/cells", wanted.first + i);
    check.require(id[i] >= least_id, "id", fmt::format("is cell {}, which occurred before", id[i]));
    check.require(block[i] < blocks_, "block",
                  fmt::format("is in block {} of {}", block[i], blocks_));
    check.require(std::isfinite(x[i]), "x", "is not a position");
    check.require(std::isfinite(y[i]), "y", "is not a position");
    check.require(std::isfinite(nucleus[i]) && nucleus[i] >= 0, "nucleus_um2", "is not an area");
    check.require_number(focus[i], "focus");
    check.require_number(strangeness[i], "strangeness");
    least_id = id[i] + 1;
    auto& row = rows[i];
    row.id = id[i];
    row.block = block[i];
    row.centre = {x[i], y[i]};
    row.box = check.rect(box, i, "box");
    row.nucleus_um2 = nucleus[i];
    row.focus = focus[i];
    row.strangeness = strangeness[i];
    row.outcome = check.outcome<CellOutcome>(outcome[i]);
  }
  return rows;
}

bool all_shares(std::span<const float> values) {
  return std::all_of(values.begin(), values.end(),
                     [](float value) { return value >= -1e-3F && value <= 1.001F; });
}

void CellReader::add_calls(Rows wanted, std::vector<CellRow>& cells) const {
  const auto called = called_.rows(wanted);
  const auto probability = probability_.rows(wanted);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const RowCheck check(file_, "/cells", wanted.first + i);
    const auto own = std::span(probability).subspan(i * classes_, classes_);
    const bool absent = std::all_of(own.begin(), own.end(), [](float p) { return std::isnan(p); });
    check.require(absent || all_shares(own), "probability",
                  "holds a value that is not a share from 0 to 1");
    if (!absent) cells[i].probability.assign(own.begin(), own.end());
    const bool classified = cells[i].outcome == CellOutcome::classified;
    if (classified) {
      check.require(called[i] >= 0 && static_cast<std::uint64_t>(called[i]) < classes_, "class",
                    fmt::format("is class {} of {}", called[i], classes_));
      check.require(!absent, "probability", "is absent, but the cell is classified");
      cells[i].class_index = called[i];
    } else {
      check.require(called[i] == -1, "class", "is a class, but the cell is not classified");
    }
  }
}

void CellReader::add_reasons(Rows wanted, std::vector<CellRow>& cells) const {
  auto reason = reason_.rows(wanted);
  for (std::size_t i = 0; i < cells.size(); ++i)
    take_reason({file_, "/cells", wanted.first + i}, std::move(reason[i]), cells[i]);
}

void CellReader::add_maps(std::vector<CellRow>& cells) {
  const auto wanted =
      static_cast<std::uint64_t>(std::count_if(cells.begin(), cells.end(), [](const CellRow& cell) {
        return cell.outcome == CellOutcome::classified;
      }));
  if (wanted > maps_ - map_row_)
    file_.fail("/evidence/cell_id",
               fmt::format("{} maps are too few for the classified cells", maps_));
  const auto id = map_cell_.rows({map_row_, wanted});
  const auto map = map_.rows({map_row_, wanted});
  std::size_t at = 0;
  for (auto& cell : cells) {
    if (cell.outcome != CellOutcome::classified) continue;
    const RowCheck check(file_, "/evidence", map_row_ + at);
    check.require(id[at] == cell.id, "cell_id",
                  fmt::format("is cell {}, expected {}", id[at], cell.id));
    const auto own = std::span(map).subspan(at * map_values(), map_values());
    check.require(all_shares(own), "cells", "holds a value that is not a share from 0 to 1");
    cell.map.assign(own.begin(), own.end());
    ++at;
  }
  map_row_ += wanted;
}

std::vector<CellRow> CellReader::next() {
  const Rows wanted{row_, std::min(step(), count_ - row_)};
  if (wanted.count == 0) {
    if (with_maps_ == Maps::read && map_row_ != maps_)
      file_.fail("/evidence/cell_id",
                 fmt::format("{} maps for {} classified cells", maps_, map_row_));
    return {};
  }
  auto cells = located(wanted);
  add_calls(wanted, cells);
  add_reasons(wanted, cells);
  if (with_maps_ == Maps::read) add_maps(cells);
  row_ += wanted.count;
  next_id_ = cells.back().id + 1;
  return cells;
}

/// Counts without cells would be believed, and drawn from one by one.
void require_counted_cells(const h5::Reader& file, const SlideReport& report,
                           std::uint64_t classified) {
  auto left = classified;
  for (const auto& row : report.differential) {
    if (row.count > left)
      file.fail("/differential/count",
                fmt::format("counts more than the {} classified cells", classified));
    left -= row.count;
  }
}

[[noreturn]] void too_large(const std::filesystem::path& path) {
  throw StorageError(path.string() + ": claims to hold more than fits into memory; it is damaged");
}

/// Reads everything; `take_blocks` and `take_cells` get the rows as they come.
SlideReport read_all(const std::filesystem::path& path, auto&& take_blocks, auto&& take_cells) {
  const h5::Reader file(path);
  require_slide_record(file);
  try {
    auto report = read_summary(file);
    const BlockReader blocks(file);
    for (std::uint64_t at = 0; at < blocks.count(); at += kRowsAtOnce)
      take_blocks(blocks.rows({at, std::min(kRowsAtOnce, blocks.count() - at)}));
    CellReader cells(file, report.model, blocks.count());
    for (auto rows = cells.next(); !rows.empty(); rows = cells.next()) {
      for (const auto& cell : rows)
        if (cell.class_index >= 0)
          report.places.push_back({.x = static_cast<float>(cell.centre.x),
                                   .y = static_cast<float>(cell.centre.y),
                                   .class_index = cell.class_index});
      take_cells(std::move(rows));
    }
    require_counted_cells(file, report, report.places.size());
    file.require_unchanged();
    return report;
  } catch (const std::bad_alloc&) {
    too_large(path);
  }
}

/// Without the maps.
void scan_cells(const h5::Reader& file, const SlideReport& report, const TakeCells& take) {
  CellReader cells(file, report.model, rows_of(file, "/blocks/index"), Maps::left_out);
  std::uint64_t classified = 0;
  for (auto rows = cells.next(); !rows.empty(); rows = cells.next()) {
    classified += static_cast<std::uint64_t>(std::count_if(
        rows.begin(), rows.end(), [](const CellRow& cell) { return cell.class_index >= 0; }));
    if (take) take(report, rows);
  }
  require_counted_cells(file, report, classified);
}

}  // namespace

struct RecordSeries::State {
  h5::Series origins;
  h5::Series scans;
};

RecordSeries::RecordSeries() : state_(std::make_unique<State>()) {}
RecordSeries::~RecordSeries() = default;

SlideReport read_origin(const std::filesystem::path& path, RecordSeries* series) {
  const h5::Reader file(path, series == nullptr ? nullptr : &series->state_->origins);
  require_slide_record(file);
  auto report = read_origin(file);
  file.require_unchanged();
  return report;
}

SlideReport scan_record(const std::filesystem::path& path, const TakeCells& take,
                        RecordSeries* series) {
  const h5::Reader file(path, series == nullptr ? nullptr : &series->state_->scans);
  require_slide_record(file);
  try {
    auto report = read_scanned(file);
    scan_cells(file, report, take);
    file.require_unchanged();
    return report;
  } catch (const std::bad_alloc&) {
    too_large(path);
  }
}

std::vector<float> read_map(const std::filesystem::path& path, std::uint64_t cell) {
  const h5::Reader file(path);
  require_slide_record(file);
  const auto model = read_origin(file).model;
  const auto maps = rows_of(file, "/evidence/cell_id");
  const h5::Shape shape{maps, model.classes.size(), static_cast<std::uint64_t>(model.map_height),
                        static_cast<std::uint64_t>(model.map_width)};
  h5::Column<std::uint64_t> cells(file, "/evidence/cell_id", {maps});
  h5::Column<float> values(file, "/evidence/cells", shape);
  for (std::uint64_t row = 0; row < maps; row += kRowsAtOnce) {
    const auto some = cells.rows({row, std::min<std::uint64_t>(kRowsAtOnce, maps - row)});
    const auto found = std::find(some.begin(), some.end(), cell);
    if (found == some.end()) continue;
    auto map = values.rows({row + static_cast<std::uint64_t>(found - some.begin()), 1});
    if (!std::all_of(map.begin(), map.end(), [](float p) { return p >= 0 && p <= 1; }))
      file.fail("/evidence/cells", fmt::format("the map of cell {} holds no shares", cell));
    file.require_unchanged();
    return map;
  }
  return {};
}

std::string schema_of(const h5::Reader& file) {
  return file.text_if_any("/", "schema");
}

void require_version(const h5::Reader& file) {
  const auto version = file.get<std::int64_t>("/", "schema_version");
  if (version != kRecordSchemaVersion) {
    file.refuse("/@schema_version",
                fmt::format("version {} cannot be read, this program knows {}; use the program "
                            "that wrote it or a newer one",
                            version, kRecordSchemaVersion));
  }
}

void require_slide_record(const h5::Reader& file) {
  const auto schema = schema_of(file);
  if (schema == kCaseSchema)
    file.refuse("/@schema",
                "this is the record of a case; give the records of its slides, which `cytocape "
                "inspect` lists");
  if (schema != kRecordSchema)
    file.refuse("/@schema", fmt::format("this HDF5 file is not a '{}'", kRecordSchema));
  require_version(file);
}

Record read_record(const std::filesystem::path& path) {
  Record record;
  const auto append = [](auto& all, auto rows) {
    all.insert(all.end(), std::make_move_iterator(rows.begin()),
               std::make_move_iterator(rows.end()));
  };
  record.report = read_all(
      path, [&](std::vector<BlockRow> rows) { append(record.blocks, std::move(rows)); },
      [&](std::vector<CellRow> rows) { append(record.cells, std::move(rows)); });
  return record;
}

RecordOverview read_overview(const std::filesystem::path& path) {
  RecordOverview overview;
  overview.report = read_all(
      path, [&](const std::vector<BlockRow>& rows) { overview.blocks += rows.size(); },
      [&](const std::vector<CellRow>& rows) { overview.cells += rows.size(); });
  return overview;
}

}  // namespace cytocape
