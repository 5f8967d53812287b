#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <new>

#include "io/errors.hpp"
#include "io/record.hpp"
#include "io/record_schema.hpp"
#include "io/record_summary.hpp"

namespace cytocape {
namespace {

std::size_t rows_of(const h5::File& file, const std::string& path) {
  const auto shape = file.shape(path);
  if (shape.size() != 1) file.fail(path, "is no column");
  return static_cast<std::size_t>(shape[0]);
}

/// Texts behind an index column.
class ReasonColumn {
 public:
  ReasonColumn(const h5::File& file, const std::string& group, std::uint64_t rows)
      : file_(file),
        path_(group + "/reason_index"),
        index_(file.read<std::int32_t>(path_, {rows})),
        texts_(file.read_texts(group + "/reasons")) {}
  [[nodiscard]] std::string at(std::size_t row) const {
    const auto index = index_[row];
    if (index == -1) return {};
    if (index < 0 || static_cast<std::size_t>(index) >= texts_.size()) {
      file_.fail(path_, fmt::format("row {} points at reason {} of {}", row, index, texts_.size()));
    }
    return texts_[static_cast<std::size_t>(index)];
  }

 private:
  const h5::File& file_;
  std::string path_;
  std::vector<std::int32_t> index_;
  std::vector<std::string> texts_;
};

template <class Outcome>
Outcome outcome_at(const h5::File& file, const std::string& path,
                   const std::vector<std::uint8_t>& column, std::size_t row) {
  if (column[row] > 2) file.fail(path, fmt::format("row {} is {}", row, column[row]));
  return static_cast<Outcome>(column[row]);
}

Level0Rect rect_at(const std::vector<std::int64_t>& edges, std::size_t row) {
  const auto* e = edges.data() + 4 * row;
  return {e[0], e[1], e[2], e[3]};
}

std::vector<BlockRow> read_blocks(const h5::File& file) {
  const std::uint64_t n = rows_of(file, "/blocks/index");
  const auto index = file.read<std::uint64_t>("/blocks/index", {n});
  const auto core = file.read<std::int64_t>("/blocks/core", {n, 4});
  const auto outcome = file.read<std::uint8_t>("/blocks/outcome", {n});
  const auto foreground = file.read<double>("/blocks/foreground_share", {n});
  const auto focus = file.read<double>("/blocks/focus", {n});
  const auto cells = file.read<std::uint32_t>("/blocks/cells", {n});
  const ReasonColumn reason(file, "/blocks", n);
  std::vector<BlockRow> rows;
  rows.reserve(n);
  for (std::size_t i = 0; i < n; ++i) {
    rows.push_back({index[i], rect_at(core, i),
                    outcome_at<BlockOutcome>(file, "/blocks/outcome", outcome, i), reason.at(i),
                    foreground[i], focus[i], cells[i]});
  }
  return rows;
}

/// Without class, probabilities and maps.
std::vector<CellRow> read_located(const h5::File& file) {
  const std::uint64_t n = rows_of(file, "/cells/id");
  const auto id = file.read<std::uint64_t>("/cells/id", {n});
  const auto block = file.read<std::uint64_t>("/cells/block", {n});
  const auto x = file.read<double>("/cells/x", {n});
  const auto y = file.read<double>("/cells/y", {n});
  const auto box = file.read<std::int64_t>("/cells/box", {n, 4});
  const auto nucleus = file.read<double>("/cells/nucleus_um2", {n});
  const auto focus = file.read<double>("/cells/focus", {n});
  const auto strangeness = file.read<double>("/cells/strangeness", {n});
  const auto outcome = file.read<std::uint8_t>("/cells/outcome", {n});
  const ReasonColumn reason(file, "/cells", n);
  std::vector<CellRow> rows(n);
  for (std::size_t i = 0; i < n; ++i) {
    auto& row = rows[i];
    row.id = id[i];
    row.block = block[i];
    row.centre = {x[i], y[i]};
    row.box = rect_at(box, i);
    row.nucleus_um2 = nucleus[i];
    row.focus = focus[i];
    row.strangeness = strangeness[i];
    row.outcome = outcome_at<CellOutcome>(file, "/cells/outcome", outcome, i);
    row.reason = reason.at(i);
  }
  return rows;
}

void read_calls(const h5::File& file, std::size_t classes, std::vector<CellRow>& cells) {
  const auto called = file.read<std::int16_t>("/cells/class", {cells.size()});
  const auto probability = file.read<float>("/cells/probability", {cells.size(), classes});
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto* begin = probability.data() + i * classes;
    if (!std::isnan(*begin)) cells[i].probability.assign(begin, begin + classes);
    if (cells[i].outcome != CellOutcome::classified) continue;
    if (called[i] < 0 || static_cast<std::size_t>(called[i]) >= classes) {
      file.fail("/cells/class", fmt::format("row {} is class {} of {}", i, called[i], classes));
    }
    cells[i].class_index = called[i];
  }
}

void read_maps(const h5::File& file, const ModelSummary& model, std::vector<CellRow>& cells) {
  const std::uint64_t n = rows_of(file, "/evidence/cell_id");
  const auto id = file.read<std::uint64_t>("/evidence/cell_id", {n});
  const h5::Shape shape{n, model.classes.size(), static_cast<std::uint64_t>(model.map_height),
                        static_cast<std::uint64_t>(model.map_width)};
  const auto map = file.read<float>("/evidence/cells", shape);
  std::map<std::uint64_t, CellRow*> classified;
  for (auto& cell : cells) {
    if (cell.outcome == CellOutcome::classified) classified[cell.id] = &cell;
  }
  if (classified.size() != n) {
    file.fail("/evidence/cell_id",
              fmt::format("{} maps for {} classified cells", n, classified.size()));
  }
  const auto values = static_cast<std::size_t>(shape[1] * shape[2] * shape[3]);
  for (std::size_t i = 0; i < n; ++i) {
    const auto cell = classified.find(id[i]);
    if (cell == classified.end()) {
      file.fail("/evidence/cell_id", fmt::format("cell {} is not classified", id[i]));
    }
    const auto* begin = map.data() + i * values;
    cell->second->map.assign(begin, begin + values);
  }
}

}  // namespace

