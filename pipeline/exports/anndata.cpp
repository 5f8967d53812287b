#include <fmt/format.h>

#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "io/errors.hpp"
#include "io/hdf5.hpp"
#include "pipeline/exports/export_format.hpp"

namespace cytocape {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

struct NumberColumn {
  const char* name;
  double (*of)(const CellRow&);
};
struct WholeColumn {
  const char* name;
  std::int64_t (*of)(const CellRow&);
};

constexpr std::array kNumbers{
    NumberColumn{"x", [](const CellRow& c) { return c.centre.x; }},
    NumberColumn{"y", [](const CellRow& c) { return c.centre.y; }},
    NumberColumn{"nucleus_um2", [](const CellRow& c) { return c.nucleus_um2; }},
    NumberColumn{"focus", [](const CellRow& c) { return c.focus; }},
    NumberColumn{"strangeness", [](const CellRow& c) { return c.strangeness; }},
    NumberColumn{"probability",
                 [](const CellRow& c) {
                   return c.class_index < 0
                              ? kNan
                              : static_cast<double>(
                                    c.probability[static_cast<std::size_t>(c.class_index)]);
                 }},
};
constexpr std::array kWholes{
    WholeColumn{"cell", [](const CellRow& c) { return static_cast<std::int64_t>(c.id); }},
    WholeColumn{"box_x", [](const CellRow& c) { return c.box.x; }},
    WholeColumn{"box_y", [](const CellRow& c) { return c.box.y; }},
    WholeColumn{"box_width", [](const CellRow& c) { return c.box.width; }},
    WholeColumn{"box_height", [](const CellRow& c) { return c.box.height; }},
};

std::string colour_text(Rgb colour) {
  return fmt::format("#{:02x}{:02x}{:02x}", colour.r, colour.g, colour.b);
}

/// The elements of anndata's on-disk format, each with what says which it is.
class Elements {
 public:
  explicit Elements(const std::filesystem::path& path) : file_(h5::File::create(path)) {
    encode("/", "anndata", "0.1.0");
  }
  h5::File& file() { return file_; }
  void encode(const std::string& object, const char* type, const char* version = "0.2.0") {
    file_.set(object, "encoding-type", std::string(type));
    file_.set(object, "encoding-version", std::string(version));
  }
  void make_dict(const std::string& group) {
    file_.make_group(group);
    encode(group, "dict", "0.1.0");
  }
  void make_array(const std::string& path, h5::Type type, const h5::Shape& row = {}) {
    file_.make_table(path, {.type = type, .row = row});
    encode(path, "array");
  }
  void write_texts(const std::string& path, const std::vector<std::string>& texts) {
    file_.write_texts(path, texts);
    encode(path, "string-array");
  }
  void write_text(const std::string& path, const std::string& text) {
    file_.write_text(path, text);
    encode(path, "string");
  }
  /// A table whose rows are named by its column `index`.
  void make_frame(const std::string& group, const std::string& index,
                  const std::vector<std::string>& columns) {
    file_.make_group(group);
    encode(group, "dataframe");
    file_.set(group, "_index", index);
    file_.set(group, "column-order", columns);
  }
  /// Codes are appended to `path`/codes; categories follow, by their codes.
  void make_category(const std::string& path) {
    file_.make_group(path);
    encode(path, "categorical");
    file_.set(path, "ordered", std::int64_t{0});
    make_array(path + "/codes", h5::Type::i32);
  }
  void write_categories(const std::string& path, const std::vector<std::string>& categories) {
    write_texts(path + "/categories", categories);
  }
  void close() { file_.close(); }

 private:
  h5::File file_;
};

/// A column of few different texts.
class Category {
 public:
  Category(Elements& elements, std::string path, const std::vector<std::string>& known = {})
      : elements_(elements), path_(std::move(path)) {
    for (const auto& text : known) (void)code_of(text);
    elements_.make_category(path_);
  }
  /// -1: none.
  void take(std::int32_t code) { codes_.push_back(code); }
  void take(const std::string& text) { codes_.push_back(text.empty() ? -1 : code_of(text)); }
  void flush() {
    elements_.file().append(path_ + "/codes", std::span<const std::int32_t>(codes_));
    codes_.clear();
  }
  void finish() { elements_.write_categories(path_, categories_); }

