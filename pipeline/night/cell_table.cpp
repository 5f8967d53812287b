#include "pipeline/night/cell_table.hpp"

#include <fmt/format.h>

#include <cmath>

#include "io/csv.hpp"

namespace cytocape {
namespace {

/// Empty where it is absent.
std::string printed_number(double value, int digits) {
  return std::isfinite(value) ? fmt::format("{:.{}f}", value, digits) : "";
}

}  // namespace

void add_cells(const SlideReport& report, bool withheld, const std::vector<CellRow>& cells,
               std::string& text, const std::string& folder) {
  const auto slide = csv_field(report.slide.id), of_case = csv_field(report.case_id);
  const auto origin = csv_field(report.model.name) + "," + csv_field(folder);
  for (const auto& cell : cells) {
    const bool called = cell.class_index >= 0 && !withheld;
    const auto index = static_cast<std::size_t>(called ? cell.class_index : 0);
    text += fmt::format(
        "{},{},{},{:.1f},{:.1f},{},{},{},{},{},{},{}\n", slide, of_case, cell.id, cell.centre.x,
        cell.centre.y, printed_number(cell.nucleus_um2, 1), to_string(cell.outcome),
        csv_field(reason_of(cell)), called ? csv_field(report.model.classes[index]) : "",
        called ? printed_number(static_cast<double>(cell.probability[index]), 4) : "",
        printed_number(cell.strangeness, 4), origin);
  }
}

}  // namespace cytocape