std::string schema_of(const h5::File& file) {
  const auto names = file.attribute_names("/");
  for (const auto* wanted : {"schema", "schema_version"})
    if (std::find(names.begin(), names.end(), wanted) == names.end()) return "";
  return file.get<std::string>("/", "schema");
}

void require_version(const h5::File& file) {
  const auto version = file.get<std::int64_t>("/", "schema_version");
  if (version != kRecordSchemaVersion) {
    file.fail("/@schema_version",
              fmt::format("version {} cannot be read, this program knows {}; use the program that "
                          "wrote it or a newer one",
                          version, kRecordSchemaVersion));
  }
}

void require_slide_record(const h5::File& file) {
  const auto schema = schema_of(file);
  if (schema == kCaseSchema)
    file.fail("/@schema",
              "this is the record of a case; give the records of its slides, which `cytocape "
              "inspect` lists");
  if (schema != kRecordSchema)
    file.fail("/@schema", fmt::format("this HDF5 file is no '{}'", kRecordSchema));
  require_version(file);
}

Record read_record(const std::filesystem::path& path) {
  const auto file = h5::File::open_readonly(path);
  require_slide_record(file);
  try {
    Record record;
    record.report = read_summary(file);
    record.blocks = read_blocks(file);
    record.cells = read_located(file);
    read_calls(file, record.report.model.classes.size(), record.cells);
    read_maps(file, record.report.model, record.cells);
    for (const auto& cell : record.cells)
      if (cell.class_index >= 0)
        record.report.places.push_back({.x = static_cast<float>(cell.centre.x),
                                        .y = static_cast<float>(cell.centre.y),
                                        .class_index = cell.class_index});
    return record;
  } catch (const std::bad_alloc&) {
    throw StorageError(path.string() + ": says it holds more than memory does; it is damaged");
  }
}

}  // namespace cytocape
