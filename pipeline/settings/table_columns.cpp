#include "pipeline/settings/table_columns.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <utility>

#include "io/fault_list.hpp"
#include "io/text.hpp"
#include "pipeline/settings/toml_reader.hpp"

namespace cytocape {

std::string small_letters(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

void check_columns(CsvTable& table, const ColumnNames& names, const std::string& subject) {
  FaultList faults;
  std::set<std::string> given;
  for (auto& column : table.header) {
    const auto written = std::exchange(column, small_letters(column));
    const auto nearest = nearest_name(column, names.known);
    if (nearest != column)
      faults.add("row {}: unknown column \"{}\"; {}", table.header_number, shortened(written),
                 nearest.empty() ? fmt::format("expected {}", fmt::join(names.known, ", "))
                                 : "did you mean " + nearest + "?");
    else if (given.contains(column))
      faults.add("row {}: column \"{}\" occurs twice", table.header_number, shortened(written));
    // What it is taken for is not reported as missing too.
    given.insert(nearest);
  }
  for (const auto& needed : names.needed)
    if (!given.contains(needed))
      faults.add("row {}: there is no column \"{}\"", table.header_number, needed);
  faults.throw_if_any(subject);
}

}  // namespace cytocape
