#pragma once

/// A folder of reports, as the tests of exports fill and export it.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "io/record.hpp"
#include "pipeline/exports/export_slides.hpp"
#include "tests/io/example_report.hpp"
#include "tests/support/file_text.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape::testing {

class ExportFolder : public ::testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path reports() const { return folder_ / "reports"; }
  [[nodiscard]] std::filesystem::path out() const { return folder_ / "out"; }

  /// The example as slide `id`, of DICOM so that every format may take it.
  static ExampleRecord named(const std::string& id) {
    auto example = example_record();
    make_dicom(example);
    example.report.slide.id = id;
    return example;
  }
  /// As one of ok slides, whose numbers are results.
  static ExampleRecord ok(const std::string& id) {
    auto example = named(id);
    example.report.status = Status::ok;
    example.report.status_reasons.clear();
    return example;
  }
  static ExampleRecord withheld(const std::string& id) {
    auto example = named(id);
    example.report.status = Status::insufficient;
    example.report.quality = {{.rule = QualityRule::strange_cells,
                               .verdict = QualityCheck::Verdict::failed,
                               .decides = true,
                               .value = 99.0,
                               .unit = "%",
                               .at_most = 50.0}};
    return example;
  }
  static ExampleRecord failed(const std::string& id) {
    auto example = named(id);
    example.report = failed_report(example.report, {"torn cable"});
    example.blocks.clear();
    example.cells.clear();
    return example;
  }
  static ExampleRecord without_cells(const std::string& id) {
    auto example = named(id);
    auto& report = example.report;
    report.status = Status::insufficient;
    report.status_reasons = {"no cells counted"};
    example.cells.clear();
    for (auto& block : example.blocks) block.cells = 0;
    report.cells_located = 0;
    report.cells_by_outcome.clear();
    report.denominator = 0;
    for (auto& row : report.differential) {
      row = {.name = row.name, .label = row.label, .in_denominator = row.in_denominator};
    }
    for (auto& group : report.groups) {
      group = {.code = group.code, .label = group.label};
      group.gap = "no cells were counted";
    }
    report.gallery.clear();
    report.places.clear();
    return example;
  }
  /// In a folder of its own name.
  std::filesystem::path add(const std::string& folder, const ExampleRecord& example) const {
    std::filesystem::create_directories(reports() / folder);
    write_example(reports() / folder / "report.h5", example);
    return reports() / folder / "report.h5";
  }
  [[nodiscard]] ExportRequest request(const std::string& format) const {
    return {.given = {reports()}, .format = find_export_format(format), .out = out()};
  }
  /// Of all reports; what was told of each.
  [[nodiscard]] ExportOutcome exported(const std::string& format) const {
    return export_slides(request(format), [](const SlideExport&) {});
  }
  /// Names in the folder of exports, hidden ones included.
  [[nodiscard]] std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(out()))
      names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }
  TempDir folder_;
};

}  // namespace cytocape::testing
