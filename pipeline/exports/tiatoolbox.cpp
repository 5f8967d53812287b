#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <cstring>

#include "io/gzip_file.hpp"
#include "io/sqlite_file.hpp"
#include "pipeline/exports/export_format.hpp"
#include "pipeline/exports/text_file.hpp"

namespace cytocape {
namespace {

constexpr int kCompressionLevel = 9;

/// Of TIAToolbox 1.0.1's SQLiteStore: it finds annotations by `rtree`, orders them by `area`, and
/// reads a point, which has no geometry, from `cx` and `cy`.
constexpr const char* kTables = R"(
CREATE TABLE metadata (key TEXT UNIQUE, value TEXT);
CREATE VIRTUAL TABLE rtree USING rtree(id, min_x, max_x, min_y, max_y);
CREATE TABLE annotations (id INTEGER PRIMARY KEY, key TEXT UNIQUE, objtype TEXT, cx FLOAT NOT NULL,
  cy FLOAT NOT NULL, geometry BLOB, properties TEXT, area FLOAT NOT NULL);
)";

static_assert(std::endian::native == std::endian::little,
              "well-known binary is written as it lies");

template <class Value>
void append(std::string& bytes, Value value) {
  const auto at = bytes.size();
  bytes.resize(at + sizeof value);
  std::memcpy(bytes.data() + at, &value, sizeof value);
}

/// The outline as well-known binary, compressed.
std::vector<std::uint8_t> outline_of(const Level0Rect& box) {
  constexpr std::uint32_t kPolygon = 3;
  const auto left = static_cast<double>(box.x), right = static_cast<double>(box.right());
  const auto top = static_cast<double>(box.y), bottom = static_cast<double>(box.bottom());
  const std::pair<double, double> corners[]{
      {left, top}, {right, top}, {right, bottom}, {left, bottom}, {left, top}};
  std::string bytes;
  append(bytes, std::uint8_t{1});  // little-endian
  append(bytes, kPolygon);
  append(bytes, std::uint32_t{1});  // one ring
  append(bytes, static_cast<std::uint32_t>(std::size(corners)));
  for (const auto& [x, y] : corners) {
    append(bytes, x);
    append(bytes, y);
  }
  const auto compressed = zlib_compressed(bytes, kCompressionLevel);
  return {compressed.begin(), compressed.end()};
}

/// An annotation for each located cell.
class Tiatoolbox : public SlideWriter {
 public:
  Tiatoolbox(const ExportedSlide& slide, const ExportTarget& target)
      : slide_(slide), file_(target.file) {
    for (const auto& one : slide.classes) names_.push_back(json_string("prob_" + one.code));
    file_.run(kTables);
    const auto tell = [&](const char* key, const std::string& json) {
      file_.insert("INSERT INTO metadata VALUES (?, ?)", {std::string(key), json});
    };
    tell("version", "\"1.0.1\"");
    tell("compression", "\"zlib\"");
    tell("compression_level", std::to_string(kCompressionLevel));
    tell("cytocape", about_json(slide));
  }

  void add(const std::vector<CellRow>& cells) override {
    for (const auto& cell : cells) add(cell);
  }
  void finish() override { file_.close(); }

 private:
  void add(const CellRow& cell) {
    const auto& box = cell.box;
    const bool has_area = !box.empty();
    const auto left = has_area ? static_cast<double>(box.x) : cell.centre.x;
    const auto top = has_area ? static_cast<double>(box.y) : cell.centre.y;
    const auto right = has_area ? static_cast<double>(box.right()) : cell.centre.x;
    const auto bottom = has_area ? static_cast<double>(box.bottom()) : cell.centre.y;
    using Value = SqliteFile::Value;
    file_.insert(
        "INSERT INTO annotations VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        {++rows_, export_uuid(slide_, "cell", cell.id), std::string(has_area ? "Polygon" : "Point"),
         (left + right) / 2, (top + bottom) / 2, has_area ? Value(outline_of(box)) : Value(),
         properties(cell), (right - left) * (bottom - top)});
    file_.insert("INSERT INTO rtree VALUES (?, ?, ?, ?, ?)", {rows_, left, right, top, bottom});
  }

  [[nodiscard]] std::string properties(const CellRow& cell) const {
    auto text = fmt::format(R"({{"cell":{})", cell.id);
    const bool called = cell.class_index >= 0;
    const auto type = called ? slide_.classes[static_cast<std::size_t>(cell.class_index)].label
                             : why_not_counted(cell);
    if (!type.empty()) text += ",\"type\":" + json_string(type);
    const auto add_number = [&](const std::string& name, double value) {
      if (std::isfinite(value)) text += fmt::format(",{}:{:.6g}", name, value);
    };
    add_number("\"nucleus_um2\"", cell.nucleus_um2);
    add_number("\"strangeness\"", cell.strangeness);
    for (std::size_t c = 0; c < cell.probability.size(); ++c)
      add_number(names_[c], static_cast<double>(cell.probability[c]));
    return text + "}";
  }

  const ExportedSlide& slide_;
  SqliteFile file_;
  std::vector<std::string> names_;  ///< of shares, quoted
  std::int64_t rows_ = 0;
};

}  // namespace

std::unique_ptr<SlideWriter> start_tiatoolbox(const ExportedSlide& slide,
                                              const ExportTarget& target) {
  return std::make_unique<Tiatoolbox>(slide, target);
}

}  // namespace cytocape
