#include <fmt/format.h>

#include <algorithm>

#include "io/csv.hpp"
#include "io/errors.hpp"
#include "io/fault_list.hpp"
#include "io/text.hpp"
#include "pipeline/night/comparison.hpp"
#include "pipeline/settings/table_columns.hpp"

namespace cytocape {
namespace {

void check_header(const CsvTable& table, const ReferenceCounts& counts, FaultList& faults) {
  const auto has = [&](const char* column) {
    return std::find(table.header.begin(), table.header.end(), column) != table.header.end();
  };
  if (!has("slide") && !has("id") && !has("case"))
    faults.add("row {}: no column says whose counts these are: slide, id or case",
               table.header_number);
  if (counts.codes.empty())
    faults.add(
        "row {}: there is no column of reference counts, such as reference_monocytes or "
        "reference_blast_equivalents, in % of the cells counted",
        table.header_number);
}

ReferenceCounts::Row row_of(const std::filesystem::path& path, const CsvTable& table,
                            std::size_t index, FaultList& faults) {
  ReferenceCounts::Row row{.number = table.numbers[index]};
  for (std::size_t c = 0; c < table.header.size(); ++c) {
    const auto& column = table.header[c];
    const auto& field = table.rows[index][c];
    const std::string text(trimmed(field));
    if (text.empty()) continue;
    if (column == "id") row.id = text;
    if (column == "case") row.case_id = text;
    if (column == "slide") row.slide = path.parent_path() / field;
    if (!column.starts_with(kReferencePrefix)) continue;
    const auto number = parse_number(text);
    if (number && *number >= 0 && *number <= 100)
      row.percent[column.substr(kReferencePrefix.size())] = *number;
    else
      faults.add("row {}: {} \"{}\": expected a percentage from 0 to 100, or nothing", row.number,
                 column, shortened(text));
  }
  if (row.id.empty() && row.slide.empty() && row.case_id.empty() && !row.percent.empty())
    faults.add("row {}: has counts and names no slide, id or case", row.number);
  return row;
}

}  // namespace

bool is_reference_column(const std::string& column) {
  return small_letters(column).starts_with(kReferencePrefix);
}

bool has_reference_counts(const std::filesystem::path& path) {
  const auto table = read_csv(path, {.bytes_column = "slide"});
  return std::any_of(table.header.begin(), table.header.end(), is_reference_column);
}

ReferenceCounts read_reference_counts(const std::filesystem::path& path) {
  auto table = read_csv(path, {.bytes_column = "slide"});
  ReferenceCounts counts{.path = path};
  for (auto& column : table.header) {
    column = small_letters(column);
    if (column.starts_with(kReferencePrefix))
      counts.codes.push_back(column.substr(kReferencePrefix.size()));
  }
  FaultList faults;
  check_header(table, counts, faults);
  faults.throw_if_any(path.string());
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    auto row = row_of(path, table, i, faults);
    if (!row.percent.empty()) counts.rows.push_back(std::move(row));
  }
  faults.throw_if_any(path.string());
  if (counts.rows.empty())
    throw ConfigError(fmt::format("{}: holds no reference count", path.string()));
  return counts;
}

}  // namespace cytocape
