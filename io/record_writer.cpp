#include <fmt/format.h>

#include <array>
#include <limits>
#include <map>

#include "io/durable_file.hpp"
#include "io/errors.hpp"
#include "io/record.hpp"
#include "io/record_summary.hpp"

namespace cytocape {
namespace {

constexpr double kAbsent = std::numeric_limits<double>::quiet_NaN();

/// One growing dataset with its unwritten rows; whole chunks go out as soon as they are full, so
/// that no chunk is compressed twice.
template <class T>
class Column {
 public:
  Column(h5::File& file, std::string path, const h5::TableSpec& spec) : path_(std::move(path)) {
    file.make_table(path_, spec);
    std::size_t row = 1;
    for (const auto edge : spec.row) row *= static_cast<std::size_t>(edge);
    chunk_values_ = static_cast<std::size_t>(file.chunk_rows(path_)) * row;
  }
  void push(T value) { rows_.push_back(value); }
  void push(std::span<const T> values) { rows_.insert(rows_.end(), values.begin(), values.end()); }
  void write_whole_chunks(h5::File& file) {
    write(file, rows_.size() / chunk_values_ * chunk_values_);
  }
  void write_all(h5::File& file) { write(file, rows_.size()); }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  void write(h5::File& file, std::size_t values) {
    if (values == 0) return;
    file.append(path_, std::span<const T>(rows_.data(), values));
    rows_.erase(rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(values));
  }
  std::string path_;
  std::size_t chunk_values_ = 0;
  std::vector<T> rows_;
};

/// Reasons repeat thousands of times: rows hold an index into this list, -1 for none.
class Reasons {
 public:
  std::int32_t index_of(const std::string& reason) {
    if (reason.empty()) return -1;
    const auto [at, added] = index_.try_emplace(reason, static_cast<std::int32_t>(texts_.size()));
    if (added) texts_.push_back(reason);
    return at->second;
  }
  [[nodiscard]] const std::vector<std::string>& texts() const { return texts_; }

 private:
  std::map<std::string, std::int32_t> index_;
  std::vector<std::string> texts_;
};

struct BlockColumns {
  explicit BlockColumns(h5::File& f)
      : index(f, "/blocks/index", {.type = h5::Type::u64, .row = {}}),
        core(f, "/blocks/core", {.type = h5::Type::i64, .row = {4}}),
        outcome(f, "/blocks/outcome", {.type = h5::Type::u8, .row = {}}),
        reason(f, "/blocks/reason_index", {.type = h5::Type::i32, .row = {}}),
        foreground(f, "/blocks/foreground_share", {.type = h5::Type::f64, .row = {}}),
        focus(f, "/blocks/focus", {.type = h5::Type::f64, .row = {}}),
        cells(f, "/blocks/cells", {.type = h5::Type::u32, .row = {}}) {
    f.set(core.path(), "unit", std::string("px"));
    f.set(core.path(), "columns", std::vector<std::string>{"x", "y", "width", "height"});
    f.set(outcome.path(), "values", all_codes<BlockOutcome>());
    f.set(reason.path(), "values", std::string("/blocks/reasons; -1 for none"));
    f.set(foreground.path(), "unit", std::string("1"));
    f.set(focus.path(), "absent", std::string("NaN: not measured"));
  }
  void push(const BlockRow& row) {
    index.push(row.index);
    const std::array box{row.core.x, row.core.y, row.core.width, row.core.height};
    core.push(box);
    outcome.push(static_cast<std::uint8_t>(row.outcome));
    reason.push(reasons.index_of(reason_of(row)));
    foreground.push(row.foreground_share);
    focus.push(row.focus);
    cells.push(row.cells);
  }
  void each(auto&& call) {
    call(index), call(core), call(outcome), call(reason);
    call(foreground), call(focus), call(cells);
  }

