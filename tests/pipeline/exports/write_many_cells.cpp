// Writes a record of many cells, for what exports cost: write_many_cells FILE CELLS

#include <cmath>
#include <cstdio>
#include <exception>
#include <string>

#include "io/record.hpp"
#include "tests/io/example_report.hpp"

namespace {

using namespace cytocape;

constexpr std::size_t kClasses = 13;
constexpr int kMapEdge = 7;

CellRow cell_of(std::uint64_t i) {
  constexpr double kEdge = 100'000;
  CellRow cell;
  cell.id = i;
  cell.centre = {std::fmod(static_cast<double>(i) * 617.25, kEdge),
                 static_cast<double>(i) * kEdge / 1e6};
  cell.box = {std::llround(cell.centre.x) - 30, std::llround(cell.centre.y) - 25, 60, 50};
  cell.nucleus_um2 = 40 + std::fmod(static_cast<double>(i) * 0.37, 30);
  cell.focus = 0.5;
  cell.strangeness = std::fmod(static_cast<double>(i) * 0.013, 2);
  cell.class_index = static_cast<std::int16_t>(i % kClasses);
  for (std::size_t c = 0; c < kClasses; ++c)
    cell.probability.push_back(c == i % kClasses ? 0.91F : 0.09F / (kClasses - 1));
  for (const float share : cell.probability)
    cell.map.insert(cell.map.end(), kMapEdge * kMapEdge, share / (kMapEdge * kMapEdge));
  return cell;
}

SlideReport report_of(std::uint64_t cells) {
  auto report = testing::example_record().report;
  report.status = Status::ok;
  report.status_reasons.clear();
  report.model.map_height = report.model.map_width = kMapEdge;
  report.model.classes.clear();
  report.differential.clear();
  report.groups.clear();
  report.gallery.clear();
  for (std::size_t c = 0; c < kClasses; ++c) {
    const auto name = "class_" + std::to_string(c);
    report.model.classes.push_back(name);
    report.differential.push_back(
        {.name = name, .label = name, .count = cells / kClasses + (c < cells % kClasses ? 1 : 0)});
  }
  report.denominator = report.cells_located = cells;
  report.cells_by_outcome = {{{CellOutcome::classified}, cells}};
  report.evidence = {.edge = 300, .width = 0, .height = 0, .value = {}};
  return report;
}

void write(const std::string& path, std::uint64_t cells) {
  auto writer = RecordWriter::create(path, {kClasses, kMapEdge, kMapEdge});
  writer.append(testing::example_record().blocks);
  std::vector<CellRow> rows;
  for (std::uint64_t i = 0; i < cells; ++i) {
    rows.push_back(cell_of(i));
    if (rows.size() < 1000 && i + 1 < cells) continue;
    writer.append(rows);
    rows.clear();
  }
  writer.finish(report_of(cells));
  writer.commit();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 3) throw std::runtime_error("usage: write_many_cells FILE CELLS");
    write(argv[1], std::stoull(argv[2]));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
