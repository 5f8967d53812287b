#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <nlohmann/json.hpp>

#include "io/csv.hpp"
#include "io/durable_file.hpp"
#include "io/errors.hpp"
#include "io/image_codec.hpp"
#include "io/text.hpp"
#include "pipeline/phantom/phantom.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

std::string cells_csv(const std::vector<PhantomCell>& cells) {
  std::string text =
      "id,class,x,y,box_x,box_y,box_width,box_height,nucleated,touching,smudged,blurred,border\n";
  for (const auto& c : cells) {
    text += fmt::format("{},{},{:.2f},{:.2f},{},{},{},{},{:d},{:d},{:d},{:d},{:d}\n", c.id,
                        c.class_code, c.centre.x, c.centre.y, c.box.x, c.box.y, c.box.width,
                        c.box.height, c.nucleated, c.touching, c.smudged, c.blurred, c.border);
  }
  return text;
}

nlohmann::json options_json(const PhantomOptions& o) {
  nlohmann::json json{{"width", o.size.width},  {"height", o.size.height},
                      {"mpp", o.mpp},           {"white_cells", o.white_cells},
                      {"mix", o.mix},           {"red_cells_per_mm2", o.red_cells_per_mm2},
                      {"touching", o.touching}, {"smudged", o.smudged},
                      {"blur", o.blur},         {"margin", o.margin},
                      {"stain", o.stain},       {"unevenness", o.unevenness}};
  if (o.white_cells_per_mm2) json["white_cells_per_mm2"] = *o.white_cells_per_mm2;
  if (o.platelets) json["platelets"] = *o.platelets;
  if (o.source) {
    json["source"] = {{"folder", o.source->folder.filename().string()}, {"mpp", o.source->mpp}};
    if (o.source->list) json["source"]["list"] = o.source->list->filename().string();
  }
  return json;
}

std::string truth_json(const PhantomOptions& options, const PhantomTruth& truth) {
  const auto count = [&](bool PhantomCell::*flag) {
    return std::count_if(truth.cells.begin(), truth.cells.end(),
                         [&](const PhantomCell& cell) { return cell.*flag; });
  };
  const nlohmann::json json{{"schema", "cytocape-phantom"},
                            {"schema_version", 1},
                            {"seed", options.seed},
                            {"options", options_json(options)},
                            {"cells", truth.cells.size()},
                            {"nucleated", truth.nucleated},
                            {"counts", truth.counts},
                            {"touching", count(&PhantomCell::touching)},
                            {"smudged", count(&PhantomCell::smudged)},
                            {"blurred", count(&PhantomCell::blurred)},
                            {"border", count(&PhantomCell::border)}};
  return json.dump(2) + "\n";
}

/// One row of <name>.cells.csv, by the names of its columns.
class CellReader {
 public:
  CellReader(const fs::path& path, const CsvTable& table, std::size_t row)
      : path_(path), table_(table), row_(row) {}

  [[nodiscard]] const std::string& text(const char* column) const {
    const auto at = std::find(table_.header.begin(), table_.header.end(), column);
    if (at == table_.header.end())
      throw ConfigError(fmt::format("{}: no column {}; expected a file written by phantom",
                                    path_.string(), column));
    return table_.rows[row_][static_cast<std::size_t>(at - table_.header.begin())];
  }
  [[nodiscard]] double number(const char* column) const {
    const auto value = parse_number(text(column));
    if (!value)
      throw ConfigError(fmt::format("{}: row {}: {} is \"{}\"; expected a number", path_.string(),
                                    table_.numbers[row_], column, text(column)));
    return *value;
  }
  [[nodiscard]] std::int64_t whole(const char* column) const {
    return std::llround(number(column));
  }
  [[nodiscard]] bool flag(const char* column) const { return number(column) != 0; }

 private:
  const fs::path& path_;
  const CsvTable& table_;
  std::size_t row_;
};

/// write_pyramid asks for pieces in its own order and on its own threads; this counts pixels.
class Meter {
 public:
  Meter(const PhantomProgress& progress, double pixels) : progress_(progress), pixels_(pixels) {}
  void add(std::int64_t pixels) {
    if (!progress_) return;
    const std::lock_guard lock(guard_);
    done_ += static_cast<double>(pixels);
    progress_(std::min(1.0, done_ / pixels_));
  }

 private:
  const PhantomProgress& progress_;
  double pixels_;
  double done_ = 0;
  std::mutex guard_;
};

void write_slide(const PhantomRenderer& renderer, const PhantomOptions& options,
                 const fs::path& path, const PhantomProgress& progress) {
  const PyramidOptions pyramid{.size = options.size, .mpp = {options.mpp, options.mpp}};
  Meter meter(progress,
              static_cast<double>(options.size.width) * static_cast<double>(options.size.height));
  write_pyramid(path, pyramid, [&](const Level0Rect& rect, Image& out) {
    renderer.render(rect, out);
    meter.add(rect.area());
  });
}

}  // namespace

std::vector<PhantomCell> read_phantom_cells(const fs::path& cells_csv) {
  const auto table = read_csv(cells_csv);
  std::vector<PhantomCell> cells;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const CellReader reader(cells_csv, table, row);
    cells.push_back({.id = static_cast<std::uint64_t>(reader.whole("id")),
                     .class_code = reader.text("class"),
                     .centre = {reader.number("x"), reader.number("y")},
                     .box = {reader.whole("box_x"), reader.whole("box_y"),
                             reader.whole("box_width"), reader.whole("box_height")},
                     .nucleated = reader.flag("nucleated"),
                     .touching = reader.flag("touching"),
                     .smudged = reader.flag("smudged"),
                     .blurred = reader.flag("blurred"),
                     .border = reader.flag("border")});
  }
  return cells;
}

PhantomTruth write_phantom(const PhantomOptions& options, const fs::path& path,
                           const PhantomProgress& progress) {
  const auto renderer = PhantomRenderer::create(options);
  PhantomTruth truth;
  truth.cells = renderer.cells();
  for (const auto& cell : truth.cells) {
    ++truth.counts[cell.class_code];
    truth.nucleated += cell.nucleated ? 1 : 0;
  }
  truth.slide = path;
  truth.cells_csv = fs::path(path).replace_extension(".cells.csv");
  truth.truth_json = fs::path(path).replace_extension(".truth.json");
  // An earlier phantom of this name stays whole until all of the new one is on the disk.
  auto cells = stage_file(truth.cells_csv, cells_csv(truth.cells));
  auto facts = stage_file(truth.truth_json, truth_json(options, truth));
  write_slide(renderer, options, path, progress);
  cells.commit();
  facts.commit();
  remove_leftovers(folder_of(path));
  return truth;
}

}  // namespace cytocape