  Column<std::uint64_t> index;
  Column<std::int64_t> core;
  Column<std::uint8_t> outcome;
  Column<std::int32_t> reason;
  Column<double> foreground;
  Column<double> focus;
  Column<std::uint32_t> cells;
  Reasons reasons;
};

h5::Shape map_shape(const RecordShape& shape) {
  return {shape.classes, static_cast<std::uint64_t>(shape.map_height),
          static_cast<std::uint64_t>(shape.map_width)};
}

struct CellColumns {
  CellColumns(h5::File& f, const RecordShape& shape)
      : id(f, "/cells/id", {.type = h5::Type::u64, .row = {}}),
        block(f, "/cells/block", {.type = h5::Type::u64, .row = {}}),
        x(f, "/cells/x", {.type = h5::Type::f64, .row = {}}),
        y(f, "/cells/y", {.type = h5::Type::f64, .row = {}}),
        box(f, "/cells/box", {.type = h5::Type::i64, .row = {4}}),
        nucleus(f, "/cells/nucleus_um2", {.type = h5::Type::f64, .row = {}}),
        focus(f, "/cells/focus", {.type = h5::Type::f64, .row = {}}),
        outcome(f, "/cells/outcome", {.type = h5::Type::u8, .row = {}}),
        reason(f, "/cells/reason_index", {.type = h5::Type::i32, .row = {}}),
        called(f, "/cells/class", {.type = h5::Type::i16, .row = {}}),
        probability(f, "/cells/probability", {.type = h5::Type::f32, .row = {shape.classes}}),
        strangeness(f, "/cells/strangeness", {.type = h5::Type::f64, .row = {}}),
        map(f, "/evidence/cells", {.type = h5::Type::f16, .row = map_shape(shape)}),
        map_cell(f, "/evidence/cell_id", {.type = h5::Type::u64, .row = {}}) {
    for (const auto& path : {x.path(), y.path(), box.path()})
      f.set(path, "unit", std::string("px"));
    f.set(box.path(), "columns", std::vector<std::string>{"x", "y", "width", "height"});
    f.set(nucleus.path(), "unit", std::string("um2"));
    f.set(focus.path(), "absent", std::string("NaN: no crop was read"));
    f.set(outcome.path(), "values", all_codes<CellOutcome>());
    f.set(reason.path(), "values", std::string("/cells/reasons; -1 for none"));
    f.set(called.path(), "values", std::string("/model@classes; -1 unless classified"));
    f.set(probability.path(), "unit", std::string("1"));
    f.set(probability.path(), "absent", std::string("NaN: the network did not see it"));
    f.set(strangeness.path(), "unit", std::string("1"));
    f.set(strangeness.path(), "absent",
          std::string("NaN: the network did not see it, or has no measure of it"));
    f.set(map.path(), "unit", std::string("1"));
    f.set(map.path(), "dimensions", std::vector<std::string>{"cell", "class", "y", "x"});
  }
  void push(const CellRow& row, std::size_t classes) {
    id.push(row.id);
    block.push(row.block);
    x.push(row.centre.x);
    y.push(row.centre.y);
    const std::array edges{row.box.x, row.box.y, row.box.width, row.box.height};
    box.push(edges);
    nucleus.push(row.nucleus_um2);
    focus.push(row.focus);
    outcome.push(static_cast<std::uint8_t>(row.outcome));
    reason.push(reasons.index_of(reason_of(row)));
    const bool classified = row.outcome == CellOutcome::classified;
    called.push(classified ? row.class_index : std::int16_t{-1});
    if (row.probability.empty()) {
      for (std::size_t c = 0; c < classes; ++c) probability.push(static_cast<float>(kAbsent));
    } else {
      probability.push(row.probability);
    }
    strangeness.push(row.strangeness);
    if (!classified) return;
    map.push(row.map);
    map_cell.push(row.id);
  }
  void each(auto&& call) {
    call(id), call(block), call(x), call(y), call(box), call(nucleus), call(focus), call(outcome);
    call(reason), call(called), call(probability), call(strangeness), call(map), call(map_cell);
  }

  Column<std::uint64_t> id;
  Column<std::uint64_t> block;
  Column<double> x;
  Column<double> y;
  Column<std::int64_t> box;
  Column<double> nucleus;
  Column<double> focus;
  Column<std::uint8_t> outcome;
  Column<std::int32_t> reason;
  Column<std::int16_t> called;
  Column<float> probability;
  Column<double> strangeness;
  Column<float> map;
  Column<std::uint64_t> map_cell;
  Reasons reasons;
};

/// Errors of HDF5 begin with the file's name, which nobody knows while it is not in its place.
template <class Act>
decltype(auto) by_place(const PartialFile& file, const Act& act) {
  const auto hidden = file.partial().string();
  try {
    return act();
  } catch (const StorageError& error) {
    std::string text = error.what();
    if (!hidden.empty() && text.starts_with(hidden))
      text.replace(0, hidden.size(), file.path().string());
    throw StorageError(text);
  }
}

h5::File with_groups(const std::filesystem::path& path) {
  auto file = h5::File::create(path);
  for (const char* group : {"/slide", "/model", "/run", "/run/libraries", "/blocks", "/cells",
                            "/evidence", "/differential", "/quality"}) {
    file.make_group(group);
  }
  return file;
}

}  // namespace

struct RecordWriter::State {
  State(const std::filesystem::path& path, RecordShape given)
      : partial(path),
        shape(given),
        file(by_place(partial, [this] { return with_groups(partial.partial()); })),
        blocks(file),
        cells(file, shape) {}