 private:
  std::int32_t code_of(const std::string& text) {
    const auto [found, fresh] =
        numbers_.emplace(text, static_cast<std::int32_t>(categories_.size()));
    if (fresh) categories_.push_back(text);
    return found->second;
  }
  Elements& elements_;
  std::string path_;
  std::vector<std::string> categories_;
  std::map<std::string, std::int32_t> numbers_;
  std::vector<std::int32_t> codes_;
};

std::vector<std::string> codes_of_classes(const ExportedSlide& slide) {
  std::vector<std::string> codes;
  for (const auto& one : slide.classes) codes.push_back(one.code);
  return codes;
}

std::vector<std::string> obs_columns() {
  std::vector<std::string> names{"slide", "case", "class", "outcome", "reason"};
  for (const auto& column : kNumbers) names.emplace_back(column.name);
  for (const auto& column : kWholes) names.emplace_back(column.name);
  return names;
}

/// An .h5ad: every located cell is a row, and X holds the shares of its classes.
class Anndata : public SlideWriter {
 public:
  Anndata(const ExportedSlide& slide, const ExportTarget& target)
      : slide_(slide), elements_(target.file) {
    if (slide.classes.empty())
      throw StorageError(target.file.string() + ": the record names no classes to be its columns");
    elements_.make_array("/X", h5::Type::f32, {slide.classes.size()});
    write_var();
    elements_.make_dict("/obsm");
    elements_.make_array("/obsm/spatial", h5::Type::f64, {2});
    for (const auto* empty : {"/layers", "/obsp", "/varm", "/varp"}) elements_.make_dict(empty);
    write_uns();
    elements_.make_frame("/obs", "_index", obs_columns());
    elements_.file().make_texts("/obs/_index");
    elements_.encode("/obs/_index", "string-array");
    for (const auto& column : kNumbers) elements_.make_array(obs(column.name), h5::Type::f64);
    for (const auto& column : kWholes) elements_.make_array(obs(column.name), h5::Type::i64);
    of_slide_.emplace(elements_, "/obs/slide");
    of_case_.emplace(elements_, "/obs/case");
    class_.emplace(elements_, "/obs/class", codes_of_classes(slide));
    outcome_.emplace(elements_, "/obs/outcome");
    reason_.emplace(elements_, "/obs/reason");
  }

  void add(const std::vector<CellRow>& cells) override {
    add_names(cells);
    add_shares(cells);
    for (const auto& column : kNumbers) add_column<double>(cells, column);
    for (const auto& column : kWholes) add_column<std::int64_t>(cells, column);
    for (const auto& cell : cells) {
      of_slide_->take(slide_.report.slide.id);
      of_case_->take(slide_.report.case_id);
      class_->take(std::int32_t{cell.class_index});
      outcome_->take(to_string(cell.outcome));
      reason_->take(reason_of(cell));
    }
    for (auto* category : categories()) category->flush();
  }

  void finish() override {
    for (auto* category : categories()) category->finish();
    elements_.close();
  }

 private:
  static std::string obs(const char* column) { return std::string("/obs/") + column; }
  std::array<Category*, 5> categories() {
    return {&*of_slide_, &*of_case_, &*class_, &*outcome_, &*reason_};
  }

  template <class Value, class Column>
  void add_column(const std::vector<CellRow>& cells, const Column& column) {
    std::vector<Value> values;
    for (const auto& cell : cells) values.push_back(column.of(cell));
    elements_.file().append(obs(column.name), std::span<const Value>(values));
  }
  /// That stay apart where slides are joined.
  void add_names(const std::vector<CellRow>& cells) {
    std::vector<std::string> names;
    for (const auto& cell : cells)
      names.push_back(fmt::format("{}_{}", slide_.report.slide.id, cell.id));
    elements_.file().append_texts("/obs/_index", names);
  }
  void add_shares(const std::vector<CellRow>& cells) {
    std::vector<float> shares;
    std::vector<double> places;
    for (const auto& cell : cells) {
      shares.insert(shares.end(), cell.probability.begin(), cell.probability.end());
      if (cell.probability.empty())
        shares.insert(shares.end(), slide_.classes.size(), static_cast<float>(kNan));
      places.insert(places.end(), {cell.centre.x, cell.centre.y});
    }
    elements_.file().append("/X", std::span<const float>(shares));
    elements_.file().append("/obsm/spatial", std::span<const double>(places));
  }

  void write_var() {
    std::vector<std::string> labels;
    for (const auto& one : slide_.classes) labels.push_back(one.label);
    elements_.make_frame("/var", "_index", {"label"});
    elements_.write_texts("/var/_index", codes_of_classes(slide_));
    elements_.write_texts("/var/label", labels);
  }

  void write_uns() {
    const auto& report = slide_.report;
    elements_.make_dict("/uns");
    elements_.write_text("/uns/research_use", kResearchUse);
    std::vector<std::string> colours;  // where scanpy looks for those of obs["class"]
    for (const auto& one : slide_.classes) colours.push_back(colour_text(one.colour));
    elements_.write_texts("/uns/class_colors", colours);
    elements_.make_dict("/uns/cytocape");
    const std::array<std::pair<const char*, std::string>, 11> texts{
        {{"slide", report.slide.id},
         {"slide_sha256", report.slide_sha256},
         {"case", report.case_id},
         {"specimen", to_string(report.specimen)},
         {"status", to_string(report.status)},
         {"withheld", slide_.withheld},
         {"model", report.model.name},
         {"model_sha256", report.model.sha256},
         {"config_sha256", report.run.config_sha256},
         {"program", fmt::format("cytocape {} ({})", report.run.tool_version, report.run.commit)},
         {"finished_utc", report.run.finished_utc}}};
    for (const auto& [name, text] : texts)
      elements_.write_text(std::string("/uns/cytocape/") + name, text);
    elements_.write_texts("/uns/cytocape/status_reasons", report.status_reasons);
    elements_.make_array("/uns/cytocape/um_per_px", h5::Type::f64);
    const std::array mpp{report.slide.mpp.x, report.slide.mpp.y};
    elements_.file().append("/uns/cytocape/um_per_px", std::span<const double>(mpp));
  }

  const ExportedSlide& slide_;
  Elements elements_;
  std::optional<Category> of_slide_, of_case_, class_, outcome_, reason_;
};

}  // namespace

std::unique_ptr<SlideWriter> start_anndata(const ExportedSlide& slide, const ExportTarget& target) {
  return std::make_unique<Anndata>(slide, target);
}

}  // namespace cytocape
