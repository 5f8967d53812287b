#include "pipeline/criteria/labs_csv.hpp"

#include <algorithm>
#include <utility>

#include "io/csv.hpp"
#include "io/fault_list.hpp"
#include "io/text.hpp"
#include "pipeline/criteria/lab_days.hpp"
#include "pipeline/criteria/lab_findings.hpp"
#include "pipeline/criteria/lab_row.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/source_texts.hpp"
#include "pipeline/settings/table_columns.hpp"

namespace cytocape::criteria {
namespace {

const ColumnNames& lab_columns() {
  static const ColumnNames names{
      .known = {"case", "item", "value", "unit", "gene", "date", "source", "cells"},
      .needed = {"case", "item", "value"}};
  return names;
}

/// A row's fields by column.
GivenValue given_value(const CsvTable& table, std::size_t index, const std::string& file) {
  const auto field = [&](const char* column) {
    for (std::size_t c = 0; c < table.header.size(); ++c)
      if (table.header[c] == column) return std::string(trimmed(table.rows[index][c]));
    return std::string();
  };
  return {.item = field("item"),
          .value = field("value"),
          .unit = field("unit"),
          .gene = field("gene"),
          .date = field("date"),
          .source = field("source"),
          .file = file,
          .row = table.numbers[index],
          .cells = field("cells")};
}

/// One person's rows may be split over "S" and "s".
void note_alike(std::map<std::string, Findings>& cases) {
  std::map<std::string, std::vector<std::string>> spelt;
  for (const auto& [id, findings] : cases) spelt[in_small_letters(id)].push_back(id);
  for (const auto& [name, ids] : spelt)
    for (const auto& id : ids)
      for (const auto& other : ids)
        if (other != id) cases.at(id).cases_alike.push_back(other);
}

std::map<std::string, Findings> read_rows(CaseRows&& rows, const std::string& source,
                                          const std::string& latest_day) {
  FaultList faults;
  std::map<std::string, GatheredRows> gathered;
  for (const auto& [id, row] : rows) take_row({id, row, latest_day, faults}, gathered[id]);
  std::map<std::string, Findings> cases;
  for (auto& [id, found] : gathered) cases[id] = findings_of_rows(id, std::move(found), faults);
  check_days(rows, cases, latest_day, faults);
  faults.sort_by_row();
  faults.throw_if_any(source);
  for (auto& [id, row] : rows) cases[id].given.push_back(std::move(row));
  for (auto& [id, findings] : cases) note_sources(findings);
  note_alike(cases);
  return cases;
}

CaseRows case_rows(const std::filesystem::path& path) {
  auto table = read_csv(path);
  check_columns(table, lab_columns(), path.string());
  const auto column = std::find(table.header.begin(), table.header.end(), "case");
  const auto place = static_cast<std::size_t>(column - table.header.begin());
  CaseRows rows;
  for (std::size_t i = 0; i < table.rows.size(); ++i)
    rows.emplace_back(trimmed(table.rows[i][place]),
                      given_value(table, i, path.filename().string()));
  return rows;
}

}  // namespace

std::map<std::string, Findings> read_labs(const std::filesystem::path& path,
                                          const std::string& latest_day) {
  return read_rows(case_rows(path), path.string(), latest_day);
}

Findings findings_of(const std::vector<GivenValue>& rows, const std::string& source) {
  const std::string only = "-";
  CaseRows all;
  for (const auto& row : rows) all.emplace_back(only, row);
  auto cases = read_rows(std::move(all), source, kAnyDay);
  return std::move(cases[only]);
}

}  // namespace cytocape::criteria
