#include "pipeline/night/manifest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "io/csv.hpp"
#include "io/fault_list.hpp"
#include "io/text.hpp"
#include "pipeline/criteria/days.hpp"
#include "pipeline/night/comparison.hpp"
#include "pipeline/settings/table_columns.hpp"

namespace cytocape {
namespace {

/// Those of reference counts are what the table says: the reports' classes are known afterwards.
ColumnNames manifest_columns(const CsvTable& table) {
  ColumnNames names{
      .known = {"slide", "id", "case", "specimen", "mpp", "accession", "stain", "sampled"},
      .needed = {"slide"}};
  for (const auto& column : table.header)
    if (is_reference_column(column)) names.known.push_back(small_letters(column));
  return names;
}

/// One row by column name, and the list that its faults go to.
struct Row {
  const std::filesystem::path& file;
  const CsvTable& table;
  std::size_t index;
  FaultList& faults;

  [[nodiscard]] std::string value(const std::string& column) const {
    for (std::size_t c = 0; c < table.header.size(); ++c)
      if (table.header[c] == column)
        return column == "slide" ? table.rows[index][c]
                                 : std::string(trimmed(table.rows[index][c]));
    return "";
  }
  void refuse(const std::string& column, const std::string& expected) const {
    faults.add("row {}: {} \"{}\": expected {}", table.numbers[index], column,
               shortened(value(column)), expected);
  }
};

std::optional<Mpp> parse_mpp(const Row& row) {
  std::istringstream words(row.value("mpp"));
  std::vector<double> numbers;
  for (std::string word; words >> word;) {
    const auto number = parse_number(word);
    if (!number || !(*number >= kMinMpp && *number <= kMaxMpp) || numbers.size() == 2) {
      row.refuse("mpp", fmt::format("um per pixel from {} to {}, one number or x and y", kMinMpp,
                                    kMaxMpp));
      return std::nullopt;
    }
    numbers.push_back(*number);
  }
  if (numbers.empty()) return std::nullopt;
  return Mpp{numbers.front(), numbers.back()};
}

/// A report's folder is named for its slide. File systems take 255 bytes, of which the names of
/// unfinished reports need some.
void check_id(const Row& row) {
  constexpr std::size_t kMostBytes = 200;
  if (const auto size = row.value("id").size(); size > kMostBytes)
    row.refuse("id",
               fmt::format("at most {} bytes, since it becomes the name of a folder; this has {}",
                           kMostBytes, size));
}

/// They are printed, sent to other systems and compared: what is not seen would make two of one.
void check_printable(const Row& row) {
  for (const auto* column : {"id", "case", "accession", "stain"}) {
    const auto value = row.value(column);
    if (displayable(value) == value && value.find_first_of("\n\r\t") == std::string::npos) continue;
    row.faults.add(
        "row {}: {} \"{}\" holds a control character, a line break or one that turns the direction "
        "of writing (shown as \uFFFD); type it anew without",
        row.table.numbers[row.index], column, shortened(displayable(value)));
  }
}

/// "2026-01-02", a day of the calendar.
SlideIdentity parse_identity(const Row& row) {
  constexpr std::size_t kMostBytes = 200;
  for (const auto* column : {"accession", "stain"})
    if (row.value(column).size() > kMostBytes)
      row.refuse(column, fmt::format("at most {} bytes", kMostBytes));
  const auto sampled = row.value("sampled");
  if (!sampled.empty() && !criteria::is_day(sampled))
    row.refuse("sampled", "a day as YYYY-MM-DD, from 1900 on");
  return {.accession = row.value("accession"), .stain = row.value("stain"), .sampled = sampled};
}

GivenSlide to_slide(const Row& row) {
  GivenSlide given;
  const std::filesystem::path slide = row.value("slide");
  if (slide.empty()) row.refuse("slide", "the path of a slide");
  given.path = slide.is_absolute() ? slide : row.file.parent_path() / slide;
  std::error_code absent;
  if (!slide.empty() && std::filesystem::is_directory(given.path, absent))
    row.refuse("slide",
               "a slide; this is a folder: name its slides, or give the folder itself to "
               "analyze without a manifest");
  given.id = row.value("id");
  check_id(row);
  check_printable(row);
  given.case_id = row.value("case");
  const auto specimen = row.value("specimen");
  given.specimen = value_named<Specimen>(specimen);
  if (!given.specimen && !specimen.empty()) row.refuse("specimen", "pb or bm");
  given.mpp = parse_mpp(row);
  given.identity = parse_identity(row);
  return given;
}

}  // namespace

std::vector<GivenSlide> read_manifest(const std::filesystem::path& path) {
  auto table = read_csv(path, {.bytes_column = "slide"});
  check_columns(table, manifest_columns(table), path.string());
  FaultList faults;
  std::vector<GivenSlide> slides;
  for (std::size_t i = 0; i < table.rows.size(); ++i)
    slides.push_back(to_slide({path, table, i, faults}));
  faults.throw_if_any(path.string());
  if (slides.empty()) throw ConfigError(fmt::format("{}: names no slide", path.string()));
  return slides;
}

bool looks_like_manifest(const std::filesystem::path& path) {
  try {
    auto table = read_csv(path, {.bytes_column = "slide"});
    check_columns(table, manifest_columns(table), path.string());
    return true;
  } catch (const ConfigError&) {
    return false;
  }
}

}  // namespace cytocape