  [[noreturn]] void fail(const std::string& what) const {
    throw StorageError(partial.path().string() + ": " + what);
  }
  void require_whole(const BlockRow& row) const;
  void require_whole(const CellRow& row) const;

  PartialFile partial;  ///< first, so that the file in it is closed before it is removed
  RecordShape shape;
  h5::File file;
  BlockColumns blocks;
  CellColumns cells;
  bool finished = false;
};

void RecordWriter::State::require_whole(const BlockRow& row) const {
  if (row.rejection.has_value() != has_reason(row.outcome))
    fail(fmt::format("block {} is {} {} rejection", row.index, to_string(row.outcome),
                     row.rejection ? "and has a" : "without a"));
}

void RecordWriter::State::require_whole(const CellRow& row) const {
  if (row.exclusion.has_value() != has_reason(row.outcome))
    fail(fmt::format("cell {} is {} {} exclusion", row.id, to_string(row.outcome),
                     row.exclusion ? "and has an" : "without an"));
  if (row.outcome != CellOutcome::classified) {
    if (row.probability.empty() || row.probability.size() == shape.classes) return;
    fail(fmt::format("cell {} has {} probabilities; the record holds {} classes", row.id,
                     row.probability.size(), shape.classes));
  }
  const auto positions =
      static_cast<std::size_t>(shape.map_height) * static_cast<std::size_t>(shape.map_width);
  const bool whole = row.probability.size() == shape.classes &&
                     row.map.size() == shape.classes * positions && row.class_index >= 0 &&
                     static_cast<std::size_t>(row.class_index) < shape.classes;
  if (whole) return;
  fail(
      fmt::format("cell {} is classified as {} with {} probabilities and {} map values; the "
                  "record holds {} classes and maps of {} x {}",
                  row.id, row.class_index, row.probability.size(), row.map.size(), shape.classes,
                  shape.map_height, shape.map_width));
}

RecordWriter::RecordWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
RecordWriter::RecordWriter(RecordWriter&&) noexcept = default;
RecordWriter& RecordWriter::operator=(RecordWriter&&) noexcept = default;
RecordWriter::~RecordWriter() = default;

RecordWriter RecordWriter::create(const std::filesystem::path& path, RecordShape shape) {
  if (shape.classes == 0 || shape.map_height < 1 || shape.map_width < 1) {
    throw StorageError(fmt::format("{}: a record needs classes and a map; got {} classes, {} x {}",
                                   path.string(), shape.classes, shape.map_height,
                                   shape.map_width));
  }
  return RecordWriter(std::make_unique<State>(path, shape));
}

void RecordWriter::append(std::span<const BlockRow> rows) {
  for (const auto& row : rows) {
    state_->require_whole(row);
    state_->blocks.push(row);
  }
  by_place(state_->partial, [&] {
    state_->blocks.each([&](auto& column) { column.write_whole_chunks(state_->file); });
  });
}

void RecordWriter::append(std::span<const CellRow> rows) {
  for (const auto& row : rows) {
    state_->require_whole(row);
    state_->cells.push(row, state_->shape.classes);
  }
  by_place(state_->partial, [&] {
    state_->cells.each([&](auto& column) { column.write_whole_chunks(state_->file); });
  });
}

void RecordWriter::finish(const SlideReport& report) {
  auto& state = *state_;
  if (report.model.classes.size() != state.shape.classes) {
    state.fail(fmt::format("the model has {} classes, the record was begun with {}",
                           report.model.classes.size(), state.shape.classes));
  }
  by_place(state.partial, [&] {
    state.blocks.each([&](auto& column) { column.write_all(state.file); });
    state.cells.each([&](auto& column) { column.write_all(state.file); });
    state.file.write_texts("/blocks/reasons", state.blocks.reasons.texts());
    state.file.write_texts("/cells/reasons", state.cells.reasons.texts());
    write_summary(state.file, report);
    state.file.close();
    state.partial.sync();
  });
  state.finished = true;
}

void RecordWriter::commit() {
  if (!state_->finished) state_->fail("commit before finish");
  state_->partial.commit();
}

}  // namespace cytocape
