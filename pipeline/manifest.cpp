#include "pipeline/manifest.hpp"

#include <fmt/format.h>

#include <sstream>

#include "io/csv.hpp"
#include "io/errors.hpp"
#include "io/text.hpp"
#include "pipeline/toml_reader.hpp"

namespace cytocape {
namespace {

const std::vector<std::string>& known_columns() {
  static const std::vector<std::string> names = {"slide", "id", "case", "specimen", "mpp"};
  return names;
}

/// One row by column name.
struct Row {
  const std::filesystem::path& file;
  const CsvTable& table;
  std::size_t index;

  [[nodiscard]] std::string value(const std::string& column) const {
    for (std::size_t c = 0; c < table.header.size(); ++c)
      if (table.header[c] == column) return table.rows[index][c];
    return "";
  }
  [[noreturn]] void refuse(const std::string& column, const std::string& expected) const {
    throw ConfigError(fmt::format("{}: row {}: {} \"{}\": expected {}", file.string(), index + 2,
                                  column, value(column), expected));
  }
};

std::optional<Mpp> parse_mpp(const Row& row) {
  std::istringstream words(row.value("mpp"));
  std::vector<double> numbers;
  for (std::string word; words >> word;) {
    const auto number = parse_number(word);
    if (!number || !(*number >= kMinMpp && *number <= kMaxMpp))
      row.refuse("mpp", fmt::format("um per pixel from {} to {}, one number or x and y", kMinMpp,
                                    kMaxMpp));
    numbers.push_back(*number);
  }
  if (numbers.size() > 2) row.refuse("mpp", "one number or x and y");
  if (numbers.empty()) return std::nullopt;
  return Mpp{numbers.front(), numbers.back()};
}

SlideRequest to_request(const Row& row) {
  SlideRequest request;
  const std::filesystem::path slide = row.value("slide");
  if (slide.empty()) row.refuse("slide", "the path of a slide");
  request.path = slide.is_absolute() ? slide : row.file.parent_path() / slide;
  request.id = row.value("id");
  request.case_id = row.value("case");
  request.specimen = row.value("specimen");
  if (!request.specimen.empty() && request.specimen != "pb" && request.specimen != "bm")
    row.refuse("specimen", "pb or bm");
  request.mpp = parse_mpp(row);
  return request;
}

void check_columns(const std::filesystem::path& path, const CsvTable& table) {
  bool has_slide = false;
  for (const auto& column : table.header) {
    has_slide = has_slide || column == "slide";
    const auto nearest = nearest_name(column, known_columns());
    if (nearest != column)
      throw ConfigError(fmt::format("{}: row 1: unknown column \"{}\"{}", path.string(), column,
                                    nearest.empty() ? "" : "; did you mean " + nearest + "?"));
  }
  if (!has_slide)
    throw ConfigError(fmt::format("{}: row 1: there is no column \"slide\"", path.string()));
}

}  // namespace

std::vector<SlideRequest> read_manifest(const std::filesystem::path& path) {
  const auto table = read_csv(path);
  check_columns(path, table);
  std::vector<SlideRequest> requests;
  for (std::size_t i = 0; i < table.rows.size(); ++i)
    requests.push_back(to_request({path, table, i}));
  if (requests.empty()) throw ConfigError(fmt::format("{}: names no slide", path.string()));
  return requests;
}

}  // namespace cytocape
