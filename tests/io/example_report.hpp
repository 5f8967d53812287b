#pragma once

/// A small report with known values, unlike in x and y, that the tests of the record and of its
/// views share.

#include <filesystem>
#include <vector>

#include "io/report.hpp"

namespace cytocape::testing {

struct ExampleRecord {
  SlideReport report;
  std::vector<BlockRow> blocks;
  std::vector<CellRow> cells;
};

/// 3 classes, maps of 2 x 3; 6 blocks (4 analysed, 1 rejected, 1 failed) and 10 cells (7
/// classified, 2 excluded, 1 failed). Row i's values follow from i by plain formulas. The report's
/// own numbers are chosen to hold every kind of value, not to follow from the cells.
[[nodiscard]] ExampleRecord example_record();

/// As of a DICOM slide: study 1.2.17.1, series 1.2.17.2, image 1.2.17.3.
void make_dicom(ExampleRecord& example);

/// Writes and commits `example` by way of RecordWriter.
void write_example(const std::filesystem::path& path, const ExampleRecord& example);

}  // namespace cytocape::testing
